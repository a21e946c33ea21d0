"""Shifts for a person, people for a shift: by skill, distance and time, with the reasons in words.

Points: a wished or required skill 3, times that fit 2, the own community or an area 2, a short way
up to 2. What hinders is never outweighed: who may not come is not proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from volunteers.clashes import clashes
from volunteers.eligibility import Demand, Record, comes_alone, hindrances
from volunteers.models import Activity, Call, Prerequisite, Shift, Signup, Volunteer

FITTING_SKILL, FITTING_TIME, FITTING_PLACE = 3, 2, 2
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


def people_for_call(call: Call, volunteers: Iterable[Volunteer]) -> list[Match]:
    """Whom a call would suit, before a shift is made of it; its skills (prefetched) are wished."""
    activity = Activity(
        town_id=call.town_id, community_id=call.community_id, grid_id=call.grid_id,
        lon=call.lon, lat=call.lat,
    )  # fmt: skip
    shift = Shift(activity=activity, starts_at=call.starts_at, ends_at=call.ends_at)
    kind = Prerequisite.Kind.SKILL
    wished = tuple(
        Prerequisite(kind=kind, skill=one, is_required=False) for one in call.skills.all()
    )
    demand = Demand(min_age=0, max_age=OLDEST, is_dangerous=False, wished=wished)
    return _sorted(_match(shift, one, [], demand) for one in volunteers)


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
    parts = [_skills(record, demand), _time(shift, volunteer), _place(shift, volunteer)]
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


def _place(shift: Shift, volunteer: Volunteer) -> tuple[int, str]:
    activity = shift.activity
    if activity.community_id == volunteer.community_id:
        return FITTING_PLACE, _("in the own community")
    here = {activity.town_id, activity.community_id, activity.grid_id}
    if any(row.territory_id in here for row in volunteer.areas.all()):
        return FITTING_PLACE, _("in an area that was named")
    return 0, ""
