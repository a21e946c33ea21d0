"""All cases into a file: rows a second, and what memory it takes."""

import os
import time

from django.utils import timezone

from bench.machine import peak_memory
from cases.columns import USUAL_IN_FILES
from cases.models import Case
from cases.services.exporting import begin_export, write
from organizations.models import User


class _Counted:
    """A file that only counts: what is measured is how rows are read and written, not the disk."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, piece: bytes) -> int:
        self.bytes += len(piece)
        return len(piece)


def measure(*, format: str) -> dict[str, float]:  # noqa: A002 -- the word of the column
    """Every case that the dispatcher sees, with the usual columns."""
    by, at = User.objects.get(username="dispatcher"), timezone.now()
    seen = Case.objects.visible_to(by, on=timezone.localdate())
    export = begin_export(
        seen.none(), query="", columns=list(USUAL_IN_FILES), format=format, by=by, at=at
    )
    before = peak_memory(os.getpid())
    begun = time.perf_counter()
    rows = write(export, seen, _Counted())
    seconds = time.perf_counter() - begun
    return {
        "rows": rows,
        "rate": rows / seconds,
        "memory": peak_memory(os.getpid()),
        "memory_before": before,
    }
