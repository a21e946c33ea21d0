"""How long each stage took: a part of the page of one case."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from cases.models import Case
from cases.stages import stage_times


def panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    times = stage_times(case, at=timezone.now())
    return {"times": times} if times else None
