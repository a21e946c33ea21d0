"""From stored numbers to points, ranks and grades: exact arithmetic, nothing read, nothing written.

Points and limits are integers: hundredths of a point, and shares in hundredths of a per cent. What
has no denominator is left out and the rest is scaled to the whole, so that nobody gains or loses by
what did not happen. Points are rounded half up to hundredths, and ranks go by what is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oversight.measures import MEASURES, RATES, Rate, total
from oversight.workflow import Grade

RATE, BONUS, DEDUCTION = "rate", "bonus", "deduction"
WHOLE = 10_000  # 100 % in hundredths of a per cent
BEST_MARK = 5


@dataclass(frozen=True, slots=True)
class WhistleRate:
    """`over` ÷ `under`: numbers of whistles, which stand beside the counts of cases."""

    code: str
    name: Promise
    formula: Promise
    over: str
    under: str
    good_is_high: bool = True

    def exactly(self, numbers: Mapping[str, int]) -> Fraction | None:
        below = numbers.get(self.under, 0)
        return Fraction(numbers.get(self.over, 0), below) if below else None


# Numbers of whistles (街乡吹哨、部门报到): of departments called, and of the side that whistled.
WHISTLE_NUMBERS: Mapping[str, Promise] = {
    "whistle_called": _("Whistles, called"),
    "whistle_on_time": _("Whistles, arrived in time"),
    "whistle_late": _("Whistles, late or not arrived"),
    "whistle_marks": _("Marks for responses"),
    "whistle_marks_of": _("Best marks possible for responses"),
    "whistle_blown": _("Departments called by whistles"),
    "whistle_call_marks": _("Marks for calls"),
    "whistle_call_marks_of": _("Best marks possible for calls"),
}
WHISTLE_RATES: Mapping[str, WhistleRate] = {
    one.code: one
    for one in (
        WhistleRate(
            "whistle_arrival", _("Whistles, arrived in time, share"),
            _("arrived in time ÷ called"), "whistle_on_time", "whistle_called",
        ),
        WhistleRate(
            "whistle_response", _("Responses to whistles, as callers rate them"),
            _("marks ÷ best marks possible"), "whistle_marks", "whistle_marks_of",
        ),
        WhistleRate(
            "whistle_call", _("Whistles, as those called rate them"),
            _("marks ÷ best marks possible"), "whistle_call_marks", "whistle_call_marks_of",
        ),
    )
}  # fmt: skip
Indicator = Rate | WhistleRate
# A refusal of what was not admitted is a right of communities, and a matter that went to the wrong
# place is no failing of who sends it back: returns count for nothing. Wrong ones are `shirked`.
_FOR_NOTHING = {"returned", "return_rate", "dispatch_accuracy", "redispatched"}
INDICATORS: Mapping[str, Indicator] = {
    **{code: rate for code, rate in RATES.items() if code not in _FOR_NOTHING},
    **WHISTLE_RATES,
}
COUNTED: Mapping[str, Promise] = {
    **{code: one.name for code, one in MEASURES.items() if code not in _FOR_NOTHING},
    **WHISTLE_NUMBERS,
}
SAMPLES = ("to_handle", "reported", "to_close", "dispatched", "answered", "whistle_blown")


def number_of(code: str, numbers: Mapping[str, int]) -> int:
    return numbers.get(code, 0) if code in WHISTLE_NUMBERS else total((code,), numbers)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a scheme.

    A rate brings `points` from `full_at` on; below it loses `loss` for each percentage point, or in
    proportion where `loss` is None. Beyond `floor` the grade is at best `floor_grade`. A bonus or
    deduction is `each` for every occurrence after the first `free`, `points` at most.
    """

    kind: str
    indicator: str
    points: int
    full_at: int | None = None
    loss: int | None = None
    floor: int | None = None
    floor_grade: str = ""
    each: int | None = None
    free: int = 0

    @property
    def name(self) -> Promise:
        if self.kind == RATE:
            return INDICATORS[self.indicator].name
        return COUNTED[self.indicator]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.indicator}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme says of all: whose sample, and where grades begin. Frozen with the rules."""

    sample: str
    min_sample: int
    share: int
    excellent_from: int
    good_from: int
    basic_from: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule gives: `earned` of `rule.points` (a deduction is below zero); None: nothing to
    divide by."""

    rule: Rule
    value: Fraction | None
    earned: Fraction | None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """`points` in hundredths, None where no rate had a denominator. `limit`: best grade that broken
    floors allow, "" for any."""

    points: int | None
    sample: int
    limit: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """`rank` None and `grade` "": too little to judge by."""

    points: int | None
    sample: int
    limit: str
    rank: int | None
    grade: str


def as_stored(rules: Iterable[Rule], terms: Terms) -> dict[str, Any]:
    return {"rules": [asdict(rule) for rule in rules], "terms": asdict(terms)}


def as_read(stored: Mapping[str, Any]) -> tuple[tuple[Rule, ...], Terms]:
    return tuple(Rule(**row) for row in stored["rules"]), Terms(**stored["terms"])


# -- One subject ---------------------------------------------------------------------------------


def judge(rules: Sequence[Rule], terms: Terms, numbers: Mapping[str, int]) -> Judged:
    parts = tuple(_part(rule, numbers) for rule in rules)
    limits = [part.rule.floor_grade for part in parts if part.broken]
    return Judged(
        _points(parts),
        number_of(terms.sample, numbers),
        max(limits, key=_ORDER.index, default=""),
        parts,
    )


_ORDER = [str(grade) for grade in Grade]  # the best first


def _points(parts: Sequence[Part]) -> int | None:
    rates = [part for part in parts if part.rule.kind == RATE]
    known = [(part.earned, part.rule.points) for part in rates if part.earned is not None]
    possible = sum(points for _earned, points in known)
    if not possible:
        return None
    whole = sum(part.rule.points for part in rates)
    base = sum((earned for earned, _points in known), Fraction(0)) * whole / possible
    beside = sum(part.earned or 0 for part in parts if part.rule.kind != RATE)
    return max(0, _half_up(base + beside))


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _part(rule: Rule, numbers: Mapping[str, int]) -> Part:
    if rule.kind != RATE:
        count = number_of(rule.indicator, numbers)
        earned = min(rule.points, (rule.each or 0) * max(0, count - rule.free))
        return Part(rule, Fraction(count), Fraction(earned if rule.kind == BONUS else -earned))
    indicator = INDICATORS[rule.indicator]
    value = indicator.exactly(numbers)
    if value is None:
        return Part(rule, None, None)
    # From here on more is better, whichever way the rate counts.
    good, full = _upright(rule, value, high=indicator.good_is_high)
    floor = None if rule.floor is None else Fraction(rule.floor, WHOLE)
    broken = floor is not None and (value < floor if indicator.good_is_high else value > floor)
    return Part(rule, value, _earned(rule, good, full), broken)


def _upright(rule: Rule, value: Fraction, *, high: bool) -> tuple[Fraction, Fraction]:
    full = Fraction(rule.full_at or 0, WHOLE)
    return (value, full) if high else (1 - value, 1 - full)


def _earned(rule: Rule, value: Fraction, full: Fraction) -> Fraction:
    if value >= full:
        return Fraction(rule.points)
    if rule.loss is None:
        return rule.points * max(Fraction(0), value) / full
    return max(Fraction(0), rule.points - rule.loss * 100 * (full - value))


# -- All of them -----------------------------------------------------------------------------------


def places(terms: Terms, ranked: int) -> int:
    """How many may be excellent: rounded down, so that the share is never exceeded."""
    return ranked * terms.share // 100


def place(judged: Mapping[int, Judged], terms: Terms) -> dict[int, Placed]:
    """Ranks and grades by key. Equal points share a rank, and the next rank is left out.

    Places for excellence go down the ranks as long as all of equal points fit; the first group that
    does not fit gets none of them, and nobody behind it: a committee may confer what is left.
    """
    ranks = _ranks({key: one for key, one in judged.items() if _counts(one, terms)})
    best = _excellent(judged, ranks, terms)
    return {
        key: Placed(
            one.points,
            one.sample,
            one.limit,
            ranks.get(key),
            _grade(one, terms, excellent=key in best) if key in ranks else "",
        )
        for key, one in judged.items()
    }


def _counts(one: Judged, terms: Terms) -> bool:
    return one.points is not None and one.sample >= terms.min_sample


def _ranks(judged: Mapping[int, Judged]) -> dict[int, int]:
    first: dict[int, int] = {}
    down = sorted((one.points or 0 for one in judged.values()), reverse=True)
    for rank, points in enumerate(down, start=1):
        first.setdefault(points, rank)
    return {key: first[one.points or 0] for key, one in judged.items()}


def candidates(one: Judged | Placed, terms: Terms) -> bool:
    """Whether somebody ranked may be excellent at all."""
    return not one.limit and one.points is not None and one.points >= terms.excellent_from


def _excellent(judged: Mapping[int, Judged], ranks: Mapping[int, int], terms: Terms) -> set[int]:
    able = sorted((rank, key) for key, rank in ranks.items() if candidates(judged[key], terms))
    left, found = places(terms, len(ranks)), set[int]()
    for _rank, group in groupby(able, key=lambda pair: pair[0]):
        keys = {key for _same, key in group}
        if len(keys) > left:
            break
        found |= keys
        left -= len(keys)
    return found


def _grade(one: Judged, terms: Terms, *, excellent: bool) -> str:
    points = one.points or 0
    if excellent:
        found = Grade.EXCELLENT
    elif points >= terms.good_from:
        found = Grade.GOOD
    else:
        found = Grade.BASIC if points >= terms.basic_from else Grade.POOR
    return max(str(found), one.limit or str(found), key=_ORDER.index)


def at_the_border(placed: Mapping[int, Placed], terms: Terms) -> set[int]:
    """Keys of those of equal points who would have been excellent, had they all fitted in."""
    able = [
        (one.rank, key)
        for key, one in placed.items()
        if one.rank is not None and one.grade != Grade.EXCELLENT and candidates(one, terms)
    ]
    first = min((rank for rank, _key in able), default=None)
    return {key for rank, key in able if rank == first}
