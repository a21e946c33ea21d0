"""Each movement of money: what it does to the line and to what is kept."""

import datetime

import pytest

from funding import services
from funding.models import Posting
from grids.models import ChangeCounter
from tests.factories.funding import LineFactory
from tests.funding.conftest import SUBJECT

pytestmark = pytest.mark.django_db


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
