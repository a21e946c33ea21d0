"""How long the way of a form takes at least: its stages in days, before anybody goes it."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.models import PublicationKind, Unit
from consultation.reference import StageWords
from consultation.services.limits import days_after
from consultation.workflow import DECIDED


@dataclass(frozen=True, slots=True)
class Span:
    """A stage that begins as early as it can: over from `ends` on, late after `latest`."""

    stage: StageWords
    begins: datetime.datetime
    ends: datetime.datetime
    latest: datetime.datetime | None

    @property
    def days(self) -> int:
        return (self.ends.date() - self.begins.date()).days

    @property
    def name(self) -> str:
        columns = self.stage.columns
        english = columns.get("name_en") if get_language() == "en" else ""
        return str(english or columns["name"])

    @property
    def is_too_long(self) -> bool:
        return self.latest is not None and self.latest < self.ends


@dataclass(frozen=True, slots=True)
class Outlook:
    """The whole way; `decided`: the earliest moment at which the decision is out and stands."""

    spans: tuple[Span, ...]
    decided: datetime.datetime
    warnings: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.decided.date() - self.spans[0].begins.date()).days if self.spans else 0


def outlook(
    stages: Sequence[StageWords], *, whole_days: int | None, at: datetime.datetime
) -> Outlook:
    """The way that begins `at`, each step taken at the first moment that the rules allow."""
    spans, begins, decided = [], at, at
    for stage in stages:
        due = stage.columns.get("due_days")
        latest = days_after(begins, due, Unit.DAY) if due else None
        span = Span(stage, begins, _earliest_end(stage, begins), latest)
        spans.append(span)
        begins = span.ends
        if stage.columns["kind"] not in DECIDED:
            decided = span.ends
    return Outlook(tuple(spans), decided, tuple(_warnings(spans, decided, whole_days)))


def _earliest_end(stage: StageWords, begins: datetime.datetime) -> datetime.datetime:
    """People meet after the notice; papers stand and objections come beside each other."""
    columns = stage.columns
    notice = columns.get("notice_days") or 0
    held = days_after(begins, notice, columns.get("notice_unit", Unit.DAY))
    ends = [held, days_after(begins, columns.get("objection_days") or 0, Unit.DAY)]
    for paper in stage.publish:
        out = held if paper["kind"] == PublicationKind.MINUTES else begins
        ends.append(days_after(out, paper.get("stands") or 0, paper.get("unit", Unit.DAY)))
    return max(ends)


def _warnings(
    spans: Sequence[Span], decided: datetime.datetime, whole_days: int | None
) -> Iterator[str]:
    for span in spans:
        if span.is_too_long:
            text = _("“%(stage)s” cannot be over in %(most)d days: it takes %(least)d at least.")
            most = span.stage.columns["due_days"]
            yield text % {"stage": span.name, "most": most, "least": span.days}
    if whole_days and spans and decided > days_after(spans[0].begins, whole_days, Unit.DAY):
        least = (decided.date() - spans[0].begins.date()).days
        text = _("The whole way may take %(most)d days and takes %(least)d at least.")
        yield text % {"most": whole_days, "least": least}
