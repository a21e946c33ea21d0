"""Neighbours' help: answered, agreed on, done, and paid with minutes if both wish."""

import pytest

from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import hours as places
from tests.factories import wishes as make
from tests.factories.hours import AT
from tests.factories.organizations import SkillFactory, UserFactory
from tests.factories.time_bank import make_bank
from volunteers import time_checks
from volunteers.models import HelpDeal, HelpPost, TimeAccount, TimeTransfer
from volunteers.services import helping, time_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return places.make_place()


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def owner(bank):
    return bank.person().person


@pytest.fixture
def other(bank):
    return bank.person().person


def answered(post, by, *, settles=True, minutes=45):
    return helping.answer_help(post, minutes=minutes, settles=settles, words="", by=by, at=AT)


def balance(person):
    return TimeAccount.objects.get(person=person).balance


@pytest.mark.parametrize("kind", ["offer", "request"])
def test_who_was_helped_pays_when_it_is_done(place, owner, other, kind):
    deal = answered(make.posted(place, by=owner, kind=kind), other)
    helper, helped = (owner, other) if kind == "offer" else (other, owner)
    with pytest.raises(NotYours):
        helping.agree(deal, by=other, at=AT)
    helping.agree(deal, by=owner, at=AT)
    with pytest.raises(NotYours):
        helping.finish_help(deal, by=helper, at=AT)
    done = helping.finish_help(deal, by=helped, at=AT)
    assert (done.state, done.transfer.subject_key) == ("done", str(deal.pk))
    assert [balance(helper), balance(helped)] == [45, -45]
    assert [found for found in time_checks.run() if found[1]] == []


@pytest.mark.parametrize(("offered", "wished"), [(True, False), (False, True), (False, False)])
def test_nothing_is_paid_unless_both_wish_it(place, owner, other, offered, wished):
    deal = answered(make.posted(place, by=owner, settles=offered), other, settles=wished)
    helping.agree(deal, by=owner, at=AT)
    assert helping.finish_help(deal, by=other, at=AT).transfer is None
    assert TimeTransfer.objects.count() == 0


def test_who_settles_has_an_account(place, owner):
    deal = answered(make.posted(place, by=owner), UserFactory())
    with pytest.raises(helping.NoAccount):
        helping.agree(deal, by=owner, at=AT)
    assert HelpDeal.objects.get().state == "proposed"


def test_who_cannot_pay_is_told_and_nothing_is_done(place, owner, other):
    deal = answered(make.posted(place, by=owner), other, minutes=90)
    helping.agree(deal, by=owner, at=AT)
    with pytest.raises(time_bank.NotEnoughTime):
        helping.finish_help(deal, by=other, at=AT)
    assert (HelpDeal.objects.get().state, balance(other)) == ("agreed", 0)


def test_nobody_answers_himself_or_twice(place, owner, other):
    post = make.posted(place, by=owner)
    with pytest.raises(NotYours):
        answered(post, owner)
    answered(post, other)
    with pytest.raises(RuleViolation):
        answered(post, other)
    helping.call_off(HelpDeal.objects.get(), reason="没时间", by=other, at=AT)
    assert answered(post, other).state == "proposed"


def test_what_is_over_is_not_answered(place, owner, other):
    post = make.posted(place, by=owner)
    with pytest.raises(NotYours):
        helping.end_help(post, by=other, at=AT)
    helping.end_help(post, by=owner, at=AT)
    with pytest.raises(WrongState):
        answered(post, other)


def test_the_clock_ends_what_has_passed_once(place):
    make.posted(place)
    later, system = AT.replace(year=2027), UserFactory.system()
    assert [helping.end_lapsed(by=system, at=later) for _time in range(2)] == [1, 0]


def test_a_worker_of_the_place_takes_down_with_a_reason(place, owner):
    post = make.posted(place, by=owner)
    with pytest.raises(NotYours):
        helping.take_down(post, reason="广告", by=places.make_place().worker, at=AT)
    with pytest.raises(RuleViolation):
        helping.take_down(post, reason="", by=place.worker, at=AT)
    assert helping.take_down(post, reason="广告", by=place.worker, at=AT).state == "ended"


def test_what_fits_is_the_other_kind_near_by_same_skill_first(place):
    skill = SkillFactory()
    wanted = make.posted(place, kind="request", skill=skill)
    other = make.posted(place)
    same = make.posted(place, skill=skill)
    make.posted(place, field="tool")
    make.posted(places.make_place())
    make.posted(place, kind="request")
    make.posted(place, by=wanted.person)
    assert list(HelpPost.objects.matching(wanted)) == [same, other]


def test_agreed_help_is_seen_by_both_alone(place, owner, other):
    deal = answered(make.posted(place, by=owner), other)
    day = AT.date()
    assert [
        HelpDeal.objects.visible_to(who, on=day).filter(pk=deal.pk).exists()
        for who in (owner, other, place.worker, UserFactory())
    ] == [True, True, False, False]
