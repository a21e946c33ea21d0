"""Money of a wish: given, found on the account, kept, owed, paid; every fen in the ledger."""

import pytest

from funding import services as funding
from funding.models import Donation, Hold
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from tests.factories import hours as places
from tests.factories import wishes as make
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.hours import AT
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.public_money import donation_line
from volunteers.models import Take, Wish
from volunteers.services import taking, wish_money
from volunteers.services.taking import For

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return places.make_place()


@pytest.fixture
def clerk(place):
    return PostFactory(role=Role.FINANCE_MAKER, body=place.body).person


@pytest.fixture
def reviewer(place):
    return PostFactory(role=Role.FINANCE_CHECKER, body=place.body).person


@pytest.fixture
def purpose():
    return PurposeFactory()


@pytest.fixture
def line(place, purpose):
    return donation_line(purpose, body=place.body)


@pytest.fixture
def wish(place):
    return make.listed(place, kind="money", amount=300_00, title="助学心愿", text="")


def buckets(line):
    line.refresh_from_db()
    return line.received, line.available, line.reserved, line.payable, line.spent


def test_every_fen_of_a_gift_shows_until_it_is_paid(wish, line, clerk, reviewer, purpose):
    take = make.taken(wish)
    who = {"by": clerk, "at": AT}
    with pytest.raises(RuleViolation):
        taking.deliver(take, note="x", by=take.taker, at=AT)

    for _time in range(2):
        gift = wish_money.record_gift(take, line, **who)
    assert Donation.objects.count() == 1
    assert (gift.amount, gift.public_name) == (300_00, "")
    with pytest.raises(WrongState):
        wish_money.keep_money(take, purpose, **who)
    funding.confirm_donation(gift, by=reviewer, at=AT)
    assert buckets(line) == (300_00, 300_00, 0, 0, 0)

    for _time in range(2):
        hold = wish_money.keep_money(take, purpose, **who)
    assert (hold.subject_kind, hold.subject_key) == ("volunteers.wish", str(wish.pk))
    assert buckets(line) == (300_00, 0, 300_00, 0, 0)
    wish_money.owe_money(take, **who)
    assert buckets(line) == (300_00, 0, 0, 300_00, 0)
    with pytest.raises(RuleViolation):
        taking.deliver(take, note="x", by=take.taker, at=AT)
    funding.pay(Hold.objects.get(), amount=300_00, key="pay", by=reviewer, at=AT)

    fresh = Take.objects.get(pk=take.pk)
    taking.deliver(fresh, note="已转入学校账户", by=take.taker, at=AT)
    taking.confirm_receipt(fresh, by=wish.asker, at=AT)
    assert Wish.objects.get().state == "granted"
    assert buckets(line) == (300_00, 0, 0, 0, 300_00)
    moves = Take.objects.get().events.order_by("number").values_list("move", flat=True)
    assert list(moves) == ["take", "keep", "deliver", "confirm"]


def test_a_community_grants_a_wish_from_its_own_line(wish, place, clerk, purpose):
    own = LineFactory(body=place.body, purposes=[purpose], free=1_000_00)
    take = make.taken(wish, by=place.organizer, whom=For(body=place.body))
    with pytest.raises(RuleViolation):
        wish_money.record_gift(take, own, by=clerk, at=AT)
    with pytest.raises(RuleViolation):
        wish_money.keep_money(take, purpose, by=clerk, at=AT)
    wish_money.keep_money(take, purpose, line=own, by=clerk, at=AT)
    assert buckets(own) == (1_000_00, 700_00, 300_00, 0, 0)
    with pytest.raises(WrongState):
        taking.give_back(take, reason="x", by=place.organizer, at=AT)
    wish_money.free_money(take, by=clerk, at=AT)
    assert buckets(own) == (1_000_00, 1_000_00, 0, 0, 0)
    taking.give_back(Take.objects.get(), reason="改由捐赠人认领", by=place.organizer, at=AT)


def test_only_a_clerk_of_the_line_moves_money(wish, line, clerk, purpose):
    take = make.taken(wish)
    elsewhere = PostFactory(role=Role.FINANCE_MAKER).person
    for who in (take.taker, elsewhere, UserFactory()):
        with pytest.raises(NotYours):
            wish_money.record_gift(take, line, by=who, at=AT)
    assert Donation.objects.count() == 0


def test_a_wish_for_things_has_no_money(place, line, clerk):
    take = make.taken(make.listed(place))
    with pytest.raises(wish_money.NotAMoneyWish):
        wish_money.record_gift(take, line, by=clerk, at=AT)


def test_what_waits_for_a_clerk(wish, line, clerk, place, purpose):
    take = make.taken(wish)
    day = AT.date()
    assert list(Take.objects.money_waiting(clerk, on=day)) == [take]
    assert list(Take.objects.money_waiting(place.organizer, on=day)) == []
    elsewhere = PostFactory(role=Role.FINANCE_MAKER, body=places.make_place().body).person
    assert list(Take.objects.money_waiting(elsewhere, on=day)) == []


def test_kept_money_does_not_lapse_with_the_time(wish, line, clerk, reviewer, purpose):
    take = make.taken(wish)
    gift = wish_money.record_gift(take, line, by=clerk, at=AT)
    funding.confirm_donation(gift, by=reviewer, at=AT)
    wish_money.keep_money(take, purpose, by=clerk, at=AT)
    assert taking.lapse_overdue(by=UserFactory.system(), at=AT.replace(year=2027)) == 0
