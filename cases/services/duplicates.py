"""Which cases are probably one: same small class near in place and time, or like words nearby.

The cost is bounded by what is open and recent, whatever the archive holds.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from cases.models import Case, CooperationRule, Distinct
from cases.models.queries import CaseQuerySet
from lib.coordinates import metres_between
from lib.likeness import likeness, shingles
from organizations.models import User

# Looked at for one report, and for a whole list; the newest come first.
MOST_NEAR, MOST_LOOKED_AT, MOST_COMPARED, MOST_PAIRS = 200, 300, 2000, 30
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that may be the same: how alike its words are (per cent), how far it is (metres, None
    without two points), and whether class, place and time alone suggest it."""

    case: Case
    likeness: int
    metres: int | None
    by_place: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """`case` came in later and can be merged; `hit.case` is the other one."""

    case: Case
    hit: Hit

    @property
    def is_both_ways(self) -> bool:
        return self.hit.case.state in {"submitted", "filed", "returned"}


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a report while it is typed, or of a case that is there."""

    words: str
    category: int | None
    point: Point | None
    grid: int | None
    community: int | None
    at: datetime.datetime


def likely(case: Case, *, user: User, on: datetime.date) -> list[Hit]:
    """Open cases that this person sees and that may be the same as `case`, the likeliest first."""
    seen = Case.objects.visible_to(user, on=on).exclude(pk=case.pk)
    return likely_of(_report_of(case), seen)


def likely_of(report: Report, seen: CaseQuerySet) -> list[Hit]:
    """Among `seen`: same class near by, or like words in the community; the likeliest first."""
    rule = CooperationRule.objects.in_force(timezone.localdate(report.at))
    within = datetime.timedelta(hours=rule.duplicate_hours)
    near = seen.none()
    if report.category:
        near = seen.possible_duplicates(
            category=report.category,
            point=report.point,
            grid=report.grid,
            at=report.at,
            metres=rule.duplicate_metres,
            within=within,
        )
    rows = {row.pk: row for row in near.for_list().newest_first()[:MOST_NEAR]}
    by_place = set(rows)
    if report.community and report.words:
        around = seen.around(report.at, within).filter(community=report.community)
        rows |= {row.pk: row for row in around.for_list().newest_first()[:MOST_NEAR]}
    words = shingles(report.words)
    hits = (_hit(report, words, row, by_place=row.pk in by_place) for row in rows.values())
    kept = [hit for hit in hits if hit.by_place or hit.likeness >= rule.duplicate_likeness]
    return sorted(kept, key=lambda hit: (-hit.likeness, -hit.case.pk))


def _report_of(case: Case) -> Report:
    return Report(
        words=f"{case.title}\n{case.text}",
        category=case.category_id,
        point=_point(case),
        grid=case.grid_id,
        community=case.community_id,
        at=case.created_at,
    )


def _point(case: Case) -> Point | None:
    return None if case.lon is None or case.lat is None else (case.lon, case.lat)


def _hit(report: Report, words: frozenset[str], row: Case, *, by_place: bool) -> Hit:
    point, metres = _point(row), None
    if report.point is not None and point is not None:
        metres = round(metres_between(report.point, point))
    alike = likeness(words, shingles(f"{row.title}\n{row.text}"))
    return Hit(row, alike, metres, by_place)


# -- The dispatcher's list --------------------------------------------------------------------


def pairs(seen: CaseQuerySet, *, at: datetime.datetime) -> list[Pair]:
    """Pairs among what a person sees of which one can still be merged, the likeliest first.

    A handful of queries: what can be merged (newest 300), what is open around them (newest 2,000),
    which pairs somebody has told apart.
    """
    rule = CooperationRule.objects.in_force(timezone.localdate(at))
    looked_at = list(seen.mergeable().for_list().newest_first()[:MOST_LOOKED_AT])
    if not looked_at:
        return []
    others = _compared(seen, looked_at, rule)
    found = list(_pairs_of(looked_at, others, rule))
    apart = _told_apart(found)
    kept = [pair for pair in found if _key(pair) not in apart]
    kept.sort(key=lambda pair: (not pair.hit.by_place, -pair.hit.likeness, -pair.case.pk))
    return kept[:MOST_PAIRS]


def _compared(seen: CaseQuerySet, looked_at: Sequence[Case], rule: CooperationRule) -> list[Case]:
    within = datetime.timedelta(hours=rule.duplicate_hours)
    first = min(case.created_at for case in looked_at) - within
    last = max(case.created_at for case in looked_at) + within
    like = Q(category__in={case.category_id for case in looked_at if case.category_id})
    like |= Q(community__in={case.community_id for case in looked_at if case.community_id})
    rows = seen.open().filter(like, created_at__gt=first, created_at__lt=last)
    return list(rows.for_list().newest_first()[:MOST_COMPARED])


def _pairs_of(
    looked_at: Sequence[Case], others: Sequence[Case], rule: CooperationRule
) -> Iterator[Pair]:
    words = {row.pk: shingles(f"{row.title}\n{row.text}") for row in (*looked_at, *others)}
    by_kind, by_community = _grouped(others)
    done: set[tuple[int, int]] = set()
    for case in looked_at:
        near = [*by_kind[case.category_id or 0], *by_community[case.community_id or 0]]
        for other in near:
            key = (min(case.pk, other.pk), max(case.pk, other.pk))
            if case.pk == other.pk or key in done or not _same_time(case, other, rule):
                continue
            done.add(key)
            hit = _compare(case, other, words, rule)
            if hit is not None:
                yield Pair(case, hit)


def _grouped(rows: Iterable[Case]) -> tuple[dict[int, list[Case]], dict[int, list[Case]]]:
    by_kind, by_community = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.category_id:
            by_kind[row.category_id].append(row)
        if row.community_id:
            by_community[row.community_id].append(row)
    return by_kind, by_community


def _same_time(case: Case, other: Case, rule: CooperationRule) -> bool:
    apart = abs((case.created_at - other.created_at).total_seconds())
    return apart < rule.duplicate_hours * 3600


def _compare(
    case: Case, other: Case, words: dict[int, frozenset[str]], rule: CooperationRule
) -> Hit | None:
    point, there = _point(case), _point(other)
    metres = round(metres_between(point, there)) if point and there else None
    same_kind = case.category_id is not None and case.category_id == other.category_id
    near = metres is not None and metres <= rule.duplicate_metres
    same_grid = metres is None and case.grid_id is not None and case.grid_id == other.grid_id
    by_place = same_kind and (near or same_grid)
    alike = likeness(words[case.pk], words[other.pk])
    similar = alike >= rule.duplicate_likeness and case.community_id == other.community_id
    return Hit(other, alike, metres, by_place) if by_place or similar else None


def _key(pair: Pair) -> tuple[int, int]:
    first, second = sorted((pair.case.pk, pair.hit.case.pk))
    return first, second


def _told_apart(found: Sequence[Pair]) -> set[tuple[int, int]]:
    keys = {key for pair in found for key in _key(pair)}
    rows = Distinct.objects.filter(first__in=keys, second__in=keys)
    return set(rows.values_list("first_id", "second_id"))
