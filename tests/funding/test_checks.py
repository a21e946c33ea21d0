"""Each check finds its own kind of damage; a failure freezes reservations and ends with code 1."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from funding import checks, services, tasks
from funding.models import CheckRun, LedgerFreeze, Posting
from tests.factories.funding import LineFactory, PurposeFactory
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db

ALL = [
    "triggers_stand",
    "lines_equal_their_entries",
    "holds_equal_their_entries",
    "holds_add_up_to_their_lines",
    "versions_have_no_gaps",
    "chains_are_intact",
    "postings_say_what_was_asked",
    "purposes_are_allowed",
    "vouchers_have_no_gaps",
    "applications_are_intact",
    "payments_are_what_applications_say",
    "quotas_are_what_was_released",
    "totals_equal_their_entries",
    "statements_are_intact",
    "donations_are_money_of_their_lines",
    "offices_do_not_conflict",
]


@pytest.fixture
def busy(line, reserved, repairs, clerk, at):
    """A ledger in which every kind of movement has happened."""
    who = {"by": clerk, "at": at}
    other = LineFactory(source=line.source, purposes=[repairs])
    services.transfer(line, other, amount=50_00, key="t", **who)
    services.top_up(reserved, amount=20_00, key="u", **who)
    services.settle_part(reserved, actual=40_00, key="p", **who)
    services.settle(reserved, actual=200_00, key="s", **who)
    services.pay(reserved, amount=100_00, key="y", **who)
    second = services.reserve(
        other, amount=10_00, purpose=repairs, subject=("x", "2"), key="r2", expires_at=at, **who
    )
    services.expire_holds(at=at)
    services.top_up(second, amount=1_00, key="u2", **who)
    services.release(second, key="rel", **who)
    services.reverse(Posting.objects.get(key="y"), key="rev", reason="重复付款", **who)
    return line


def damage(*statements):
    with without_triggers(), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def failing():
    return [name for name, findings in checks.run() if findings]


def test_a_busy_ledger_passes_every_check(busy):
    assert list(checks.run()) == [(name, []) for name in ALL]


def test_an_empty_ledger_passes_every_check():
    assert list(checks.run()) == [(name, []) for name in ALL]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE funding_line SET available = 1 + available, received = 1 + received",
            ["lines_equal_their_entries"],
        ),
        (
            "UPDATE funding_line SET payable = payable - 1, spent = spent + 1 WHERE payable > 0",
            ["lines_equal_their_entries", "holds_add_up_to_their_lines"],
        ),
        ("UPDATE funding_hold SET amount = amount + 1", ["holds_equal_their_entries"]),
        (
            "UPDATE funding_hold SET amount = amount + 1, open = open + 1",
            ["holds_equal_their_entries", "holds_add_up_to_their_lines"],
        ),
        (
            "UPDATE funding_line SET version = version + 1 WHERE version > 4",
            ["versions_have_no_gaps"],
        ),
        ("UPDATE funding_line SET head = 'x'", ["chains_are_intact"]),
        ("UPDATE funding_entry SET hash = 'x' WHERE number = 2", ["chains_are_intact"]),
        ("UPDATE funding_posting SET note = 'x' WHERE key = 't'", ["chains_are_intact"]),
        ("UPDATE funding_posting SET at = '2020-01-01' WHERE key = 't'", ["chains_are_intact"]),
        (
            "UPDATE funding_posting SET payload_hash = 'x' WHERE key = 't'",
            ["chains_are_intact", "postings_say_what_was_asked"],
        ),
        (
            "UPDATE funding_posting SET subject_key = 'x' WHERE key = 'reserve:17'",
            ["chains_are_intact", "postings_say_what_was_asked"],
        ),
        ("DELETE FROM funding_sourcepurpose", ["purposes_are_allowed"]),
    ],
)
def test_each_kind_of_damage_is_found_by_its_check(busy, statement, found):
    damage(statement)
    assert failing() == found


def test_a_lost_entry_is_found(busy):
    damage(f"DELETE FROM funding_entry WHERE number = 4 AND line_id = {busy.pk}")
    assert failing() == [
        "lines_equal_their_entries",
        "holds_equal_their_entries",
        "versions_have_no_gaps",
        "chains_are_intact",
        "postings_say_what_was_asked",
    ]


def test_an_entry_with_the_purpose_of_another_matter_is_found(busy):
    damage(f"UPDATE funding_entry SET purpose_id = {PurposeFactory().pk} WHERE hold_id IS NOT NULL")
    assert failing() == ["chains_are_intact", "postings_say_what_was_asked", "purposes_are_allowed"]


def test_a_transfer_that_does_not_balance_is_found(busy):
    damage(
        "UPDATE funding_entry SET amount = amount + 1 WHERE position = 1 AND posting_id = "
        "(SELECT id FROM funding_posting WHERE key = 't')"
    )
    assert dict(checks.run())["postings_say_what_was_asked"] == [
        "posting t: a transfer that does not balance"
    ]


def test_a_missing_trigger_is_found():
    on = " ON funding_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER funding_entry_apply{on}")
    assert dict(checks.run())["triggers_stand"] == [
        "funding_entry: trigger funding_entry_apply is missing"
    ]


def test_every_trigger_stands_after_all_migrations():
    assert list(checks.triggers_stand()) == []


def test_the_command_prints_each_check(busy):
    tasks.publish()
    out = io.StringIO()
    call_command("ledger_check", stdout=out)
    checked = [*ALL, "publications_are_in_time"]
    assert out.getvalue().splitlines() == [f"ok      {name}" for name in checked]
    assert LedgerFreeze.objects.count() == 0


def test_a_late_statement_is_reported_and_freezes_nothing(busy):
    out = io.StringIO()
    call_command("ledger_check", stdout=out)
    assert "FAILED  publications_are_in_time" in out.getvalue()
    assert LedgerFreeze.objects.count() == 0
    assert CheckRun.objects.get().passed is False


def test_the_command_fails_and_freezes_until_it_is_lifted_with_a_reason(busy):
    damage("UPDATE funding_line SET head = 'x'")
    for _ in range(2):
        with pytest.raises(CommandError):
            call_command("ledger_check", stdout=io.StringIO())
    with pytest.raises(CommandError):
        call_command("ledger_check", lift="没有问题", stdout=io.StringIO())
    assert LedgerFreeze.objects.in_force().count() == 1

    damage(
        "UPDATE funding_line SET head = (SELECT hash FROM funding_entry "
        "WHERE line_id = funding_line.id AND number = version)"
    )
    call_command("ledger_check", lift="已按备份恢复", stdout=io.StringIO())
    freeze = LedgerFreeze.objects.get()
    assert (freeze.lifted_because, freeze.lifted_by.username) == ("已按备份恢复", "system")


def test_the_nightly_task_freezes_a_damaged_ledger_and_may_run_twice(busy):
    tasks.check_ledger()
    assert LedgerFreeze.objects.count() == 0
    damage("UPDATE funding_line SET head = 'x'")
    tasks.check_ledger()
    tasks.check_ledger()
    assert LedgerFreeze.objects.in_force().count() == 1


def test_the_expiry_task_may_run_twice(line, reserved, repairs, clerk, at, buckets):
    services.reserve(
        line, amount=1_00, purpose=repairs, subject=("x", "1"), key="e", by=clerk, at=at,
        expires_at=at,
    )  # fmt: skip
    tasks.expire_holds()
    tasks.expire_holds()
    assert buckets(line) == (1_000_00, 700_00, 300_00, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_checks_read_one_moment_without_stopping_writers(busy, clerk, at):
    seen = []
    for name, findings in checks.run():
        seen.append((name, findings))
    services.receive(busy, amount=1, key="after", by=clerk, at=at)
    assert seen == [(name, []) for name in ALL]
