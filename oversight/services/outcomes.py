"""An outcome is made of stored numbers and stored rules, and can be made of them again."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from lib.chain import fingerprint
from organizations.models import User
from oversight.models import Appraisal, Conferral, Edition, Input, Score
from oversight.scoring import (
    Placed,
    Rule,
    Terms,
    as_read,
    at_the_border,
    judge,
    place,
    places,
)

Numbers = dict[str, int]


def numbers_of_edition(appraisal: Appraisal, number: int) -> dict[int, Numbers]:
    """By key of each appraised: the numbers that hold in an edition."""
    found: dict[int, Numbers] = {
        key: {} for key in appraisal.appraised.order_by("pk").values_list("pk", flat=True)
    }
    rows = Input.objects.filter(appraised__appraisal=appraisal, edition__lte=number)
    for key, code, value in rows.order_by("edition").values_list("appraised", "code", "value"):
        found[key][code] = value
    return found


def placed_by(
    numbers: Mapping[int, Numbers], rules: Iterable[Rule], terms: Terms
) -> dict[int, Placed]:
    """Points, ranks and grades: the same whenever it is asked."""
    lines = tuple(rules)
    return place({key: judge(lines, terms, one) for key, one in numbers.items()}, terms)


def recomputed(edition: Edition) -> dict[int, Placed]:
    """The outcome again, of what is stored."""
    rules, terms = as_read(edition.appraisal.stored)
    return placed_by(numbers_of_edition(edition.appraisal, edition.number), rules, terms)


def as_published(edition: Edition) -> dict[int, Placed]:
    """The outcome as its rows say it, without what was conferred."""
    return {
        row.appraised_id: Placed(row.points, row.sample, row.limit, row.rank, str(row.grade))
        for row in edition.scores.all()
    }


def make_edition(row: Appraisal, *, by: User, at: datetime.datetime, reason: str = "") -> Edition:
    """The next outcome of a locked appraisal; the caller saves `row.edition`."""
    rules, terms = as_read(row.stored)
    number = row.edition + 1
    numbers = numbers_of_edition(row, number)
    placed = placed_by(numbers, rules, terms)
    ranked = sum(one.rank is not None for one in placed.values())
    edition = Edition.objects.create(
        appraisal=row, number=number, reason=reason.strip()[:300], made_by=by, made_at=at,
        share=terms.share, ranked=ranked, places=places(terms, ranked),
        fingerprint=_fingerprint(row, number, numbers, placed),
    )  # fmt: skip
    _write(edition, placed)
    _carry_conferrals(edition, placed, terms)
    row.edition = number
    return edition


def _fingerprint(
    row: Appraisal, number: int, numbers: Mapping[int, Numbers], placed: Mapping[int, Placed]
) -> str:
    results = {key: [one.points, one.rank, one.grade] for key, one in sorted(placed.items())}
    inputs = {key: dict(sorted(one.items())) for key, one in sorted(numbers.items())}
    said = {"appraisal": row.pk, "edition": number, "rules": row.stored}
    return fingerprint({**said, "inputs": inputs, "results": results})


def _write(edition: Edition, placed: Mapping[int, Placed]) -> None:
    Score.objects.bulk_create(
        Score(
            edition=edition, appraised_id=key, points=one.points, sample=one.sample,
            limit=one.limit, rank=one.rank, grade=one.grade,
        )
        for key, one in sorted(placed.items())
    )  # fmt: skip


def _carry_conferrals(edition: Edition, placed: Mapping[int, Placed], terms: Terms) -> None:
    """What a committee conferred before stays with whom it may stay, as long as places last."""
    before = Conferral.objects.filter(
        score__edition__appraisal=edition.appraisal, score__edition__number=edition.number - 1
    ).select_related("score")
    border = at_the_border(placed, terms)
    free = edition.places - sum(one.grade == "excellent" for one in placed.values())
    staying = [one for one in before.order_by("pk") if one.score.appraised_id in border]
    for one in staying[:free]:
        score = Score.objects.get(edition=edition, appraised=one.score.appraised_id)
        Conferral.objects.create(score=score, reason=one.reason, by_id=one.by_id, at=one.at)


def store_numbers(found: Mapping[int, Numbers], *, edition: int) -> int:
    """Write what differs from the numbers that held before; how many."""
    known: dict[int, Numbers] = defaultdict(dict)
    rows = Input.objects.filter(appraised__in=list(found), edition__lt=edition)
    for key, code, value in rows.order_by("edition").values_list("appraised", "code", "value"):
        known[key][code] = value
    fresh = [
        Input(appraised_id=key, edition=edition, code=code, value=numbers.get(code, 0))
        for key, numbers in found.items()
        for code in sorted({*numbers, *known[key]})
        if numbers.get(code, 0) != known[key].get(code, 0)
    ]
    Input.objects.bulk_create(fresh)
    return len(fresh)
