"""Each movement: what it does, what it refuses, and that a refusal changes nothing."""

import datetime

import pytest
from django.db import transaction

from funding import services
from funding.models import Entry, Hold, Posting
from funding.services import HoldRequest, ReserveRequest
from grids.models import ChangeCounter
from tests.factories.funding import LineFactory, PurposeFactory
from tests.funding.conftest import SUBJECT

pytestmark = pytest.mark.django_db


def written():
    return Posting.objects.count(), Entry.objects.count(), Hold.objects.count()


def ask(line, purpose, amount, key, subject=SUBJECT):
    return ReserveRequest(line.pk, purpose.pk, amount, subject, key)


def test_receive_makes_money_free(line, clerk, at, buckets):
    posting = services.receive(line, amount=50_00, key="gift", by=clerk, at=at, note="年初下达")

    assert buckets(line) == (1_050_00, 1_050_00, 0, 0, 0)
    assert (posting.kind, posting.by, posting.at, posting.note) == (
        "receive", clerk, at, "年初下达",
    )  # fmt: skip


def test_reserve_moves_free_money_into_a_hold(line, reserved, repairs, at, buckets, parts):
    assert buckets(line) == (1_000_00, 700_00, 300_00, 0, 0)
    assert (reserved.amount, reserved.open, reserved.payable, reserved.paid) == (
        300_00,
        300_00,
        0,
        0,
    )
    assert parts(reserved) == (300_00, 300_00, 0, 0)
    assert (reserved.line, reserved.purpose, reserved.made_at) == (line, repairs, at)
    assert (reserved.subject_kind, reserved.subject_key) == SUBJECT


def test_settle_owes_the_actual_cost_and_gives_the_rest_back(
    line, reserved, clerk, at, buckets, parts
):
    hold = services.settle(reserved, actual=180_50, key="settle:17", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 819_50, 0, 180_50, 0)
    assert parts(hold) == (300_00, 0, 180_50, 0)
    assert hold.released == 119_50


def test_settle_of_the_whole_hold_releases_nothing(line, reserved, clerk, at, buckets):
    services.settle(reserved, actual=300_00, key="settle:17", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 700_00, 0, 300_00, 0)


def test_settle_at_no_cost_gives_everything_back(line, reserved, clerk, at, buckets):
    services.settle(reserved, actual=0, key="settle:17", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)


def test_settle_part_keeps_the_rest_for_the_next_bill(line, reserved, clerk, at, buckets):
    services.settle_part(reserved, actual=100_00, key="bill:1", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 700_00, 200_00, 100_00, 0)

    services.settle(reserved, actual=50_00, key="bill:2", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 850_00, 0, 150_00, 0)


def test_release_gives_everything_back(line, reserved, clerk, at, buckets, parts):
    hold = services.release(reserved, key="release:17", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 1_000_00, 0, 0, 0)
    assert parts(hold) == (300_00, 0, 0, 0)


def test_pay_spends_what_is_owed_in_parts(line, reserved, clerk, at, buckets, parts):
    services.settle(reserved, actual=200_00, key="settle:17", by=clerk, at=at)
    services.pay(reserved, amount=150_00, key="pay:1", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 800_00, 0, 50_00, 150_00)

    hold = services.pay(reserved, amount=50_00, key="pay:2", by=clerk, at=at)
    assert buckets(line) == (1_000_00, 800_00, 0, 0, 200_00)
    assert parts(hold) == (300_00, 0, 0, 200_00)


def test_top_up_adds_to_the_same_hold(line, reserved, clerk, at, buckets, parts):
    hold = services.top_up(reserved, amount=100_00, key="more:17", by=clerk, at=at)

    assert buckets(line) == (1_000_00, 600_00, 400_00, 0, 0)
    assert parts(hold) == (400_00, 400_00, 0, 0)
    assert services.settle(hold, actual=380_00, key="s", by=clerk, at=at).payable == 380_00


def test_transfer_moves_free_money_between_lines_of_one_source(line, clerk, at, buckets):
    other = LineFactory(source=line.source)

    posting = services.transfer(line, other, amount=400_00, key="t", by=clerk, at=at)

    assert buckets(line) == (600_00, 600_00, 0, 0, 0)
    assert buckets(other) == (400_00, 400_00, 0, 0, 0)
    assert list(posting.entries.order_by("position").values_list("line", "amount")) == [
        (line.pk, 400_00), (other.pk, 400_00),
    ]  # fmt: skip


def test_expire_holds_releases_what_is_overdue_once(line, repairs, clerk, at, buckets):
    def keep(key, hours):
        return services.reserve(
            line, amount=100_00, purpose=repairs, subject=SUBJECT, key=key, by=clerk, at=at,
            expires_at=at + datetime.timedelta(hours=hours),
        )  # fmt: skip

    overdue, later = keep("a", 1), keep("b", 3)
    now = at + datetime.timedelta(hours=2)

    assert services.expire_holds(at=now) == 1
    assert services.expire_holds(at=now) == 0
    assert buckets(line) == (1_000_00, 900_00, 100_00, 0, 0)

    services.top_up(overdue, amount=50_00, key="c", by=clerk, at=now)
    assert services.expire_holds(at=now) == 1
    assert buckets(line) == (1_000_00, 900_00, 100_00, 0, 0)
    later.refresh_from_db()
    assert later.open == 100_00


def test_reverse_undoes_a_posting_once(line, reserved, clerk, at, buckets, parts):
    services.settle(reserved, actual=180_00, key="settle:17", by=clerk, at=at)
    wrong = Posting.objects.get(key="settle:17")

    back = services.reverse(wrong, key="undo", by=clerk, at=at, reason="发票金额有误")

    assert buckets(line) == (1_000_00, 700_00, 300_00, 0, 0)
    assert parts(reserved) == (420_00, 300_00, 0, 0)
    assert (back.reverses, back.note) == (wrong, "发票金额有误")
    with pytest.raises(services.CannotReverse):
        services.reverse(wrong, key="undo again", by=clerk, at=at, reason="再次")
    with pytest.raises(services.CannotReverse):
        services.reverse(back, key="undo the undoing", by=clerk, at=at, reason="恢复")


def test_reverse_is_refused_when_the_money_has_moved_on(line, reserved, clerk, at, buckets):
    received = Posting.objects.get(kind="receive")

    with pytest.raises(services.CannotReverse):
        services.reverse(received, key="undo", by=clerk, at=at, reason="到账有误")

    assert buckets(line) == (1_000_00, 700_00, 300_00, 0, 0)


# -- Refusals ----------------------------------------------------------------------------------


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


# -- Keys --------------------------------------------------------------------------------------


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


# -- Who waits for money -------------------------------------------------------------------------


def test_new_money_and_a_lifted_freeze_are_counted_after_the_commit(
    line, clerk, at, django_capture_on_commit_callbacks
):
    def counted(act):
        before = ChangeCounter.objects.filter(subject="lines").values_list("value", flat=True)
        before = sum(before)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return ChangeCounter.objects.get(subject="lines").value - before

    who = {"by": clerk, "at": at}
    other = LineFactory(source=line.source)
    for act in (
        lambda: services.receive(line, amount=5, key="a", **who),
        lambda: services.transfer(line, other, amount=5, key="b", **who),
        lambda: services.reverse(Posting.objects.get(key="b"), key="c", reason="误", **who),
        lambda: services.lift(because="已核对", **who),
    ):
        assert counted(act) == 1
