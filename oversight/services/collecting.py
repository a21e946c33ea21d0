"""Whom an appraisal is about, and the numbers that count for them: read from the counts."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from cases.models import WhistleCall
from grids.models import BodyTerritory, Level, Territory
from organizations.models import Body, Post
from organizations.models.bodies import Nature
from oversight.figures import numbers_of
from oversight.models import Appraisal, Appraised, Scheme
from oversight.models.facts import BODY, PERSON
from oversight.models.schemes import Of
from oversight.periods import ONE_DAY, Period
from oversight.scoring import BEST_MARK

Numbers = dict[str, int]
# Party organisations lead; what is appraised is who carries out.
APPRAISED_NATURES = (Nature.DEPARTMENT, Nature.CENTRE, Nature.COMMITTEE)
_COUNTED_AS = {
    Of.DEPARTMENT: BODY, Of.COMMUNITY: "community", Of.GRID: "grid", Of.PERSON: PERSON,
}  # fmt: skip


# -- Whom --------------------------------------------------------------------------------------


def those_of(scheme: Scheme, town: Territory, period: Period) -> list[Appraised]:
    """Unsaved rows, in a fixed order: whoever was there on some day of the period."""
    ways = {
        Of.DEPARTMENT: _departments, Of.COMMUNITY: _communities, Of.GRID: _grids,
        Of.PERSON: _people,
    }  # fmt: skip
    return list(ways[Of(scheme.of)](scheme, town, period))


def _departments(_scheme: Scheme, town: Territory, period: Period) -> Iterator[Appraised]:
    covering = BodyTerritory.objects.filter(territory=town).overlapping(*_days(period))
    bodies = Body.objects.filter(
        pk__in=covering.values("body"), kind__nature__in=APPRAISED_NATURES
    ).overlapping(*_days(period))
    yield from (Appraised(body=body) for body in bodies.order_by("code"))


def _communities(_scheme: Scheme, town: Territory, period: Period) -> Iterator[Appraised]:
    rows = Territory.objects.filter(parent=town, level=Level.COMMUNITY)
    answering = _bodies_of_communities(town, period)
    for row in rows.overlapping(*_days(period)).order_by("code"):
        yield Appraised(territory=row, body_id=answering.get(row.pk))


def _grids(_scheme: Scheme, town: Territory, period: Period) -> Iterator[Appraised]:
    rows = Territory.objects.filter(parent__parent=town, level=Level.GRID)
    answering = _bodies_of_communities(town, period)
    for row in rows.overlapping(*_days(period)).order_by("code"):
        yield Appraised(territory=row, body_id=answering.get(row.parent_id))


def _bodies_of_communities(town: Territory, period: Period) -> dict[int, int]:
    """By community: its residents' or villagers' committee, the newest where it changed."""
    rows = BodyTerritory.objects.filter(
        territory__parent=town, body__kind__nature=Nature.COMMUNITY
    ).overlapping(*_days(period))
    return dict(rows.order_by("valid_from", "pk").values_list("territory_id", "body_id"))


def _people(scheme: Scheme, town: Territory, period: Period) -> Iterator[Appraised]:
    """Everybody once, in the body of the newest of their posts."""
    within = BodyTerritory.objects.overlapping(*_days(period))
    bodies = within.filter(territory=town) | within.filter(territory__parent=town)
    posts = Post.objects.filter(role=scheme.role, body__in=bodies.values("body"))
    newest = {
        post.person_id: post
        for post in posts.overlapping(*_days(period)).order_by("valid_from", "pk")
    }
    for person, post in sorted(newest.items()):
        yield Appraised(person_id=person, body_id=post.body_id)


def _days(period: Period) -> tuple[datetime.date, datetime.date]:
    return period.first, period.last + ONE_DAY


# -- Their numbers -----------------------------------------------------------------------------


def numbers_for(
    appraisal: Appraisal, rows: Collection[Appraised], *, at: datetime.datetime
) -> dict[int, Numbers]:
    """By key of the row: what was counted of cases, and of whistles; zeros are left out.

    A fixed number of queries for any number of rows.
    """
    of, period = Of(appraisal.scheme.of), appraisal.period
    counted = numbers_of(_COUNTED_AS[of], [row.key for row in rows], period, now=at)
    whistles = {} if of == Of.PERSON else _whistles({row.body_id for row in rows}, period, at)
    return {
        row.pk: {
            code: value
            for code, value in {**counted[row.key], **whistles.get(row.body_id or 0, {})}.items()
            if value
        }
        for row in rows
    }


def _whistles(
    bodies: Iterable[int | None], period: Period, at: datetime.datetime
) -> dict[int, Numbers]:
    """Both sides (北京市接诉即办工作条例第三十三条): how departments came, how they were called."""
    found: dict[int, Numbers] = defaultdict(lambda: defaultdict(int))
    keys, end = {key for key in bodies if key is not None}, period.end(at)
    calls = WhistleCall.objects.filter(called_at__gte=period.begin(), called_at__lte=end)
    for call in calls.filter(body__in=keys):
        _add_response(found[call.body_id], call, end)
    for call in calls.filter(whistle__body__in=keys).select_related("whistle"):
        mine = found[call.whistle.body_id]
        mine["whistle_blown"] += 1
        if call.call_score is not None:
            mine["whistle_call_marks"] += call.call_score
            mine["whistle_call_marks_of"] += BEST_MARK
    return found


def _add_response(mine: Numbers, call: WhistleCall, end: datetime.datetime) -> None:
    if call.is_late(end):
        mine["whistle_late"] += 1
    elif call.arrived_at is not None:
        mine["whistle_on_time"] += 1
    mine["whistle_called"] = mine["whistle_on_time"] + mine["whistle_late"]
    if call.response_score is not None:
        mine["whistle_marks"] += call.response_score
        mine["whistle_marks_of"] += BEST_MARK
