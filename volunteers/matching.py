"""Shifts for a person, people for a shift: by skill, distance and time, with the reasons in words.

Points: a wished or required skill 3, times that fit 2, a short way, the own community or an area
named up to 2. What hinders is never outweighed: who may not come is not proposed. Ways are measured
as the crow flies from about where somebody sets out, and told in steps, so that no number of
them tells where that is.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids.locate import Place
from lib.coordinates import Point, metres_between
from volunteers.clashes import clashes
from volunteers.eligibility import Demand, Record, comes_alone, hindrances
from volunteers.models import Activity, Call, Prerequisite, Shift, Signup, Volunteer

FITTING_SKILL, FITTING_TIME, FITTING_PLACE = 3, 2, 2
# Metres, points: what is a walk, and what a short ride.
WAYS = ((1000, 2), (3000, 1))
OLDEST = 120


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal: the more points, the better; `reasons` say why."""

    shift: Shift
    volunteer: Volunteer
    points: int
    reasons: list[str] = field(default_factory=list)


def shifts_for(
    volunteer: Volunteer, shifts: Iterable[Shift], *, busy: Iterable[Shift]
) -> list[Match]:
    """What suits the volunteer, the best first. `shifts` with activities and their demands."""
    taken = list(busy)
    found = (
        _match(shift, volunteer, taken, Demand.of(shift.activity))
        for shift in shifts
        if not shift.is_full
    )
    matches = [one for one in found if one is not None]
    return sorted(matches, key=lambda one: (-one.points, one.shift.starts_at, one.shift.pk))


def people_for(
    shift: Shift, volunteers: Iterable[Volunteer], *, busy: dict[int, list[Shift]]
) -> list[Match]:
    """Who suits the shift, the best first; `busy`: shifts by volunteer."""
    demand = Demand.of(shift.activity)
    return _sorted(_match(shift, one, busy.get(one.pk, []), demand) for one in volunteers)


@dataclass(frozen=True, slots=True)
class Need:
    """What people are wanted for before there is a shift: where, when, with which skills (keys).

    Skills are wished; dangerous work is for insured people alone.
    """

    place: Place
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    skills: frozenset[int] = frozenset()
    min_age: int = 0
    is_dangerous: bool = False
    point: Point | None = None


def people_for_need(need: Need, volunteers: Iterable[Volunteer]) -> list[Match]:
    """Whom a need suits, the best first; `volunteers` with their record and offer."""
    lon, lat = need.point or (None, None)
    activity = Activity(
        lon=lon,
        lat=lat,
        town_id=need.place.town_id,
        community_id=need.place.community_id,
        grid_id=need.place.grid_id,
    )  # type: ignore[misc]  # never stored
    shift = Shift(activity=activity, starts_at=need.starts_at, ends_at=need.ends_at)
    kind = Prerequisite.Kind.SKILL
    wished = tuple(
        Prerequisite(kind=kind, skill_id=one, is_required=False) for one in sorted(need.skills)
    )
    demand = Demand(need.min_age, OLDEST, is_dangerous=need.is_dangerous, wished=wished)
    return _sorted(_match(shift, one, [], demand) for one in volunteers)


def people_for_call(call: Call, volunteers: Iterable[Volunteer]) -> list[Match]:
    """Whom a call would suit, before a shift is made of it; its skills (prefetched) are wished."""
    skills = frozenset(one.pk for one in call.skills.all())
    point = None if call.lon is None or call.lat is None else (call.lon, call.lat)
    need = Need(call.place, call.starts_at, call.ends_at, skills, point=point)
    return people_for_need(need, volunteers)


def _sorted(found: Iterable[Match | None]) -> list[Match]:
    matches = [one for one in found if one is not None]
    return sorted(matches, key=lambda one: (-one.points, one.volunteer.pk))


def busy_of(volunteers: Iterable[Volunteer], *, around: Shift) -> dict[int, list[Shift]]:
    """Shifts near in time on which each of them has a place: one query."""
    rows = Signup.objects.coming().filter(
        volunteer__in=list(volunteers), shift__in=Shift.objects.standing().near(around)
    )
    found: dict[int, list[Shift]] = {}
    for row in rows.select_related("shift__activity"):
        found.setdefault(row.volunteer_id, []).append(row.shift)
    return found


def _match(shift: Shift, volunteer: Volunteer, busy: list[Shift], demand: Demand) -> Match | None:
    on = localdate(shift.starts_at)
    record = Record.of(volunteer, on=on)
    if hindrances(record, demand, on=on) or not comes_alone(record) or clashes(shift, busy):
        return None
    parts = [_skills(record, demand), _time(shift, volunteer), *_place(shift, volunteer)]
    points = sum(value for value, _reason in parts)
    return Match(shift, volunteer, points, [reason for _value, reason in parts if reason])


def _skills(record: Record, demand: Demand) -> tuple[int, str]:
    fitting = len(demand.skills & record.skills)
    if not fitting:
        return 0, ""
    said = ngettext("%(count)d skill fits", "%(count)d skills fit", fitting)
    return FITTING_SKILL * fitting, said % {"count": fitting}


def _time(shift: Shift, volunteer: Volunteer) -> tuple[int, str]:
    begins, ends = localtime(shift.starts_at), localtime(shift.ends_at)
    for row in volunteer.availabilities.all():
        whole = row.starts <= begins.time() and ends.time() <= row.ends
        if row.weekday == begins.weekday() and whole and begins.date() == ends.date():
            return FITTING_TIME, _("at a time you named")
    return 0, ""


def _place(shift: Shift, volunteer: Volunteer) -> list[tuple[int, str]]:
    """The place and the way to it: together no more than one of them is worth."""
    place, way = _named_place(shift, volunteer), _way(shift, volunteer)
    return [place, (max(0, way[0] - place[0]), way[1])]


def _named_place(shift: Shift, volunteer: Volunteer) -> tuple[int, str]:
    activity = shift.activity
    if activity.community_id == volunteer.community_id:
        return FITTING_PLACE, _("in the own community")
    here = {activity.town_id, activity.community_id, activity.grid_id}
    if any(row.territory_id in here for row in volunteer.areas.all()):
        return FITTING_PLACE, _("in an area that was named")
    return 0, ""


def _way(shift: Shift, volunteer: Volunteer) -> tuple[int, str]:
    activity, near = shift.activity, volunteer.near
    if near is None or activity.lon is None or activity.lat is None:
        return 0, ""
    metres = metres_between(near, (activity.lon, activity.lat))
    points = next((value for most, value in WAYS if metres <= most), 0)
    kilometres = ceil(metres / 1000)
    return points, _("less than %(count)d km away") % {"count": max(1, kilometres)}
