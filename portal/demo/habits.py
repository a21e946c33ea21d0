"""How departments of the demo keep their limits: two very well, most well, two so so, one badly."""

import datetime
import random
from dataclasses import dataclass

from lib.worktime import CITY_ZONE, WorkCalendar
from organizations.models import Body

# Of a hundred results so many come late, by the end of the body's code; everywhere else `_USUAL`.
_LATE = {
    "agriculture-water": 1,
    "judicial": 1,
    "emergency": 6,
    "sanitation-station": 7,
    "law-enforcement": 9,
    "planning-construction": 11,
    "transport": 34,
    "market-supervision": 38,
    "traffic-police": 75,
}
_USUAL = 12
# Where more than half comes late, most residents wait for their answer as well.
_SLOW, _WAITING = 50, 0.6
_MORNING, _EVENING = 8, 21


@dataclass(frozen=True, slots=True)
class Pace:
    """The way from an order to its confirmation: `share` is how much of the limit it takes.

    `calendar` is None where the limit runs around the clock: then people work around it, too.
    """

    begun: datetime.datetime
    due: datetime.datetime
    share: float
    calendar: WorkCalendar | None

    def at(self, part: float) -> datetime.datetime:
        """When this part of the way is gone; a way that keeps its limit ends within it."""
        moment = self.begun + (self.due - self.begun) * self.share * part
        if self.calendar is not None:
            moment = max(self.begun, self.calendar.next_working(moment))
        return min(moment, self.due) if self.share < 1 else moment


class Habits:
    """Draws how matters go at each body, by its key."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._late = {
            key: next((late for end, late in _LATE.items() if code.endswith(f"-{end}")), _USUAL)
            for key, code in Body.objects.values_list("pk", "code")
        }

    def share(self, body: int) -> float:
        """Of the limit: most have done by half of it, some later, few after it, or long after."""
        if self.chance.random() * 100 < self._late[body]:
            return self.chance.choices((1.2, 1.8, 5.0), (6, 3, 1))[0]
        return self.chance.triangular(0.15, 0.95, 0.5)

    def answered(self, body: int, since: datetime.datetime) -> datetime.datetime:
        """By when a resident is spoken to: some hours later, by day, at weekends as well."""
        waits = self._late[body] >= _SLOW and self.chance.random() < _WAITING
        hours = self.chance.uniform(26, 60) if waits else self.chance.triangular(0.1, 8, 0.5)
        return _by_day(since + datetime.timedelta(hours=hours))


def _by_day(at: datetime.datetime) -> datetime.datetime:
    """At night nobody rings: then in the morning."""
    local = at.astimezone(CITY_ZONE)
    if _MORNING <= local.hour < _EVENING:
        return at
    day = local + datetime.timedelta(days=local.hour >= _EVENING)
    return day.replace(hour=_MORNING, minute=local.minute)
