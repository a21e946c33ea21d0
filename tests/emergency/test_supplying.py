"""Supplies: what there is moves once, nothing falls below zero, books can be rebuilt."""

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from emergency import checks
from emergency.figures import unsettled
from emergency.models import Depot, Movement, Stock
from emergency.services import supplying
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from tests.factories import emergency as made
from tests.factories.organizations import PostFactory
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(town):
    depot = made.depot(town)
    supplying.receive(depot, made.lot(100, "in-1"), by=town.officer, at=made.AT)
    return depot


def held(depot, item="water"):
    return Stock.objects.get(depot=depot, item__code=item).balance


def failing():
    return [name for name, found in checks.run() if found]


def test_what_comes_in_the_supplier_owes(town, depot):
    supplier = Depot.objects.get(kind="supplier")
    assert (held(depot), held(supplier)) == (100, -100)
    assert failing() == []


def test_out_back_used_and_lost(town, order, depot, at):
    who = {"by": town.officer, "at": at}
    supplying.hand_out(depot, order, made.lot(60, "out"), **who)
    assert (held(depot), unsettled(order)) == (40, 60)
    supplying.take_back(depot, order, made.lot(20, "back"), **who)
    supplying.use_up(depot, order, made.lot(40, "used"), **who)
    supplying.lose(depot, made.lot(5, "lost", note="受潮"), **who)
    assert (held(depot), unsettled(order)) == (55, 0)
    kinds = Movement.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["in", "out", "return", "use", "loss"]
    assert failing() == []


def test_from_depot_to_depot(town, depot, at):
    other = made.depot(town, name="学校仓库")
    supplying.transfer(depot, other, made.lot(30, "t"), by=town.officer, at=at)
    assert (held(depot), held(other)) == (70, 30)
    with pytest.raises(RuleViolation):
        supplying.transfer(depot, depot, made.lot(1, "self"), by=town.officer, at=at)


def test_more_than_is_there_is_refused(town, order, depot, at):
    with pytest.raises(supplying.NotEnough):
        supplying.hand_out(depot, order, made.lot(101, "out"), by=town.officer, at=at)
    assert held(depot) == 100


def test_the_same_key_moves_once_and_with_other_contents_is_refused(town, depot, at):
    again = supplying.receive(depot, made.lot(100, "in-1"), by=town.reviewer, at=at)
    assert again.by == town.officer
    with pytest.raises(supplying.KeyReused):
        supplying.receive(depot, made.lot(99, "in-1"), by=town.officer, at=at)
    assert held(depot) == 100


def test_nothing_and_less_than_nothing_is_no_movement(town, depot, at):
    for amount in (0, -5):
        with pytest.raises(RuleViolation):
            supplying.receive(depot, made.lot(amount, f"k{amount}"), by=town.officer, at=at)
    with pytest.raises(RuleViolation):
        supplying.lose(depot, made.lot(1, "lost"), by=town.officer, at=at)


def test_only_who_works_there_moves_supplies(town, order, depot, at):
    stranger = PostFactory(role=Role.HANDLER, body=town.body).person
    watcher = PostFactory(role=Role.SUPERVISOR, body=town.body).person
    for person in (stranger, watcher):
        with pytest.raises(NotYours):
            supplying.hand_out(depot, order, made.lot(1, "out"), by=person, at=at)
    assert Depot.objects.visible_to(stranger, on=at.date()).count() == 0
    assert depot in Depot.objects.visible_to(watcher, on=at.date())


def test_supplies_are_handed_out_for_an_order_in_force(town, depot, at):
    draft = made.drafted(town)
    with pytest.raises(WrongState):
        supplying.hand_out(depot, draft, made.lot(1, "out"), by=town.officer, at=at)


def refused(sql, *parameters):
    before = list(Stock.objects.order_by("pk").values_list())
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    return list(Stock.objects.order_by("pk").values_list()) == before


@pytest.mark.parametrize(
    "change",
    ["balance = balance + 1", "version = 9", f"head = '{'0' * 64}'", "item_id = item_id + 1"],
)
def test_a_stock_moves_by_movements_only(depot, change):
    stock = Stock.objects.get(depot=depot)
    assert refused(f"UPDATE emergency_stock SET {change} WHERE id = %s", stock.pk)


def test_a_debt_is_not_written_to_a_depot(depot):
    owes = "true" if connection.vendor == "postgresql" else "1"
    stock = Stock.objects.get(depot=depot)
    assert refused(f"UPDATE emergency_stock SET owes = {owes} WHERE id = %s", stock.pk)
    assert refused("UPDATE emergency_depot SET kind = 'used' WHERE id = %s", depot.pk)


@pytest.mark.parametrize("table", ["movement", "stock"])
def test_nothing_is_deleted(depot, table):
    assert refused(f"DELETE FROM emergency_{table}")


def test_a_movement_is_never_rewritten(depot):
    assert refused("UPDATE emergency_movement SET amount = 1")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 101}, {"amount": 0}, {"amount": -1}, {"source_number": 1}, {"target_number": 7},
        {"source_previous": "0" * 64}, {"key": "in-1"}, {"item": "food"},
    ],
    ids=str,
)  # fmt: skip
def test_a_movement_that_does_not_fit_is_refused(town, depot, changes):
    gone = supplying.outside(supplying.DepotKind.LOST)
    source = Stock.objects.get(depot=depot)
    item = made.lot(1, "x", item=changes.pop("item", "water")).item
    target = supplying._stock(gone, item)
    columns = {
        "key": "k2", "kind": "loss", "payload_hash": "0" * 64, "source_id": source.pk,
        "source_number": source.version + 1, "source_previous": source.head,
        "target_id": target.pk, "target_number": 1, "target_previous": "0" * 64, "amount": 1,
        "by_id": town.officer.pk, "at": made.AT, "note": "", "hash": "f" * 64,
    } | changes  # fmt: skip
    names, places = ", ".join(f'"{c}"' for c in columns), ", ".join(["%s"] * len(columns))
    assert refused(f"INSERT INTO emergency_movement ({names}) VALUES ({places})", *columns.values())


def test_the_command_rebuilds_the_balances_and_finds_what_was_forged(depot, capsys):
    call_command("supplies_check")
    assert "ok      stocks_equal_their_movements" in capsys.readouterr().out
    with without_triggers():
        Stock.objects.filter(depot=depot).update(balance=120)
    with pytest.raises(CommandError):
        call_command("supplies_check")
    said = capsys.readouterr().out
    for name in ("every_item_is_zero", "stocks_equal_their_movements"):
        assert f"FAILED  {name}" in said


def test_a_forged_movement_is_found(depot):
    with without_triggers():
        Movement.objects.update(amount=90)
    assert {"chains_are_whole", "movements_say_what_was_asked"} <= set(failing())
