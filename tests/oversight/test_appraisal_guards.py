"""What the tables of appraisals refuse, whoever writes to them."""

import pytest
from django.db import Error, IntegrityError, transaction

from lib.roles import Role
from oversight.models import Appraisal, Edition, Input, Score, Signature
from oversight.services import reviewing
from oversight.workflow import State
from tests.factories import appraisals as make
from tests.factories.appraisals import AT, later
from tests.factories.organizations import LONG_AGO, PostFactory

pytestmark = pytest.mark.django_db


def refused(act):
    with pytest.raises((IntegrityError, Error)), transaction.atomic():
        act()


def test_the_database_refuses_signatures_of_the_wrong_people(place, offices):
    PostFactory(person=place.supervisor, body=offices[0], role=Role.HANDLER)
    row = make.computed(place)
    mine, theirs = make.score(row, offices[0]), make.score(row, offices[1])

    def signature(score, by, level=1):
        return lambda: Signature.objects.create(
            score=score, level=level, by=by, day=AT.date(), at=AT
        )

    refused(signature(mine, place.supervisor))
    refused(signature(theirs, place.assessor))
    refused(signature(theirs, place.member, level=2))
    refused(signature(theirs, place.supervisor, level=3))
    signature(theirs, place.supervisor)()
    refused(signature(theirs, place.second_assessor))


def test_the_database_refuses_one_person_on_two_levels(place):
    row = make.computed(place)
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    score = make.score(row, place.town.office)
    refused(lambda: Signature.objects.create(
        score=score, level=2, by=place.supervisor, day=AT.date(), at=AT))  # fmt: skip


def test_the_database_refuses_to_confirm_what_is_not_signed(place, numbers):
    row = make.computed(place, numbers=numbers)
    rows = Appraisal.objects.filter(pk=row.pk)
    refused(lambda: rows.update(state=State.SECOND))
    refused(lambda: rows.update(state=State.CONFIRMED))
    refused(
        lambda: rows.update(state=State.PUBLICISED, publicised_at=AT, appeal_until=later(days=1))
    )
    refused(lambda: rows.update(stored={}))
    refused(lambda: rows.update(opened_by=place.member))
    refused(rows.delete)


def test_the_database_counts_places_for_excellence(place, tied):
    row = make.computed(place, numbers=tied)
    edition, last = row.editions.get(), make.score(row, list(tied)[-1])
    rows = Edition.objects.filter(pk=edition.pk)
    refused(lambda: rows.update(places=3))
    refused(lambda: rows.update(excellent=0))
    refused(lambda: rows.update(excellent=2))
    more = {"appraisal": row, "number": 2, "reason": "x", "made_by": place.member, "made_at": AT,
            "fingerprint": "x"}  # fmt: skip
    refused(lambda: Edition.objects.create(**more, share=20, ranked=9, places=2))
    refused(lambda: Edition.objects.create(**more, share=26, ranked=9, places=1))
    refused(lambda: Edition.objects.create(**{**more, "reason": ""}, share=20, ranked=9, places=1))
    fresh_one = Edition.objects.create(**more, share=20, ranked=5, places=1)
    given = {"edition": fresh_one, "points": 1, "sample": 9, "rank": 1, "grade": "excellent"}
    Score.objects.create(**given, appraised=last.appraised)
    refused(lambda: Score.objects.create(**given, appraised=make.of(row, next(iter(tied)))))


def test_results_and_stored_numbers_are_never_rewritten(place, numbers):
    row = make.computed(place, numbers=numbers)
    refused(lambda: Score.objects.update(points=1))
    refused(lambda: Input.objects.update(value=1))
    refused(Input.objects.all().delete)
    refused(lambda: row.events.update(move="x"))
    refused(lambda: row.appraised.update(person=place.member))


@pytest.mark.parametrize(
    "said",
    [
        {"excellent_share": 26},
        {"good_from": 9500},
        {"of": "person"},
        {"role": Role.HANDLER},
        {"appeal_days": 0},
        {"valid_to": LONG_AGO},
    ],
)
def test_schemes_that_cannot_be(said):
    with pytest.raises(IntegrityError):
        make.scheme(**said)


@pytest.mark.parametrize(
    "said",
    [
        {"points": 0, "full_at": 9000},
        {"points": 5, "full_at": None},
        {"points": 5, "full_at": 10_001},
        {"points": 5, "full_at": 9000, "floor": 10},
        {"points": 5, "full_at": 9000, "floor_grade": "poor"},
        {"points": 5, "full_at": 9000, "each": 1},
        {"kind": "bonus", "points": 5},
        {"kind": "bonus", "points": 5, "each": 1, "full_at": 9000},
    ],
)
def test_rules_that_cannot_be(said):
    used = make.scheme()
    with pytest.raises(IntegrityError):
        make.rule(used, "solved_rate", **said)
