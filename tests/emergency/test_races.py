"""Eight processes hand out the same supplies and call the same people: each moves once."""

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from emergency import checks
from emergency.models import Called, CallOut, Movement, Stock
from emergency.services import calling, ordering, supplying
from lib.errors import RuleViolation
from organizations.models import Message
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8


@pytest.fixture
def town():
    return made.make_town()


@pytest.fixture
def depot(town):
    depot = made.depot(town)
    supplying.receive(depot, made.lot(100, "in"), by=town.officer, at=made.AT)
    return depot


def failing():
    return [(name, found) for name, found in checks.run() if found]


def outcome(act):
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def handing(depot, order, town, worn=()):
    def worker(number):
        moved = 0
        for n in range(15):
            lot = made.lot(3, f"{number}:{n}")
            try:
                supplying.hand_out(depot, order, lot, by=town.officer, at=made.AT)
            except (supplying.NotEnough, *worn):
                continue
            moved += 3
        return moved

    return worker


def test_processes_never_hand_out_more_than_there_is(town, depot):
    order = made.in_force(town)
    moved = sum(at_once(PROCESSES, handing(depot, order, town)))
    assert moved == 99
    assert Stock.objects.get(depot=depot).balance == 1
    assert failing() == []


def test_writers_that_forget_the_lock_are_refused_by_the_database(town, depot, monkeypatch):
    order = made.in_force(town)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    moved = sum(at_once(PROCESSES, handing(depot, order, town, worn=(IntegrityError,))))
    assert Stock.objects.get(depot=depot).balance == 100 - moved >= 0
    assert failing() == []


def test_one_key_used_by_all_at_once_moves_once(town, depot):
    order = made.in_force(town)

    def worker(_number):
        lot = made.lot(10, "one")
        return supplying.hand_out(depot, order, lot, by=town.officer, at=made.AT).pk

    assert len(set(at_once(PROCESSES, worker))) == 1
    assert Stock.objects.get(depot=depot).balance == 90


def test_one_key_used_for_several_depots_at_once_serves_one(town, depot):
    depots = [made.depot(town, name=f"仓库{n}") for n in range(PROCESSES)]

    def worker(number):
        lot = made.lot(10, "one")
        return outcome(lambda: supplying.receive(depots[number], lot, by=town.officer, at=made.AT))

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["key_reused"] * (PROCESSES - 1)]
    assert Movement.objects.filter(key="one").count() == 1
    assert failing() == []


def test_a_wave_called_by_all_at_once_calls_everybody_once(town):
    order = made.in_force(town)
    for _n in range(6):
        people.active(town)
    callout = made.callout(order, town, wave_size=8)

    def worker(_number):
        same = CallOut.objects.with_names().select_related("order__territory").get(pk=callout.pk)
        return calling.call_wave(same, at=made.AT)

    at_once(PROCESSES, worker)
    assert Called.objects.count() == 8
    assert Message.objects.filter(kind="emergency-call").count() == 8
    callout.refresh_from_db()
    assert callout.wave == 1


def test_an_order_is_confirmed_once(town):
    order = made.drafted(town)

    def worker(_number):
        return outcome(lambda: ordering.confirm(order, by=town.reviewer, at=made.AT))

    assert sorted(at_once(PROCESSES, worker)) == ["done", *["wrong_state"] * (PROCESSES - 1)]
    assert order.reports.count() == 2
