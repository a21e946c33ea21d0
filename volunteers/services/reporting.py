"""双报到: units of the district and party members report to a community and take up tasks."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from grids.locate import Place
from grids.models import Level, Territory
from lib.errors import NotYours, RuleViolation
from lib.identifiers import is_credit_code
from organizations.models import Body, User
from volunteers.models import DoubleReport, JointUnit, ReportTask
from volunteers.models.places import town_of
from volunteers.services.ways import REPORT, TASK
from volunteers.workflow.organisations import ReportState, TaskState


@transaction.atomic
def report_unit(  # noqa: PLR0913 -- what the form asks
    *,
    code: str,
    name: str,
    branch: str,
    community: Territory,
    offers: str,
    by: User,
    at: datetime.datetime,
    body: Body | None = None,
) -> DoubleReport:
    """A unit's party organisation reports; `by` is its contact. A known unit is the same one."""
    number = code.strip().upper()
    if not is_credit_code(number):
        text = _("This is no valid unified social credit code: compare its 18 characters.")
        raise RuleViolation(text, code="code_invalid")
    place = _community(community)
    town = town_of(place)
    unit = JointUnit.objects.select_for_update().filter(code=number).first()
    if unit is None:
        unit = JointUnit.objects.create(
            code=number, name=name, branch=branch, contact=by, body=body, at=at,
            town_id=town, community_id=place.community_id,
        )  # fmt: skip
    elif unit.contact_id != by.pk:
        text = _("This unit is known with another contact: ask the organiser of the community.")
        raise RuleViolation(text, code="unit_taken")
    return _start(DoubleReport(unit=unit, branch=branch, offers=offers), place, by=by, at=at)


@transaction.atomic
def report_member(
    *, branch: str, community: Territory, offers: str, by: User, at: datetime.datetime
) -> DoubleReport:
    """A party member reports to the community at home."""
    row = DoubleReport(person=by, branch=branch, offers=offers)
    return _start(row, _community(community), by=by, at=at)


def _community(territory: Territory) -> Place:
    if territory.level != Level.COMMUNITY:
        raise RuleViolation(_("Choose the community to which you report."), code="no_community")
    return Place.of(territory)


def _start(report: DoubleReport, place: Place, *, by: User, at: datetime.datetime) -> DoubleReport:
    standing = DoubleReport.objects.filter(ended_at=None)
    if report.unit_id is not None:
        known = standing.filter(unit=report.unit, community=place.community_id)
    else:
        known = standing.filter(person=by)
    if known.exists():
        text = _("You have reported already. End that report before you make another.")
        raise RuleViolation(text, code="reported")
    report.town_id, report.community_id = town_of(place), place.community_id
    report.reported_at = at
    return REPORT.start(report, "report", by=by, at=at)


@transaction.atomic
def move_report(
    report: DoubleReport, move: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> DoubleReport:
    """`accept`; `refuse` and `end` with the reason."""
    locked = REPORT.begin(report, move, by=by, at=at, reason=reason)
    if move == "end" and locked.tasks.filter(state__in=[TaskState.TAKEN, TaskState.DONE]).exists():
        text = _("Tasks are still open: give them back or have them confirmed first.")
        raise RuleViolation(text, code="open_tasks")
    return REPORT.finish(locked, move, by=by, at=at, reason=reason.strip()[:300])


@transaction.atomic
def take_up(
    report: DoubleReport,
    *,
    title: str,
    by: User,
    at: datetime.datetime,
    subject: tuple[str, str] = ("", ""),
) -> ReportTask:
    """A task is taken up by who has reported; the same subject once."""
    locked = DoubleReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if by.pk not in {locked.person_id, locked.unit.contact_id if locked.unit else None}:
        raise NotYours(_("Only who has reported takes up tasks."))
    if locked.state != ReportState.ACCEPTED:
        text = _("The community has to accept your report first.")
        raise RuleViolation(text, code="not_accepted")
    if subject[0] and locked.tasks.filter(subject_kind=subject[0], subject_key=subject[1]).exists():
        raise RuleViolation(_("You have taken this up already."), code="twice")
    task = ReportTask(
        report=locked,
        title=title.strip()[:120],
        subject_kind=subject[0],
        subject_key=subject[1],
        taken_at=at,
    )
    return TASK.start(task, "take", by=by, at=at)


@transaction.atomic
def report_done(
    task: ReportTask, *, people: int, result: str, by: User, at: datetime.datetime
) -> ReportTask:
    """What was done and by how many; the community confirms it."""
    locked = TASK.begin(task, "report", by=by, at=at)
    if people < 1 or not result.strip():
        raise RuleViolation(_("Say how many people took part, and what was done."), code="empty")
    return TASK.finish(
        locked, "report", by=by, at=at, people=people, result=result.strip()[:500], done_at=at
    )


@transaction.atomic
def move_task(
    task: ReportTask, move: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> ReportTask:
    """`confirm`; `reopen` and `drop` with the reason."""
    locked = TASK.begin(task, move, by=by, at=at, reason=reason)
    return TASK.finish(locked, move, by=by, at=at, reason=reason.strip()[:300])


def year_of(report: DoubleReport, year: int) -> Mapping[str, Any]:
    """The sum of a year: tasks taken up, confirmed, given back, and people who took part."""
    return report.tasks.in_year(year).aggregate(
        taken=Count("pk"),
        confirmed=Count("pk", filter=Q(state=TaskState.CONFIRMED)),
        dropped=Count("pk", filter=Q(state=TaskState.DROPPED)),
        people=Sum("people", filter=Q(state=TaskState.CONFIRMED), default=0),
    )
