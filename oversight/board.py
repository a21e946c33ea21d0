"""What boards show of an area or a body: read from counts, standings, totals; never from cases."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as HowMany
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Topic
from funding.models import Line
from grids.models import Boundary, Territory
from organizations.models import Body, Post, User
from oversight import tables
from oversight.figures import numbers_of
from oversight.measures import MEASURES, total
from oversight.models import Standing
from oversight.models.facts import ALL, BODY
from oversight.periods import ONE_DAY, Kind, Period, period_of
from oversight.subjects import KINDS, LEVELS, Reach, Subject

OVERNIGHT = ("reported", "filed", "closed", "reopened", "unresponded", "supervised")
SHOWN = 8
HOUR = datetime.timedelta(hours=1)
# How long until a limit passes, the nearest first; the last has no end.
BUCKETS: tuple[tuple[Any, datetime.timedelta | None, str], ...] = (
    (gettext_lazy("Overdue"), datetime.timedelta(0), "overdue"),
    (gettext_lazy("Within 4 hours"), 4 * HOUR, "asked"),
    (gettext_lazy("Within a day"), 24 * HOUR, "work"),
    (gettext_lazy("Within three days"), 72 * HOUR, "waiting"),
    (gettext_lazy("Later"), None, "done"),
)
# By the name of its place in an address.
LEFT = {str(place): label for place, (label, _ahead, _tone) in enumerate(BUCKETS)}
ONE_BELOW = {ALL: "town", "town": "community", "community": "grid"}


@dataclass(frozen=True, slots=True)
class Figure:
    label: Any
    number: str
    url: str = ""
    tone: str = ""
    change: str = ""
    width: int = 0


# -- Numbers ---------------------------------------------------------------------------------------


def overnight(subject: Subject, *, now: datetime.datetime, today: datetime.date) -> list[Figure]:
    """Yesterday and what there is of today, beside the two days before."""
    span = Period(Kind.CUSTOM, today - ONE_DAY, today)
    this = numbers_of(subject.of, [subject.key], span, now=now)[subject.key]
    last = numbers_of(subject.of, [subject.key], span.before(), now=now)[subject.key]
    return [
        Figure(
            MEASURES[code].name,
            f"{total((code,), this):,}",
            tables.behind(subject, code, span),
            change=f"{total((code,), this) - total((code,), last):+,}",
        )
        for code in OVERNIGHT
    ]


def time_left(subject: Subject, *, now: datetime.datetime) -> list[Figure]:
    """Work in hand by when its limit passes: a standing knows from when on it will be overdue."""
    mine = _in_hand(subject)
    wanted = {
        f"part_{place}": HowMany("pk", filter=_in_bucket(place, now))
        for place in range(len(BUCKETS))
    }
    found = mine.aggregate(**wanted)
    most = max(found.values(), default=0) or 1
    period = period_of(Kind.DAY, now.date())
    behind = tables.behind(subject, "overdue_unhandled", period)
    return [
        Figure(
            label, f"{found[f'part_{place}']:,}", f"{behind}&left={place}", tone,
            width=found[f"part_{place}"] * 100 // most,
        )
        for place, (label, _ahead, tone) in enumerate(BUCKETS)
    ]  # fmt: skip


def standings_left(subject: Subject, place: int, *, now: datetime.datetime) -> QuerySet[Standing]:
    """The rows that a part of `time_left` counts."""
    rows = _in_hand(subject).filter(_in_bucket(place, now))
    return rows.select_related("case__category", "case__community", "case__lead_body")


def _in_hand(subject: Subject) -> QuerySet[Standing]:
    rows = Standing.objects.filter(measure="overdue_unhandled", until=None)
    return _of_subject(rows, subject)


def _in_bucket(place: int, now: datetime.datetime) -> Q:
    before = BUCKETS[place - 1][1] if place else None
    ahead = BUCKETS[place][1]
    return _between(
        None if before is None else now + before, None if ahead is None else now + ahead
    )


def _between(after: datetime.datetime | None, until: datetime.datetime | None) -> Q:
    found = Q()
    if after is not None:
        found &= Q(since__gt=after)
    if until is not None:
        found &= Q(since__lte=until)
    return found


def _of_subject(rows: QuerySet[Standing], subject: Subject) -> QuerySet[Standing]:
    if subject.of == ALL:
        return rows
    return rows.filter(**{KINDS[subject.of][1]: subject.key})


def overdue_by_body(subject: Subject, *, now: datetime.datetime) -> list[Figure]:
    """Who has most overdue work in hand now, the most first."""
    rows = Standing.objects.filter(measure="overdue_unhandled", until=None, since__lte=now)
    counted = _of_subject(rows, subject).exclude(body=None).values("body")
    found = list(counted.annotate(number=HowMany("pk")).order_by("-number", "body")[:SHOWN])
    names = Body.objects.in_bulk([row["body"] for row in found])
    most = max((row["number"] for row in found), default=1)
    period = period_of(Kind.DAY, now.date())
    return [
        Figure(
            names[row["body"]], f"{row['number']:,}",
            tables.behind(Subject(BODY, row["body"], ""), "overdue_unhandled", period), "overdue",
            width=row["number"] * 100 // most,
        )
        for row in found
    ]  # fmt: skip


def topics(reach: Reach) -> QuerySet[Topic]:
    """The hottest of the places within reach."""
    rows = Topic.objects.current().for_list().hottest_first()
    if not reach.everywhere:
        rows = rows.filter(Q(town__in=reach.towns) | Q(community__in=reach.communities))
    return rows[:5]


# -- Money and people --------------------------------------------------------------------------


def money(user: User, *, on: datetime.date, bodies: Iterable[int] | None = None) -> dict[str, int]:
    """Fen in each bucket of the lines that `user` may read (of these bodies)."""
    rows = Line.objects.visible_to(user, on=on).valid_on(on)
    if bodies is not None:
        rows = rows.filter(body__in=list(bodies))
    found = rows.totals()
    return {**found, "free": found["available"]}


@dataclass(frozen=True, slots=True)
class BodyLoad:
    body: Body
    points: int
    capacity: int
    people: int
    tasks: int

    @property
    def each(self) -> str:
        """Open tasks for each person, one decimal."""
        return f"{self.tasks / self.people:.1f}" if self.people else tables.NOTHING

    @property
    def per_cent(self) -> int:
        return self.points * 100 // self.capacity if self.capacity else 0


def loads(bodies: QuerySet[Body], *, on: datetime.date) -> list[BodyLoad]:
    """Points of work against capacity by body, the fullest first: sums of counters."""
    posts = Post.objects.valid_on(on).filter(body__in=bodies, capacity__gt=0)
    rows = posts.order_by().values("body").annotate(
        points=Sum("load__points", default=0), room=Sum("capacity"),
        people=HowMany("person", distinct=True), hands=Sum("load__tasks", default=0),
    )  # fmt: skip
    found = list(rows)
    names = Body.objects.in_bulk([row["body"] for row in found])
    made = [
        BodyLoad(names[row["body"]], row["points"], row["room"], row["people"], row["hands"])
        for row in found
    ]
    return sorted(made, key=lambda one: (-one.per_cent, one.body.code))


# -- The map -----------------------------------------------------------------------------------


def points(children: Sequence[Subject], *, now: datetime.datetime) -> list[Any]:
    """One point for each area one level below, with what is overdue there; nothing of cases."""
    if not children:
        return []
    of, keys = children[0].of, [one.key for one in children]
    period = period_of(Kind.MONTH, now.date())
    numbers = numbers_of(of, keys, period, now=now)
    places = Boundary.objects.filter(territory__in=keys, valid_to=None)
    middles = {
        row.territory_id: ((row.west + row.east) / 2, (row.south + row.north) / 2)
        for row in places.only("territory_id", "west", "east", "south", "north")
    }
    return [
        _point(one, middles[one.key], numbers[one.key]) for one in children if one.key in middles
    ]


def _point(one: Subject, middle: tuple[float, float], numbers: dict[str, int]) -> dict[str, Any]:
    late, reported = numbers.get("overdue_unhandled", 0), numbers.get("reported", 0)
    said = _("reported this month: %(reported)d; overdue: %(late)d")
    return {
        "lon": middle[0],
        "lat": middle[1],
        "tone": "overdue" if late else "done",
        "title": one.name,
        "words": said % {"reported": reported, "late": late},
        "url": reverse("oversight:board", args=[one.of, one.key]),
    }


def below(subject: Subject, found: Sequence[Subject]) -> list[Subject]:
    """Of `found` (subjects one level below), those inside the subject."""
    if subject.of == ALL:
        return list(found)
    keys = [one.key for one in found]
    inside = Territory.objects.filter(pk__in=keys, parent=subject.key).values_list("pk", flat=True)
    mine = set(inside)
    return [one for one in found if one.key in mine]


def has_map(subject: Subject) -> bool:
    return subject.of == ALL or subject.of in LEVELS
