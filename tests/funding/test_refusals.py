"""What the ledger refuses, with a reason; a refusal changes nothing."""

import pytest

from funding import services
from funding.models import Entry, Hold, Posting
from tests.factories.funding import LineFactory, PurposeFactory
from tests.funding.conftest import SUBJECT

pytestmark = pytest.mark.django_db


def written():
    return Posting.objects.count(), Entry.objects.count(), Hold.objects.count()


def refused_reservations(line, repairs, at):
    """(arguments that differ from a good reservation, what is raised)."""
    return [
        ({"amount": 1_000_01}, services.NotEnoughMoney),
        ({"amount": 0}, services.NotAPositiveAmount),
        ({"amount": -5}, services.NotAPositiveAmount),
        ({"purpose": PurposeFactory()}, services.PurposeNotAllowed),
        ({"at": at.replace(year=2019)}, services.LineNotValid),
    ]


def test_reserve_is_refused_with_a_reason_and_changes_nothing(line, repairs, clerk, at, buckets):
    before = written()
    good = {"amount": 1, "purpose": repairs, "at": at}
    for wrong, refusal in refused_reservations(line, repairs, at):
        with pytest.raises(refusal):
            services.reserve(line, subject=SUBJECT, key="k", by=clerk, **{**good, **wrong})
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)
    assert written() == before


def test_a_refusal_names_the_amounts_in_yuan(line, repairs, clerk, at, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(services.NotEnoughMoney) as refusal:
        services.reserve(
            line, amount=2_000_00, purpose=repairs, subject=SUBJECT, key="k", by=clerk, at=at
        )
    assert str(refusal.value) == (
        "Repairs has 1,000.00 yuan free, 2,000.00 yuan is needed. "
        "Choose another line, or ask its owner to add money."
    )
    assert refusal.value.code == "not_enough_money"


def refused_resolutions(hold, clerk, at):
    who = {"key": "k", "by": clerk, "at": at}
    return [
        (lambda: services.settle(hold, actual=300_01, **who), services.MoreThanOpen),
        (lambda: services.settle(hold, actual=-1, **who), services.NotAPositiveAmount),
        (lambda: services.settle_part(hold, actual=0, **who), services.NotAPositiveAmount),
        (lambda: services.pay(hold, amount=1, **who), services.MoreThanPayable),
        (lambda: services.pay(hold, amount=0, **who), services.NotAPositiveAmount),
        (lambda: services.top_up(hold, amount=700_01, **who), services.NotEnoughMoney),
        (lambda: services.top_up(hold, amount=0, **who), services.NotAPositiveAmount),
    ]


def test_resolutions_that_do_not_fit_are_refused_and_change_nothing(
    line, reserved, clerk, at, buckets, parts
):
    before = written()
    for act, refusal in refused_resolutions(reserved, clerk, at):
        with pytest.raises(refusal):
            act()
    assert buckets(line) == (1_000_00, 700_00, 300_00, 0, 0)
    assert parts(reserved) == (300_00, 300_00, 0, 0)
    assert written() == before


def test_a_hold_is_resolved_once(line, reserved, clerk, at, buckets):
    services.release(reserved, key="first", by=clerk, at=at)
    with pytest.raises(services.NothingOpen):
        services.release(reserved, key="second", by=clerk, at=at)
    with pytest.raises(services.NothingOpen):
        services.settle(reserved, actual=0, key="third", by=clerk, at=at)
    with pytest.raises(services.NothingOpen):
        services.settle(reserved, actual=5, key="fourth", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_money_does_not_move_to_another_source_or_beyond_what_is_free(line, clerk, at, buckets):
    for target, amount, refusal in (
        (LineFactory(), 1, services.NotBetweenTheseLines),
        (line, 1, services.NotBetweenTheseLines),
        (LineFactory(source=line.source), 1_000_01, services.NotEnoughMoney),
        (LineFactory(source=line.source), 0, services.NotAPositiveAmount),
    ):
        with pytest.raises(refusal):
            services.transfer(line, target, amount=amount, key="t", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_a_frozen_ledger_reserves_nothing_and_moves_on_otherwise(
    line, repairs, reserved, clerk, at, buckets
):
    services.freeze(reason="chain", by=clerk, at=at)
    who = {"by": clerk, "at": at}

    with pytest.raises(services.LedgerIsFrozen):
        services.reserve(line, amount=1, purpose=repairs, subject=SUBJECT, key="k", **who)
    with pytest.raises(services.LedgerIsFrozen):
        services.top_up(reserved, amount=1, key="k", **who)
    services.settle(reserved, actual=300_00, key="settle", **who)
    services.pay(reserved, amount=300_00, key="pay", **who)
    services.receive(line, amount=1_00, key="receive", **who)
    assert buckets(line) == (1_001_00, 701_00, 0, 0, 300_00)

    assert services.lift(because="checked by hand", **who) == 1
    services.reserve(line, amount=1, purpose=repairs, subject=SUBJECT, key="k", **who)
