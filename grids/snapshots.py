"""What a process keeps in memory of the territory, and when it reads it again.

A write raises a ChangeCounter in its transaction. Each process looks at the counter at most once
a second, and builds anew when the counter or the day has changed: so every process answers by
the new state within two seconds of the commit, without any message between processes.
"""

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils import timezone

from grids.models import ChangeCounter

Content = TypeVar("Content")

CHECK_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Held(Generic[Content]):
    content: Content
    stamp: str
    day: datetime.date
    checked_at: float


class Snapshot(Generic[Content]):
    """`build(day)` once, kept per process until the counter of `subject` moves. Thread-safe.

    While one thread builds again the others go on with what they have; only a first build makes
    them wait.
    """

    def __init__(self, subject: str, build: Callable[[datetime.date], Content]) -> None:
        self._subject = subject
        self._build = build
        self._held: _Held[Content] | None = None
        self._lock = threading.Lock()
        _snapshots.append(self)

    def get(self) -> Content:
        held = self._held
        if held is not None and time.monotonic() - held.checked_at < CHECK_EVERY_SECONDS:
            return held.content
        if not self._lock.acquire(blocking=held is None) and held is not None:
            return held.content
        try:
            return self._checked().content
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Look at the database on the next use, however soon."""
        self._held = None

    def _checked(self) -> _Held[Content]:
        held, checked_at = self._held, time.monotonic()
        if held is not None and checked_at - held.checked_at < CHECK_EVERY_SECONDS:
            return held
        # The counter is read before the content: what is committed in between is read again.
        stamp = ChangeCounter.objects.stamp_of(self._subject)
        day = timezone.localdate()
        fresh = held is not None and (held.stamp, held.day) == (stamp, day)
        content = held.content if held is not None and fresh else self._build(day)
        self._held = _Held(content, stamp, day, checked_at)
        return self._held


_snapshots: list[Snapshot] = []


def forget_all() -> None:
    """After a change of one's own: this process sees it at once."""
    for snapshot in _snapshots:
        snapshot.forget()
