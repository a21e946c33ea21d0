"""A key used again changes nothing; many at once cost as much as one."""

import datetime

import pytest
from django.db import transaction

from funding import services
from funding.models import Entry, Hold, Posting
from funding.services import HoldRequest, ReserveRequest
from tests.factories.funding import LineFactory, PurposeFactory
from tests.funding.conftest import SUBJECT

pytestmark = pytest.mark.django_db


def written():
    return Posting.objects.count(), Entry.objects.count(), Hold.objects.count()


def ask(line, purpose, amount, key, subject=SUBJECT):
    return ReserveRequest(line.pk, purpose.pk, amount, subject, key)


def test_a_key_used_again_answers_as_before_and_changes_nothing(
    line, repairs, reserved, clerk, at, buckets
):
    later = at + datetime.timedelta(days=1)
    other = LineFactory(source=line.source)
    acts = [
        lambda at: services.receive(line, amount=7, key="k1", by=clerk, at=at),
        lambda at: services.transfer(line, other, amount=7, key="k2", by=clerk, at=at),
        lambda at: services.reserve(
            line, amount=7, purpose=repairs, subject=("x", "1"), key="k3", by=clerk, at=at
        ),
        lambda at: services.top_up(reserved, amount=7, key="k4", by=clerk, at=at),
        lambda at: services.settle_part(reserved, actual=9, key="k5", by=clerk, at=at),
        lambda at: services.pay(reserved, amount=4, key="k6", by=clerk, at=at),
        lambda at: services.settle(reserved, actual=9, key="k7", by=clerk, at=at),
        lambda at: services.reverse(
            Posting.objects.get(key="k6"), key="k8", by=clerk, at=at, reason="误付"
        ),
    ]
    for act in acts:
        first = act(at)
        stored, rows = buckets(line), written()
        again = act(later)
        assert (again, type(again)) == (first, type(first))
        assert (buckets(line), written()) == (stored, rows)


def test_a_release_replayed_after_the_hold_was_filled_again_changes_nothing(
    line, reserved, clerk, at, buckets
):
    services.release(reserved, key="r", by=clerk, at=at)
    services.top_up(reserved, amount=5_00, key="t", by=clerk, at=at)

    services.release(reserved, key="r", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 995_00, 5_00, 0, 0)


def test_a_replay_is_answered_when_no_money_is_left(line, repairs, clerk, at):
    def act():
        return services.reserve(
            line, amount=1_000_00, purpose=repairs, subject=SUBJECT, key="all", by=clerk, at=at
        )

    assert act() == act()


def test_a_key_used_for_something_else_is_refused(line, repairs, reserved, clerk, at, buckets):
    who = {"by": clerk, "at": at}
    services.receive(line, amount=7, key="k1", **who)
    for act in (
        lambda: services.receive(line, amount=8, key="k1", **who),
        lambda: services.release(reserved, key="k1", **who),
        lambda: services.settle(reserved, actual=7, key="reserve:17", **who),
        lambda: services.reserve(
            line, amount=300_00, purpose=repairs, subject=("x", "2"), key="reserve:17", **who
        ),
        lambda: services.reserve_many([ask(line, repairs, 1, "reserve:17")], **who),
    ):
        with pytest.raises(services.KeyReused):
            act()
    assert buckets(line) == (1_000_07, 700_07, 300_00, 0, 0)


# -- Batches -----------------------------------------------------------------------------------


def test_reserve_many_gives_what_fits_in_order(line, repairs, clerk, at, buckets):
    other = LineFactory(purposes=[repairs], free=10_00)
    requests = [
        ask(line, repairs, 600_00, "a"),
        ask(other, repairs, 10_00, "b"),
        ask(line, repairs, 500_00, "c"),
        ask(line, repairs, 400_00, "d"),
        ask(other, repairs, 1, "e"),
        ask(line, PurposeFactory(), 1, "f"),
        ask(line, repairs, 600_00, "a"),
    ]

    holds = services.reserve_many(requests, by=clerk, at=at)

    assert [hold and hold.open for hold in holds] == [
        600_00, 10_00, None, 400_00, None, None, 600_00,
    ]  # fmt: skip
    assert holds[0] == holds[6]
    assert buckets(line) == (1_000_00, 0, 1_000_00, 0, 0)
    assert buckets(other) == (10_00, 0, 10_00, 0, 0)
    again = services.reserve_many(requests, by=clerk, at=at)
    assert again == holds


def test_reserve_many_of_nothing_is_nothing(clerk, at):
    assert services.reserve_many([], by=clerk, at=at) == []


def test_a_batch_costs_the_same_queries_for_one_and_for_many(
    line, repairs, clerk, at, django_assert_num_queries
):
    lines = [line, *(LineFactory(purposes=[repairs], free=1_000_00) for _ in range(4))]
    who = {"by": clerk, "at": at}

    def requests(count, name):
        return [ask(lines[n % 5], repairs, 1_00, f"{name}:{n}") for n in range(count)]

    # Savepoint, lock, keys, purposes, holds, postings, entries, release of the savepoint.
    with django_assert_num_queries(8):
        services.reserve_many(requests(1, "one"), **who)
    with django_assert_num_queries(8):
        holds = services.reserve_many(requests(40, "many"), **who)

    def resolutions(found, name):
        return [HoldRequest(hold, f"{name}:{hold.pk}", 60) for hold in found]

    # Savepoint, lock, keys, holds, postings, entries, release of the savepoint.
    for act in (services.settle_many, services.pay_many):
        with django_assert_num_queries(7):
            act(resolutions(holds[:1], act.__name__), **who)
        with django_assert_num_queries(7):
            act(resolutions(holds[1:], act.__name__), **who)
    for stored in lines:
        stored.refresh_from_db()
    assert [(x.available, x.spent) for x in lines] == [
        (1_000_00 - 8 * 60 - (100 if x == line else 0), 8 * 60) for x in lines
    ]


def test_release_many_answers_in_order_and_skips_what_is_closed(line, repairs, clerk, at, buckets):
    holds = services.reserve_many(
        [ask(line, repairs, 1_00, key) for key in ("a", "b")], by=clerk, at=at
    )
    services.release(holds[0], key="x", by=clerk, at=at)

    answers = services.release_many(
        [HoldRequest(hold, f"r{hold.pk}") for hold in holds], by=clerk, at=at
    )

    assert answers == [None, holds[1]]
    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_a_refusal_leaves_an_outer_transaction_usable(line, repairs, clerk, at, buckets):
    with transaction.atomic():
        with pytest.raises(services.NotEnoughMoney):
            services.reserve(
                line, amount=2_000_00, purpose=repairs, subject=SUBJECT, key="k", by=clerk, at=at
            )
        services.receive(line, amount=5, key="still", by=clerk, at=at)
    assert buckets(line) == (1_000_05, 1_000_05, 0, 0, 0)
