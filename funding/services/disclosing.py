"""What became of donations: told in time, in public, with the figures of the ledger."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Donation, DonationProject, Line, SourceRule, UseReport
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

# 慈善法 art. 79 and 72, where no rule of the source says otherwise.
USUAL_MONTHS, EMERGENCY_DAYS = 3, 5


@dataclass(frozen=True, slots=True)
class Due:
    """When the next report on a project must stand there; None: the final one does."""

    project: DonationProject
    day: datetime.date | None
    last: UseReport | None
    is_emergency: bool

    def is_overdue(self, on: datetime.date) -> bool:
        return self.day is not None and self.day < on


def make_project(line: Line, *, by: User, at: datetime.datetime, **values: Any) -> DonationProject:
    """Describe what a line of donated money is for; `values` are the project's columns."""
    return changes.create(DonationProject(line=line, **values), by=by, at=at)


def due_reports(*, on: datetime.date) -> list[Due]:
    """Every project with the day of its next report, the most urgent first: three queries."""
    months, days = _terms(on)
    last = {
        report.project_id: report
        for report in UseReport.objects.order_by("project", "number").select_related("by")
    }
    rows = [
        _due(project, last.get(project.pk), months, days, on)
        for project in DonationProject.objects.with_names().order_by("pk")
    ]
    return sorted(rows, key=lambda row: (row.day is None, row.day or on, row.project.pk))


def _terms(on: datetime.date) -> tuple[int, int]:
    rule = SourceRule.objects.valid_on(on).filter(source__code="donation").first()
    if rule is None:
        return USUAL_MONTHS, EMERGENCY_DAYS
    return rule.publish_every, rule.emergency_days or EMERGENCY_DAYS


def _due(
    project: DonationProject, last: UseReport | None, months: int, days: int, on: datetime.date
) -> Due:
    if last and last.is_final:
        return Due(project, None, last, is_emergency=False)
    since = last.upto if last else project.begins
    emergency = project.is_emergency(on)
    if emergency:
        begun = max(since, project.emergency_from or since)
        return Due(project, begun + datetime.timedelta(days=days), last, is_emergency=True)
    end = project.ends
    start = end if end and since >= end else since
    return Due(project, _months_later(start, months), last, is_emergency=False)


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or the last day of that month."""
    month = day.month - 1 + months
    first = datetime.date(day.year + month // 12, month % 12 + 1, 1)
    last = (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


@transaction.atomic
def report_use(
    project: DonationProject,
    *,
    text: str,
    by: User,
    at: datetime.datetime,
    is_final: bool = False,
) -> UseReport:
    """Publish a report with the figures of this moment. Raises RuleViolation after a final one."""
    project = changes.locked(project)
    previous = project.reports.order_by("-number").first()
    if previous and previous.is_final:
        raise RuleViolation(_("The final report of this project is published."), code="final")
    report = UseReport(
        project=project,
        upto=localdate(at),
        text=text,
        figures=figures_of(project.line),
        is_final=is_final,
        by=by,
        at=at,
    )
    report.seal(previous=previous)
    report.save(force_insert=True)
    return report


def figures_of(line: Line) -> dict[str, int]:
    """Fen: donated, of how many gifts, spent, owed or kept for something, free."""
    fresh = Line.objects.get(pk=line.pk)
    given = Donation.objects.received().filter(line=line)
    sums = given.aggregate(sum=Sum("amount"), count=Count("pk"))
    return {
        "donated": sums["sum"] or 0,
        "gifts": sums["count"],
        "spent": fresh.spent,
        "kept": fresh.reserved + fresh.payable,
        "free": fresh.available,
    }
