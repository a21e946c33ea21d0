"""A result as people read it: what each rule gave, the numbers behind it, and the ways to them."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cases.models import CallNumber
from organizations.models import User
from oversight.measures import MEASURES, Rate
from oversight.models import Appraisal, Appraised, Edition, Score
from oversight.models.facts import BODY, PERSON
from oversight.models.schemes import Of
from oversight.scoring import (
    COUNTED,
    INDICATORS,
    RATE,
    Part,
    Placed,
    Rule,
    as_read,
    judge,
    number_of,
)
from oversight.services.outcomes import as_published, numbers_of_edition, placed_by
from oversight.subjects import Subject, reach_of, subjects_of
from oversight.tables import behind

COUNTED_AS = {
    Of.DEPARTMENT: BODY, Of.COMMUNITY: "community", Of.GRID: "grid", Of.PERSON: PERSON,
}  # fmt: skip
# The calls behind each number of whistles; marks and the best marks possible are of the same ones.
CALLS_OF = {
    "whistle_called": CallNumber.CALLED,
    "whistle_on_time": CallNumber.ON_TIME,
    "whistle_late": CallNumber.LATE,
    "whistle_marks": CallNumber.MARKS,
    "whistle_marks_of": CallNumber.MARKS,
    "whistle_blown": CallNumber.BLOWN,
    "whistle_call_marks": CallNumber.CALL_MARKS,
    "whistle_call_marks_of": CallNumber.CALL_MARKS,
}


@dataclass(frozen=True, slots=True)
class Number:
    name: Any
    value: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with what it gave, and the numbers that it is made of."""

    part: Part
    numbers: list[Number]

    @property
    def is_rate(self) -> bool:
        return self.part.rule.kind == RATE


def lines_of(
    appraised: Appraised, edition: Edition, *, user: User, on: datetime.date
) -> list[Line]:
    """In the order of the scheme. Numbers open their cases for whom they are within reach."""
    rules, terms = as_read(appraised.appraisal.stored)
    numbers = numbers_of_edition(appraised.appraisal, edition.number)[appraised.pk]
    subject = _subject(appraised, user, on)
    return [
        Line(part, _numbers(part.rule, numbers, subject, appraised))
        for part in judge(rules, terms, numbers).parts
    ]


def sample_of(appraised: Appraised, score: Score, *, user: User, on: datetime.date) -> Number:
    """What decides whether there is enough to judge by."""
    _rules, terms = as_read(appraised.appraisal.stored)
    subject = _subject(appraised, user, on) if score.sample else None
    url = _behind(terms.sample, subject, appraised) if score.sample else ""
    return Number(COUNTED[terms.sample], score.sample, url)


@dataclass(frozen=True, slots=True)
class Row:
    """A result in a list; `url` opens the cases that it is judged by."""

    score: Score
    url: str = ""


def rows_of(
    appraisal: Appraisal, scores: Iterable[Score], *, user: User, on: datetime.date
) -> list[Row]:
    """For somebody who works here: cases within reach open."""
    found, of = list(scores), COUNTED_AS[Of(appraisal.scheme.of)]
    keys = {score.appraised.key for score in found}
    near = {one.key: one for one in subjects_of(reach_of(user, on=on), of, keys=keys)}
    sample = as_read(appraisal.stored)[1].sample
    for score in found:
        score.appraised.appraisal = appraisal
    return [
        Row(score, _behind(sample, near.get(score.appraised.key), score.appraised))
        if score.sample
        else Row(score)
        for score in found
    ]


def in_public(appraisal: Appraisal, scores: Iterable[Score]) -> list[Row]:
    """For everybody: numbers of cases open those of them that are published."""
    of, sample = COUNTED_AS[Of(appraisal.scheme.of)], as_read(appraisal.stored)[1].sample
    return [
        Row(score, behind(
            Subject(of, score.appraised.key, ""), sample, appraisal.period, page="oversight:public",
        ))
        if score.sample and sample in MEASURES
        else Row(score)
        for score in scores
    ]  # fmt: skip


def codes_of(appraisal: Appraisal) -> list[str]:
    """Stored numbers that the rules of an appraisal are made of, in their order."""
    rules, terms = as_read(appraisal.stored)
    named = [*(code for rule in rules for code in _codes(rule)), terms.sample]
    stored = (MEASURES[code].stored if code in MEASURES else (code,) for code in named)
    return list(dict.fromkeys(part for parts in stored for part in parts))


def _subject(appraised: Appraised, user: User, on: datetime.date) -> Subject | None:
    """None where the cases behind the numbers are beyond the reader's reach."""
    of = COUNTED_AS[Of(appraised.appraisal.scheme.of)]
    found = subjects_of(reach_of(user, on=on), of, keys={appraised.key})
    return found[0] if found else None


def _numbers(
    rule: Rule, numbers: Mapping[str, int], subject: Subject | None, appraised: Appraised
) -> list[Number]:
    return [
        Number(COUNTED[code], number_of(code, numbers), _behind(code, subject, appraised))
        for code in _codes(rule)
    ]


def _codes(rule: Rule) -> list[str]:
    if rule.kind != RATE:
        return [rule.indicator]
    indicator = INDICATORS[rule.indicator]
    if isinstance(indicator, Rate):
        parts = (*indicator.over, *indicator.under, *indicator.less)
        return list(dict.fromkeys(code for code in parts if code in COUNTED))
    return [indicator.over, indicator.under]


def _behind(code: str, subject: Subject | None, appraised: Appraised) -> str:
    period = appraised.appraisal.period
    if code in CALLS_OF:
        asked = {"number": CALLS_OF[code].value, "body": appraised.body_id}
        days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
        return f"{reverse('cases:whistles')}?{urlencode(asked | days)}"
    return behind(subject, code, period) if subject is not None else ""


# -- With other weights ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """One appraised, as it is and as it would be. `moved`: ranks gained, below zero lost."""

    score: Score
    now: Placed
    then: Placed

    @property
    def moved(self) -> int | None:
        if self.now.rank is None or self.then.rank is None:
            return None
        return self.now.rank - self.then.rank


def with_points(rules: Sequence[Rule], points: Sequence[int]) -> list[Rule]:
    """The same rules with other points; one of no points is left out."""
    pairs = zip(rules, points, strict=True)
    return [dataclasses.replace(rule, points=given) for rule, given in pairs if given > 0]


def what_if(edition: Edition, points: Sequence[int]) -> list[Beside]:
    """Side by side, in the order in which it would be. Nothing is written."""
    rules, terms = as_read(edition.appraisal.stored)
    numbers = numbers_of_edition(edition.appraisal, edition.number)
    then = placed_by(numbers, with_points(rules, points), terms)
    now = as_published(edition)
    rows = [
        Beside(score, now[score.appraised_id], then[score.appraised_id])
        for score in edition.scores.for_list()
    ]
    return sorted(rows, key=lambda row: (row.then.rank or 10**9, row.score.pk))
