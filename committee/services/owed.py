"""Regular meetings (三会一课) that bodies owe: held in each part of the year, or missed."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from committee.models import Meeting, MeetingKind, Member
from organizations.models import Body


@dataclass(frozen=True, slots=True)
class Owed:
    """A regular meeting that a body still owes until `end` (excluded)."""

    body: Body
    kind: MeetingKind
    end: datetime.date
    missed: bool


def meetings_owed(bodies: set[int], *, on: datetime.date) -> list[Owed]:
    """Regular meetings of this part of the year that are not held yet, missed ones first.

    A meeting is missed where the part of the year before this one passed without it too. A body
    in which nobody is entered owes its members first (`bodies_without_members`).
    """
    by_kind: dict[int, list[Body]] = defaultdict(list)
    able = Body.objects.valid_on(on).filter(_has_members(on), pk__in=bodies)
    for body in able.order_by("code"):
        by_kind[body.kind_id].append(body)
    kinds = MeetingKind.objects.valid_on(on).exclude(every_months=None).order_by("code")
    found: list[Owed] = []
    for kind in kinds.prefetch_related("body_kinds"):
        wanted = [body for each in kind.body_kinds.all() for body in by_kind[each.pk]]
        found += _owed_of(kind, wanted, on) if wanted else []
    return sorted(found, key=lambda owed: (not owed.missed, owed.end))


def bodies_without_members(bodies: set[int], *, on: datetime.date) -> QuerySet[Body]:
    """Of kinds that meet regularly, those in which nobody is entered."""
    kinds = MeetingKind.objects.valid_on(on).exclude(every_months=None).values("body_kinds")
    led: QuerySet[Body] = Body.objects.valid_on(on).filter(pk__in=bodies, kind__in=kinds)
    return led.exclude(_has_members(on)).order_by("code")


def _has_members(on: datetime.date) -> Exists:
    return Exists(Member.objects.valid_on(on).filter(body=OuterRef("pk")))


def _owed_of(kind: MeetingKind, bodies: list[Body], on: datetime.date) -> list[Owed]:
    months = kind.every_months or 12
    first, end = part_of_year(on, months)
    before, _first = part_of_year(first - datetime.timedelta(days=1), months)
    held = Meeting.objects.held().filter(kind__code=kind.code, body__in=bodies)
    days = [
        (body, localdate(start))
        for body, start in held.filter(starts_at__date__gte=before).values_list("body", "starts_at")
    ]
    now = {body for body, day in days if day >= first}
    earlier = {body for body, day in days if day < first}
    return [
        Owed(body, kind, end, body.pk not in earlier and body.valid_from < before)
        for body in bodies
        if body.pk not in now
    ]


def part_of_year(day: datetime.date, months: int) -> tuple[datetime.date, datetime.date]:
    """First day and end (excluded) of the part of the calendar year in which `day` lies."""
    first = datetime.date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month + months
    end = datetime.date(first.year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return first, end
