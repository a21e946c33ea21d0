"""Appraisals are reviewed by two others; a committee gives free places; who sees the results."""

import datetime

import pytest

from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Post
from oversight.models import Appraisal, Appraised, Input, Signature
from oversight.services import appealing, appraising, reviewing
from oversight.services.appraisal_moves import open_to
from oversight.services.outcomes import as_published, recomputed
from tests.factories import appraisals as make
from tests.factories.appraisals import AT, GOOD, fresh, later
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


def test_who_opened_it_and_who_signed_before_do_not_sign(place, numbers):
    both = PostFactory(person=place.supervisor, body=place.party, role=Role.COMMITTEE_MEMBER)
    row = make.computed(place, numbers=numbers)
    PostFactory(person=place.assessor, body=place.party, role=Role.SUPERVISOR)
    for who in (place.assessor, place.member, place.town.handler):
        with pytest.raises(NotYours):
            reviewing.sign(row, 1, by=who, at=AT)
    assert reviewing.sign(row, 1, by=place.supervisor, at=AT) == 7
    with pytest.raises(WrongState):
        reviewing.sign(row, 1, by=place.second_assessor, at=AT)
    with pytest.raises(reviewing.NothingToSign):
        reviewing.sign(row, 2, by=both.person, at=AT)
    assert reviewing.sign(row, 2, by=place.member, at=AT) == 7
    assert fresh(row).state == "confirmed"


def test_nobody_signs_for_his_own_body_and_another_does_the_rest(place, offices):
    PostFactory(person=place.supervisor, body=offices[0], role=Role.HANDLER)
    row = make.computed(place)
    assert reviewing.sign(row, 1, by=place.supervisor, at=AT) == 6
    assert fresh(row).state == "first"
    with pytest.raises(reviewing.NothingToSign):
        reviewing.sign(row, 1, by=place.supervisor, at=AT)
    assert reviewing.sign(row, 1, by=place.second_assessor, at=AT) == 1
    assert fresh(row).state == "second"


def test_nobody_signs_for_himself(place):
    handler = place.town.handler
    PostFactory(person=handler, body=place.party, role=Role.SUPERVISOR)
    PostFactory(body=place.town.office, role=Role.HANDLER)
    row = make.computed(place, make.scheme(of="person", role=Role.HANDLER))
    assert reviewing.sign(row, 1, by=handler, at=AT) == 1
    assert not Signature.objects.filter(score__appraised__person=handler).exists()


def test_a_reviewer_sends_it_back_and_it_is_stored_anew(place, numbers):
    row = make.computed(place, numbers=numbers)
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    with pytest.raises(RuleViolation):
        appraising.send_back(row, reason="", by=place.member, at=AT)
    appraising.send_back(row, reason="少计一件", by=place.member, at=AT)
    assert (fresh(row).state, fresh(row).collected) == ("computing", 0)
    office = next(iter(numbers))
    make.collect(row, {**numbers, office: {**GOOD, "rework": 1}})
    again = fresh(row)
    assert (again.state, again.edition) == ("first", 2)
    assert make.score(again, office).points == 9980
    assert [one.reason for one in again.editions.order_by("number")] == ["", "少计一件"]
    assert Input.objects.filter(edition=2).count() == 1
    first, second = again.editions.order_by("number")
    assert [recomputed(one) == as_published(one) for one in (first, second)] == [True, True]
    with pytest.raises(WrongState):
        reviewing.sign(again, 2, by=place.member, at=AT)
    assert reviewing.sign(again, 1, by=place.supervisor, at=AT) == 7


def test_moves_open_to_people(place, numbers):
    row = make.computed(place, numbers=numbers)
    assert open_to(place.assessor, row, at=AT) == ["cancel"]
    assert open_to(place.supervisor, row, at=AT) == ["sign_first", "return"]
    assert open_to(place.member, row, at=AT) == ["return"]
    assert open_to(place.town.handler, row, at=AT) == []


def test_posts_of_the_day_decide(place):
    Post.objects.filter(person=place.supervisor).update(valid_to=datetime.date(2026, 12, 1))
    row = make.computed(place)
    with pytest.raises(NotYours):
        reviewing.sign(row, 1, by=place.supervisor, at=AT)


# -- Free places -----------------------------------------------------------------------------------


def test_a_committee_gives_the_free_place_to_one_of_equals(place, tied):
    row = make.computed(place, numbers=tied)
    first, one, other, last = list(tied)[:4]
    assert [make.score(row, each).grade for each in (first, one)] == ["excellent", "good"]
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    edition = fresh(row).editions.get()
    assert reviewing.eligible(edition) == {make.of(row, one).pk, make.of(row, other).pk}
    who = {"by": place.member, "at": AT}
    for refused in (first, last):
        with pytest.raises(RuleViolation):
            reviewing.confer(make.score(row, refused), reason="x", **who)
    with pytest.raises(RuleViolation):
        reviewing.confer(make.score(row, one), reason="", **who)
    with pytest.raises(NotYours):
        reviewing.confer(make.score(row, one), reason="x", by=place.supervisor, at=AT)
    reviewing.confer(make.score(row, one), reason="工作量更大", **who)
    assert make.score(row, one).final == "excellent"
    with pytest.raises(RuleViolation):
        reviewing.confer(make.score(row, other), reason="x", **who)
    assert fresh(edition).excellent == 2


def test_what_was_conferred_stays_in_a_later_outcome_while_it_may(place, tied):
    row = make.computed(place, numbers=tied)
    reviewing.sign(row, 1, by=place.supervisor, at=AT)
    one, last = list(tied)[1], list(tied)[-1]
    reviewing.confer(make.score(row, one), reason="工作量更大", by=place.member, at=AT)
    reviewing.sign(row, 2, by=place.member, at=AT)
    row = appraising.publicise(fresh(row), by=place.assessor, at=AT)
    chief = PostFactory(body=last, role=Role.DEPARTMENT_HEAD).person
    asked = make.appealed(row, last, by=chief, wanted={"closed_late": 14})
    appealing.grant(asked, answer="属实", by=place.secretary, at=later(days=1))
    assert make.score(fresh(row), one).final == "excellent"
    assert fresh(row).editions.get(number=2).excellent == 2


# -- Who sees what ---------------------------------------------------------------------------------


def seen(user, row):
    """(the appraisal itself, how many of its appraised) that a person sees."""
    on = AT.date()
    appraisals = Appraisal.objects.visible_to(user, on=on).filter(pk=row.pk)
    rows = Appraised.objects.visible_to(user, on=on).filter(appraisal=row)
    return appraisals.exists(), rows.count()


def test_before_its_publicity_only_those_who_work_on_it_see_it(place, numbers):
    row, head = make.reviewed(place, numbers=numbers), next(iter(numbers)).chief
    stranger = make.elsewhere(place).assessor
    assert [seen(who, row) for who in (place.assessor, place.member, head, stranger)] == [
        (True, 7), (True, 7), (False, 0), (False, 0),
    ]  # fmt: skip
    appraising.publicise(row, by=place.assessor, at=AT)
    assert [seen(who, row) for who in (head, stranger)] == [(True, 7), (False, 0)]


def test_results_of_people_are_seen_by_themselves_and_their_chain(place):
    town = place.town
    colleague = PostFactory(body=town.office, role=Role.HANDLER).person
    other = make.department(place)
    row = make.publicised(place, make.scheme(of="person", role=Role.HANDLER))
    assert row.appraised.count() == 2
    assert [seen(who, row)[1] for who in (town.handler, colleague, town.head, other.chief)] == [
        1, 1, 2, 0,
    ]  # fmt: skip
    assert [seen(who, row)[1] for who in (place.secretary, place.supervisor)] == [2, 2]
    assert seen(make.elsewhere(place).assessor, row) == (False, 0)


def test_everybody_reads_published_results_of_bodies_never_of_people(place, numbers):
    bodies = make.published(place, numbers=numbers)
    make.published(place, make.scheme(of="person", role=Role.HANDLER))
    make.publicised(place, make.scheme(), numbers=numbers)
    assert list(Appraisal.objects.published()) == [bodies]
