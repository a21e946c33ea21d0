"""Stand-down and review: people thanked, hours noted, supplies settled, lessons kept."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency import figures, notifications
from emergency.models import (
    Called,
    CallOut,
    Lesson,
    Order,
    Report,
    ReportKind,
    Review,
    Task,
)
from emergency.services.rules import rule_of
from emergency.services.ways import ORDER, TASK
from emergency.workflow import CALLED_MOVES, CalledState
from grids.locate import Place, locate
from lib.errors import RuleViolation
from organizations.models import Body, User
from volunteers.services.mobilising import Stay, Work, record_work


@transaction.atomic
def stand_down(order: Order, *, reason: str, by: User, at: datetime.datetime) -> Order:
    """Over: who came is thanked and released, open tasks are dropped, a final report falls due.

    Raises NotYours, WrongState, RuleViolation.
    """
    locked = ORDER.begin(order, "stand_down", by=by, at=at, reason=reason)
    rule = rule_of(locked.level, on=localdate(at))
    CallOut.objects.filter(order=locked, closed_at=None).update(closed_at=at, due_at=None)
    for task in Task.objects.filter(order=locked).open().order_by("pk"):
        TASK.finish(TASK.begin(task, "drop", by=by, at=at, reason=reason), "drop", by=by, at=at,
                    reason=reason.strip()[:300])  # fmt: skip
    released = _release(locked, at=at)
    hours = len(record_work(_work(locked, at), _stays(locked), at=at))
    locked.reports.filter(kind=ReportKind.FOLLOW, done_at=None, due_at__gt=at).delete()
    due = at + datetime.timedelta(minutes=rule.text_minutes)
    Report.objects.create(order=locked, kind=ReportKind.FINAL, due_at=due)
    facts = {"released": released, "stays": hours}
    done = ORDER.finish(
        locked, "stand_down", by=by, at=at, reason=reason.strip()[:300], ended_at=at, facts=facts
    )
    notifications.tell(notifications.commanders(done, at=at), "emergency-changed", done, at=at)
    return done


def _release(order: Order, *, at: datetime.datetime) -> int:
    rows = Called.objects.filter(order=order, state__in=CALLED_MOVES["release"].sources)
    thanked = Called.objects.filter(order=order).exclude(arrived_at=None) | rows.standing()
    people = list(thanked.distinct())
    count = rows.update(state=CalledState.RELEASED, left_at=at)
    notifications.thank(people, order, at=at)
    return count


def _stays(order: Order) -> list[Stay]:
    """Of volunteers who came, from when they were checked in to when they were checked out."""
    rows = Called.objects.filter(order=order, volunteer__isnull=False).exclude(arrived_at=None)
    return [
        Stay(row.volunteer, row.arrived_at, row.left_at)  # type: ignore[arg-type]  # asked for
        for row in rows.exclude(left_at=None).select_related("volunteer").order_by("pk")
    ]


def _work(order: Order, at: datetime.datetime) -> Work:
    point = order.points.order_by("pk").first()
    found = locate(point.lon, point.lat) if point is not None else None
    place = order.place if order.town_id is not None else found or Place()
    return Work(
        title=order.title,
        title_en=order.title_en,
        text=order.text,
        body=order.body,
        place=place,
        address=point.address if point else str(order.territory),
        starts_at=order.starts_at or at,
        ends_at=at,
        ordered_by=order.made_by,
        confirmed_by=order.confirmed_by or order.made_by,
    )


# -- Review -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Learnt:
    """A lesson, and the body that it is for."""

    text: str
    body: Body | None = None


@transaction.atomic
def review(
    order: Order,
    *,
    went_well: str,
    to_mend: str,
    by: User,
    at: datetime.datetime,
    lessons: Iterable[Learnt] = (),
) -> Review:
    """The figures as they are now, what people say, and when the data go.

    Raises NotYours, WrongState, RuleViolation (supplies not settled, final report missing).
    """
    locked = ORDER.begin(order, "review", by=by, at=at)
    _check_settled(locked)
    if not went_well.strip() or not to_mend.strip():
        raise RuleViolation(_("Say what went well and what has to be mended."), code="empty")
    counted: dict[str, Any] = figures.of_order(locked)
    row = Review.objects.create(
        order=locked, figures=counted, went_well=went_well.strip(), to_mend=to_mend.strip(),
        by=by, at=at,
    )  # fmt: skip
    Lesson.objects.bulk_create(
        Lesson(review=row, text=one.text.strip()[:300], body=one.body)
        for one in lessons
        if one.text.strip()
    )
    days = rule_of(locked.level, on=localdate(at)).keep_days
    delete_at = at + datetime.timedelta(days=days)
    ORDER.finish(locked, "review", by=by, at=at, facts={"figures": counted}, delete_at=delete_at)
    return row


def _check_settled(order: Order) -> None:
    left = figures.unsettled(order)
    if left:
        text = _(
            "%(left)s units of supplies are still in the field: take them back or settle them."
        )
        raise RuleViolation(text % {"left": left}, code="unsettled")
    if order.reports.open().exists():
        raise RuleViolation(_("A duty report is still due: make it first."), code="report_due")
