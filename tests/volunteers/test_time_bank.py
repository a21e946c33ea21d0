"""Minutes move between two accounts, within limits, once per key; everything adds up to zero."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from lib.errors import NotYours, RuleViolation
from tests.factories.organizations import UserFactory
from tests.factories.time_bank import make_bank
from tests.triggers import without_triggers
from volunteers import time_checks
from volunteers.models import TimeAccount, TimeNote, TimeRule, TimeTransfer
from volunteers.services import time_bank as services

pytestmark = pytest.mark.django_db


def balances(*accounts):
    return [TimeAccount.objects.get(pk=account.pk).balance for account in accounts]


def failing():
    return [(name, found) for name, found in time_checks.run() if found]


def pay(source, target, minutes=30, key="k", *, by=None, at, **more):
    who = by or source.person
    return services.pay(source, target, minutes=minutes, key=key, by=who, at=at, **more)


def test_help_is_paid_by_who_received_it(ann, bo, at):
    transfer = pay(ann, bo, 45, at=at, subject=("volunteers.help", "7"), note="陪诊")

    assert balances(ann, bo) == [-45, 45]
    assert (transfer.kind, transfer.subject_key, transfer.note) == ("help", "7", "陪诊")
    assert failing() == []


def test_a_note_that_was_changed_is_found_and_one_that_was_erased_is_not_missed(ann, bo, at):
    pay(ann, bo, 45, at=at, note="陪诊")
    TimeNote.objects.update(text="陪玩")
    assert [name for name, _found in failing()] == ["notes_are_as_written"]
    TimeNote.objects.update(text="", salt="")
    assert failing() == []


def test_nobody_owes_more_than_the_rule_allows(ann, bo, at):
    pay(ann, bo, 60, at=at)
    with pytest.raises(services.NotEnoughTime) as refusal:
        pay(ann, bo, 1, "k2", at=at)
    assert "0" in str(refusal.value)
    assert balances(ann, bo) == [-60, 60]


def test_nobody_saves_more_than_the_rule_allows(bank, ann, at):
    pay(bank.pool, ann, 500, by=bank.keeper, at=at)
    TimeAccount.objects.filter(pk=ann.pk).update(ceiling=500)
    with pytest.raises(services.NoRoom):
        pay(bank.person(), ann, 1, "k2", at=at)
    assert balances(bank.pool, ann) == [-500, 500]


def test_the_community_pays_for_those_who_cannot_until_its_own_limit(bank, ann, at):
    transfer = pay(bank.pool, ann, 500, by=bank.keeper, at=at)
    with pytest.raises(services.NotEnoughTime):
        pay(bank.pool, ann, 1, "k2", by=bank.keeper, at=at)
    assert transfer.kind == "care"


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_transfer_moves_something(ann, bo, minutes, at):
    with pytest.raises(services.NotAPositiveTime):
        pay(ann, bo, minutes, at=at)


def test_a_transfer_is_between_two(ann, at):
    with pytest.raises(services.NotToOneself):
        pay(ann, ann, at=at)


def test_only_the_owner_spends(ann, bo, bank, at):
    for stranger in (bo.person, bank.keeper):
        with pytest.raises(NotYours):
            pay(ann, bo, by=stranger, at=at)
    with pytest.raises(NotYours):
        pay(bank.pool, bo, by=bo.person, at=at)
    assert TimeTransfer.objects.count() == 0


def test_a_keeper_does_not_pay_himself(bank, at):
    own = services.open_account(bank.keeper, bank.pool, by=bank.keeper, at=at)
    with pytest.raises(NotYours):
        pay(bank.pool, own, by=bank.keeper, at=at)


def test_a_keeper_of_another_community_does_not_touch_this_pool(bank, ann, at):
    other = make_bank()
    with pytest.raises(NotYours):
        pay(bank.pool, ann, by=other.keeper, at=at)
    transfer = pay(bank.pool, ann, by=bank.keeper, at=at)
    with pytest.raises(NotYours):
        services.reverse(transfer, reason="x", key="r", by=other.keeper, at=at)


def test_the_same_key_again_answers_as_before(ann, bo, at):
    first = pay(ann, bo, 20, at=at)
    assert pay(ann, bo, 20, at=at + datetime.timedelta(days=1)) == first
    assert balances(ann, bo) == [-20, 20]


def test_a_key_means_one_thing(ann, bo, bank, at):
    pay(ann, bo, 20, at=at)
    for other in ((ann, bo, 21), (ann, bank.pool, 20)):
        with pytest.raises(services.TimeKeyReused):
            pay(*other, at=at)
    assert balances(ann, bo) == [-20, 20]


def test_presents_have_a_limit_a_month(bank, ann, bo, at):
    pay(bank.pool, ann, 300, by=bank.keeper, at=at)
    who = {"by": ann.person, "at": at}
    services.give(ann, bo, minutes=80, key="g1", **who)
    with pytest.raises(services.MoreThanGifts) as refusal:
        services.give(ann, bo, minutes=21, key="g2", **who)
    assert "20" in str(refusal.value)
    services.give(ann, bank.pool, minutes=20, key="g3", **who)
    april = datetime.datetime(2026, 3, 31, 17, tzinfo=datetime.UTC)  # the 1st in the city
    services.give(ann, bo, minutes=100, key="g4", by=ann.person, at=april)
    assert balances(ann, bo) == [100, 180]


def test_confirmed_hours_are_saved_once(bank, ann, at):
    for _time in range(2):
        services.deposit(ann, minutes=90, hours="12", by=bank.keeper, at=at)
    assert balances(bank.pool, ann) == [-90, 90]


def test_a_wrong_transfer_is_taken_back_once_by_a_third_person(bank, ann, bo, at):
    transfer = pay(ann, bo, 40, at=at)
    for party in (ann.person, bo.person, UserFactory()):
        with pytest.raises(NotYours):
            services.reverse(transfer, reason="误", key="r", by=party, at=at)
    with pytest.raises(RuleViolation):
        services.reverse(transfer, reason=" ", key="r", by=bank.keeper, at=at)

    back = services.reverse(transfer, reason="误", key="r", by=bank.keeper, at=at)
    assert services.reverse(transfer, reason="误", key="r", by=bank.keeper, at=at) == back
    with pytest.raises(services.AlreadyReversed):
        services.reverse(transfer, reason="误", key="r2", by=bank.keeper, at=at)
    with pytest.raises(services.AlreadyReversed):
        services.reverse(back, reason="误", key="r3", by=bank.keeper, at=at)
    assert balances(ann, bo) == [0, 0]
    assert failing() == []


def test_what_was_spent_cannot_be_taken_back(bank, ann, bo, at):
    transfer = pay(ann, bo, 40, at=at)
    pay(bo, bank.pool, 100, "k2", at=at)
    with pytest.raises(services.NotEnoughTime):
        services.reverse(transfer, reason="误", key="r", by=bank.keeper, at=at)


def test_minutes_unused_for_long_return_to_the_pool_oldest_first(bank, ann, bo, at):
    later = at + datetime.timedelta(days=200)
    pay(bank.pool, ann, 100, "old", by=bank.keeper, at=at)
    pay(bank.pool, ann, 50, "new", by=bank.keeper, at=later)
    pay(ann, bo, 30, "spent", at=later)
    system = UserFactory.system()
    year = at + datetime.timedelta(days=366)

    assert services.lapse_due(by=system, at=later) == 0
    assert services.lapse_due(by=system, at=year) == 1
    assert services.lapse_due(by=system, at=year) == 0
    # Of the old hundred thirty were spent; the fifty and what Bo got are younger.
    assert balances(ann, bo, bank.pool) == [50, 30, -80]
    assert failing() == []


def test_accounts_take_the_limits_of_a_new_rule_as_far_as_they_can(bank, ann, bo, at):
    pay(ann, bo, 50, at=at)
    day = datetime.date(2026, 4, 1)
    TimeRule.objects.update(valid_to=day)
    TimeRule.objects.create(
        valid_from=day, overdraft=30, ceiling=40, pool_overdraft=0, keep_months=12, gift_minutes=0
    )
    at = datetime.datetime(2026, 4, 2, tzinfo=datetime.UTC)

    assert [services.fit_accounts(at=at) for _time in range(2)] == [3, 0]
    limits = TimeAccount.objects.order_by("pk").values_list("floor", "ceiling")
    assert list(limits) == [(0, None), (-50, 40), (-30, 50)]


def test_without_a_rule_no_account_is_opened(bank, at):
    TimeRule.objects.all().delete()
    person = UserFactory()
    with pytest.raises(services.NoTimeRule):
        services.open_account(person, bank.pool, by=person, at=at)


def test_an_account_is_opened_by_oneself_or_its_keeper_and_once(bank, at):
    person = UserFactory()
    with pytest.raises(NotYours):
        services.open_account(person, bank.pool, by=UserFactory(), at=at)
    first = services.open_account(person, bank.pool, by=bank.keeper, at=at)
    assert services.open_account(person, bank.pool, by=person, at=at) == first
    with pytest.raises(NotYours):
        services.open_pool(bank.pool.body, by=person, at=at)


def test_who_sees_an_account(bank, ann, bo, at):
    other = make_bank()
    day = at.date()
    seen = {
        name: list(TimeAccount.objects.visible_to(user, on=day).order_by("pk"))
        for name, user in {
            "ann": ann.person, "keeper": bank.keeper, "elsewhere": other.keeper,
            "stranger": UserFactory(),
        }.items()
    }  # fmt: skip
    assert seen == {
        "ann": [ann], "keeper": [bank.pool, ann, bo], "elsewhere": [other.pool], "stranger": [],
    }  # fmt: skip


# -- The check -----------------------------------------------------------------------------------

_TRANSFERS = "UPDATE volunteers_timetransfer SET"
DAMAGES = {
    "all_accounts_are_zero": "UPDATE volunteers_timeaccount SET balance = 1 WHERE id = {ann}",
    "accounts_equal_their_transfers": f"{_TRANSFERS} amount = amount + 1 WHERE kind = 'help'",
    "chains_are_whole": f"{_TRANSFERS} note_digest = 'x'",
    "transfers_say_what_was_asked": f"{_TRANSFERS} kind = 'gift' WHERE kind = 'help'",
    "reversals_mirror": f"{_TRANSFERS} amount = 7 WHERE kind = 'reverse'",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_each_check_finds_its_damage(bank, ann, bo, name, at):
    services.reverse(pay(ann, bo, at=at), reason="误", key="r", by=bank.keeper, at=at)
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(DAMAGES[name].format(ann=ann.pk))
    assert name in {found for found, _what in failing()}
    with pytest.raises(CommandError):
        call_command("time_bank_check", stdout=io.StringIO())


def test_a_missing_trigger_is_found(ann):
    with connection.cursor() as cursor:
        on = " ON volunteers_timetransfer" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER volunteers_timetransfer_apply{on}")
    assert [name for name, _found in failing()] == ["time_triggers_stand"]


def test_a_whole_time_bank_passes_by_name(ann, bo, at):
    pay(ann, bo, at=at)
    out = io.StringIO()
    call_command("time_bank_check", stdout=out)
    assert out.getvalue().split() == [
        word for check in time_checks.CHECKS for word in ("ok", check.__name__)
    ]
    assert TimeAccount.objects.aggregate(sum=Sum("balance"))["sum"] == 0
