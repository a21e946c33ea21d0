"""Who is on duty at given moments: by the roster, else by duty hours, else in working time.

A week in which the roster knows a post is the roster's: then the post works its shifts and nothing
else. Whoever is on approved leave is away; the stand-in works the shifts and covers the grids.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Self

from grids.models import DutyShift, Leave
from lib.worktime import CITY_ZONE, WorkCalendar
from organizations.models import DutyHours

# A clock has no 24:00: duty hours that end with the last minute of the day end with the day.
_LAST_MINUTE = datetime.time(23, 59)
_WEEK = datetime.timedelta(days=7)
Posts = set[int]


class Duty:
    """Read once for several moments; then every post is answered from memory."""

    def __init__(self, moments: Sequence[datetime.datetime], working: Sequence[bool]) -> None:
        self._working = working
        self._moments = [moment.astimezone(CITY_ZONE) for moment in moments]
        self._with_hours: Posts = set()
        self._in_hours: list[Posts] = [set() for _moment in moments]
        self._rostered: list[Posts] = [set() for _moment in moments]
        self._on_shift: list[Posts] = [set() for _moment in moments]
        # Per moment: who is away, and who stands in for whom.
        self._away: list[dict[int, int | None]] = [{} for _moment in moments]

    @classmethod
    def load(cls, moments: Sequence[datetime.datetime], calendar: WorkCalendar) -> Self:
        """Four queries, however many posts there are."""
        duty = cls(moments, [calendar.is_working(moment) for moment in moments])
        duty._read_hours()
        duty._read_roster()
        duty._read_leave()
        return duty

    def is_on(self, post: int, place: int = 0) -> bool:
        """Whether a post works at the moment in that place of `moments`."""
        if self.is_away(post, place):
            return False
        return self._works(post, place) or any(
            self._works(absent, place)
            for absent, stand_in in self._away[place].items()
            if stand_in == post
        )

    def is_away(self, post: int, place: int = 0) -> bool:
        return post in self._away[place]

    def stood_in_for(self) -> dict[int, set[int]]:
        """Per stand-in the posts whose grids and shifts are theirs at one of the moments."""
        found: dict[int, set[int]] = defaultdict(set)
        for away in self._away:
            for absent, stand_in in away.items():
                if stand_in is not None:
                    found[stand_in].add(absent)
        return found

    def _works(self, post: int, place: int) -> bool:
        if post in self._rostered[place]:
            return post in self._on_shift[place]
        if post in self._with_hours:
            return post in self._in_hours[place]
        return self._working[place]

    def _read_hours(self) -> None:
        self._with_hours = set(DutyHours.objects.values_list("post_id", flat=True).distinct())
        weekdays = {moment.weekday() for moment in self._moments}
        rows = DutyHours.objects.filter(weekday__in=weekdays)
        for post, weekday, starts, ends in rows.values_list("post_id", "weekday", "starts", "ends"):
            for place, moment in enumerate(self._moments):
                clock = moment.time()
                if (
                    weekday == moment.weekday()
                    and starts <= clock
                    and (clock < ends or ends >= _LAST_MINUTE)
                ):
                    self._in_hours[place].add(post)

    def _read_roster(self) -> None:
        weeks = [_week_of(moment) for moment in self._moments]
        midnight = datetime.time(tzinfo=CITY_ZONE)
        begins = datetime.datetime.combine(min(weeks), midnight)
        # A shift of the week's last day may end in the next one.
        ends = datetime.datetime.combine(max(weeks) + _WEEK, midnight)
        rows = DutyShift.objects.between(begins, ends)
        for post, day, starts, ends in rows.values_list("post_id", "day", "starts_at", "ends_at"):
            for place, moment in enumerate(self._moments):
                if weeks[place] <= day < weeks[place] + _WEEK:
                    self._rostered[place].add(post)
                if starts <= moment < ends:
                    self._rostered[place].add(post)
                    self._on_shift[place].add(post)

    def _read_leave(self) -> None:
        days = [moment.date() for moment in self._moments]
        rows = Leave.objects.approved().filter(first_day__lte=max(days), last_day__gte=min(days))
        for post, stand_in, first, last in rows.order_by("pk").values_list(
            "post_id", "stand_in_id", "first_day", "last_day"
        ):
            for place, day in enumerate(days):
                if first <= day <= last:
                    self._away[place][post] = stand_in


def _week_of(moment: datetime.datetime) -> datetime.date:
    """Its Monday."""
    return moment.date() - datetime.timedelta(days=moment.weekday())


def on_duty_now(posts: Iterable[int], *, at: datetime.datetime, calendar: WorkCalendar) -> Posts:
    """Of these posts those that work at that moment."""
    duty = Duty.load([at], calendar)
    return {post for post in posts if duty.is_on(post)}
