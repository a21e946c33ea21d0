"""Several people at once: a result is signed once a level, the last place goes to one."""

import pytest

from lib.errors import RuleViolation
from oversight.models import Conferral, Edition, Signature
from oversight.services import appealing, appraising, reviewing
from tests.factories import appraisals as make
from tests.factories.appraisals import AFTER_APPEALS, AT, BAD, GOOD, fresh, later
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """Each test computes itself what a worker would compute after the commit."""
    monkeypatch.setattr("oversight.appraisal_notifications.wake_assessor", lambda: None)


def tried(act):
    """Whether it was done, or a rule refused it."""
    try:
        act()
    except RuleViolation:
        return False
    return True


def test_two_reviewers_sign_at_once_and_every_result_is_signed_once():
    place = make.make_place()
    row = make.computed(place)
    who = [place.supervisor, place.second_assessor]
    done = at_once(2, lambda n: tried(lambda: reviewing.sign(row, 1, by=who[n], at=AT)))
    assert sorted(done) == [False, True]
    assert Signature.objects.count() == row.total
    assert fresh(row).state == "second"


def test_the_last_place_for_excellence_goes_to_one():
    place = make.make_place()
    offices = [make.department(place, head=False) for _each in range(5)]
    row = make.computed(
        place, numbers=dict(zip(offices, [GOOD, GOOD, GOOD, BAD, BAD], strict=True))
    )
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    scores = [make.score(row, one) for one in offices[:3]]
    who = [place.member, place.other_member, place.secretary]
    done = at_once(
        3, lambda n: tried(lambda: reviewing.confer(scores[n], reason="x", by=who[n], at=AT))
    )
    assert sorted(done) == [False, False, True]
    assert (Conferral.objects.count(), Edition.objects.get().excellent) == (1, 1)


def test_workers_that_compute_at_once_store_every_number_once():
    place = make.make_place()
    for _each in range(5):
        make.department(place, head=False)
    row = make.opened(place)

    def act(_number):
        return sum(iter(lambda: appraising.collect(row, at=AT, limit=2), 0))

    assert sum(at_once(3, act)) == 7
    assert (fresh(row).state, Edition.objects.count()) == ("first", 1)


def test_an_appeal_and_the_publication_do_not_pass_each_other():
    place = make.make_place()
    office = make.department(place)
    row = make.publicised(place, numbers={office: GOOD})
    asked = make.appealed(row, office, by=office.chief, at=later(days=1))

    def act(number):
        if number:
            return tried(lambda: appraising.publish(row, by=place.assessor, at=AFTER_APPEALS))
        return tried(
            lambda: appealing.grant(asked, answer="属实", by=place.secretary, at=AFTER_APPEALS)
        )

    granted, published = at_once(2, act)
    assert granted
    assert (fresh(row).state == "published") is published
    assert fresh(row).edition == 2
