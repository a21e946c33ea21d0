"""Why a case lies where it lies: the newest routing trace in the reader's words."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, RoutingTrace
from cases.workflow import MATCH
from routing import wording

GROUPS: tuple[tuple[str, Promise], ...] = (
    ("category", _("Categories weighed")),
    ("duty", _("Entries of the duty list weighed")),
    ("person", _("People weighed")),
    ("line", _("Budget lines weighed")),
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One candidate: its name, why (not), whether it was taken."""

    name: str
    why: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: Promise
    rows: Sequence[Weighed]


@dataclass(frozen=True, slots=True)
class Why:
    """`sentences` in the order of the steps; the last one is what settled or stopped it."""

    is_match: bool
    at: datetime.datetime
    sentences: Sequence[str]
    groups: Sequence[Group]
    candidates: Sequence[Mapping[str, Any]]

    @property
    def last(self) -> str:
        return self.sentences[-1] if self.sentences else ""


def why(case: Case) -> Why | None:
    """None while the router has not looked at the case."""
    trace = RoutingTrace.objects.filter(case=case).order_by("-id").first()
    if trace is None:
        return None
    return Why(
        is_match=trace.outcome == MATCH,
        at=trace.at,
        sentences=[wording.sentence(code, params) for code, params in trace.reasons],
        groups=_groups(trace),
        candidates=trace.candidates,
    )


def _groups(trace: RoutingTrace) -> list[Group]:
    groups = []
    for kind, label in GROUPS:
        rows = [_weighed(row) for row in trace.candidates if row["kind"] == kind]
        if rows:
            groups.append(Group(label, rows))
    return groups


def _weighed(row: Mapping[str, Any]) -> Weighed:
    return Weighed(
        name=wording.name(row["name"]),
        why=wording.why(row["why"]),
        chosen=row["why"] == "chosen",
    )
