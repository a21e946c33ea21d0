"""Whether two shifts of one person go together: times that overlap, and ways that are too short.

Overlapping shifts are refused. Where the time between two shifts is shorter than the way takes,
the person is warned and may come nevertheless.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import moments
from lib.coordinates import metres_between
from volunteers.models import Shift

# A bus or a bicycle in town, and time to get going; where a place is not known, the latter alone.
METRES_PER_MINUTE = 200
GRACE = datetime.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another shift in the way. `is_hard`: at the same time; else `minutes` of way in `gap`."""

    other: Shift
    is_hard: bool
    minutes: int = 0
    gap: int = 0

    @property
    def sentence(self) -> str:
        facts = {"title": self.other.activity, "when": moments.full(self.other.starts_at)}
        if self.is_hard:
            text = _(
                "At that time you have signed up for “%(title)s” (%(when)s). Cancel one first."
            )
            return text % facts
        way = ngettext("about %(count)d minute", "about %(count)d minutes", self.minutes) % {
            "count": self.minutes
        }
        text = _(
            "From “%(title)s” (%(when)s) the way takes %(way)s, and you have %(gap)s. "
            "Tick that you can manage it."
        )
        gap = ngettext("%(count)d minute", "%(count)d minutes", self.gap) % {"count": self.gap}
        return text % {**facts, "way": way, "gap": gap}


def clashes(shift: Shift, others: Iterable[Shift]) -> list[Clash]:
    """What of `others` (with their activities) is in the way of `shift`, in the order of time."""
    found = (_between(shift, other) for other in others if other.pk != shift.pk)
    return sorted((one for one in found if one), key=lambda one: one.other.starts_at)


def _between(shift: Shift, other: Shift) -> Clash | None:
    if shift.starts_at < other.ends_at and other.starts_at < shift.ends_at:
        return Clash(other, is_hard=True)
    gap = max(other.starts_at - shift.ends_at, shift.starts_at - other.ends_at)
    needed = way_between(shift, other)
    if needed <= gap:
        return None
    return Clash(other, is_hard=False, minutes=_minutes(needed), gap=_minutes(gap))


def way_between(shift: Shift, other: Shift) -> datetime.timedelta:
    """How long the way takes; nothing within one activity's place."""
    if shift.activity_id == other.activity_id:
        return datetime.timedelta(0)
    here, there = _point(shift), _point(other)
    if here is None or there is None:
        return GRACE
    metres = metres_between(here, there)
    return GRACE + datetime.timedelta(minutes=metres / METRES_PER_MINUTE) if metres else GRACE


def _point(shift: Shift) -> tuple[float, float] | None:
    activity = shift.activity
    if activity.lon is None or activity.lat is None:
        return None
    return activity.lon, activity.lat


def _minutes(length: datetime.timedelta) -> int:
    return round(length / datetime.timedelta(minutes=1))
