"""Eight processes spend, reverse and save the same minutes: what there is moves once."""

import random

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from lib.errors import RuleViolation
from tests.factories.time_bank import AT, make_bank
from tests.races import at_once
from volunteers import time_checks
from volunteers.models import TimeAccount, TimeTransfer
from volunteers.services import time_bank as services

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8


def failing():
    return [(name, found) for name, found in time_checks.run() if found]


def outcome(act):
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


@pytest.fixture
def bank():
    return make_bank(overdraft=100, ceiling=10_000, pool_overdraft=1_000)


def test_processes_never_spend_more_than_an_account_may_owe(bank):
    source, target = bank.person(), bank.person()

    def worker(number):
        chance, moved = random.Random(number), 0
        for n in range(20):
            minutes = chance.randint(1, 9)
            try:
                services.pay(
                    source, target, minutes=minutes, key=f"{number}:{n}", by=source.person, at=AT
                )
            except services.NotEnoughTime:
                continue
            moved += minutes
        return moved

    moved = sum(at_once(PROCESSES, worker))
    source.refresh_from_db()
    assert source.balance == -moved
    assert -100 <= source.balance < -91
    assert failing() == []


def test_accounts_in_any_order_do_not_block_each_other(bank):
    people = [bank.person() for _n in range(4)]

    def worker(number):
        chance = random.Random(number)
        for n in range(15):
            source, target = chance.sample(people, 2)
            outcome(
                lambda s=source, t=target, n=n: services.pay(
                    s, t, minutes=chance.randint(1, 60), key=f"{number}:{n}", by=s.person, at=AT
                )
            )
        return 0

    at_once(PROCESSES, worker)
    assert min(TimeAccount.objects.of_people().values_list("balance", flat=True)) >= -100
    assert failing() == []


def test_one_key_used_by_all_at_once_moves_once(bank):
    source, target = bank.person(), bank.person()

    def worker(_number):
        return services.pay(source, target, minutes=60, key="one", by=source.person, at=AT).pk

    assert len(set(at_once(PROCESSES, worker))) == 1
    source.refresh_from_db()
    assert source.balance == -60


def test_one_key_used_for_several_accounts_at_once_serves_one(bank):
    people = [bank.person() for _n in range(PROCESSES)]

    def worker(number):
        source = people[number]
        return outcome(
            lambda: services.pay(source, bank.pool, minutes=5, key="one", by=source.person, at=AT)
        )

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["key_reused"] * (PROCESSES - 1)]
    assert TimeTransfer.objects.count() == 1
    assert failing() == []


def test_a_transfer_is_taken_back_once(bank):
    source, target = bank.person(), bank.person()
    transfer = services.pay(source, target, minutes=60, key="k", by=source.person, at=AT)

    def worker(number):
        return outcome(
            lambda: services.reverse(transfer, reason="误", key=f"r{number}", by=bank.keeper, at=AT)
        )

    assert sorted(at_once(PROCESSES, worker)) == [*["already_reversed"] * 7, "done"]
    assert failing() == []


def test_the_clock_running_twice_lapses_once(bank):
    people = [bank.person() for _n in range(3)]
    for person in people:
        services.pay(bank.pool, person, minutes=30, key=f"p{person.pk}", by=bank.keeper, at=AT)
    later = AT.replace(year=2028)

    def worker(_number):
        return services.lapse_due(by=bank.keeper, at=later)

    assert sum(at_once(PROCESSES, worker)) == 3
    assert failing() == []


def test_writers_that_forget_the_lock_are_refused_and_overspend_nothing(bank, monkeypatch):
    source, target = bank.person(), bank.person()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    def worker(number):
        moved = 0
        for n in range(15):
            try:
                services.pay(
                    source, target, minutes=7, key=f"{number}:{n}", by=source.person, at=AT
                )
            except (IntegrityError, services.NotEnoughTime):
                continue
            moved += 7
        return moved

    moved = sum(at_once(PROCESSES, worker))
    source.refresh_from_db()
    assert source.balance == -moved >= -100
    assert failing() == []
