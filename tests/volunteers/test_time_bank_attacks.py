"""Raw SQL against the time bank: the database refuses each attack, on either engine."""

import pytest
from django.db import Error, connection, transaction

from volunteers.models import TimeAccount, TimeTransfer
from volunteers.services import time_bank as services

pytestmark = pytest.mark.django_db

ZERO = "0" * 64


def stored():
    return list(TimeAccount.objects.order_by("pk").values_list()), list(
        TimeTransfer.objects.order_by("pk").values_list()
    )


def commit(sql, parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        connection.check_constraints()


def refused(sql, *parameters, saying="."):
    """Whether the database refuses `sql`, with these words, and is as it was."""
    before = stored()
    connection.check_constraints()
    with pytest.raises(Error, match=saying):
        commit(sql, parameters)
    return stored() == before


@pytest.fixture
def moved(ann, bo, at):
    return services.pay(ann, bo, minutes=20, key="k", by=ann.person, at=at)


def insert_like(transfer, **changes):
    """SQL and values of one more minute between the same accounts, with some columns changed."""
    source = TimeAccount.objects.get(pk=transfer.source_id)
    target = TimeAccount.objects.get(pk=transfer.target_id)
    columns = {
        "key": "k2", "kind": "help", "payload_hash": ZERO, "subject_kind": "", "subject_key": "",
        "source_id": source.pk, "source_number": source.version + 1, "source_previous": source.head,
        "target_id": target.pk, "target_number": target.version + 1, "target_previous": target.head,
        "amount": 1, "by_id": transfer.by_id, "at": transfer.at, "note_digest": "",
        "hash": "f" * 64,
    } | changes  # fmt: skip
    places = ", ".join(["%s"] * len(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO volunteers_timetransfer ({names}) VALUES ({places})", *columns.values()


def test_a_transfer_that_fits_moves_both_accounts(moved, ann, bo):
    sql, *values = insert_like(moved)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    stands = TimeAccount.objects.filter(pk__in=[ann.pk, bo.pk]).order_by("pk")
    assert list(stands.values_list("balance", "version", "head")) == [
        (-21, 2, "f" * 64), (21, 2, "f" * 64),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -5},
        {"amount": 41},  # one more than may be owed
        {"source_number": 1},
        {"source_number": 3},
        {"target_number": 1},
        {"source_previous": ZERO},
        {"target_previous": ZERO},
        {"key": "k"},
        {"kind": "reverse"},
        {"source_id": 9_999},
    ],
    ids=str,
)
def test_a_transfer_that_does_not_fit_is_refused(moved, changes):
    assert refused(*insert_like(moved, **changes))


def test_a_transfer_to_oneself_is_refused(moved, ann):
    assert refused(*insert_like(moved, target_id=ann.pk))


def test_more_than_may_be_saved_is_refused(moved, bo):
    TimeAccount.objects.filter(pk=bo.pk).update(ceiling=20)
    assert refused(*insert_like(moved), saying="no room")


@pytest.mark.parametrize(
    "assignment",
    ["balance = balance + 1", "version = version + 1", f"head = '{ZERO}'", "person_id = NULL"],
)
def test_an_account_moves_by_transfers_only(moved, bo, assignment):
    assert refused(f"UPDATE volunteers_timeaccount SET {assignment} WHERE id = %s", bo.pk)


def test_an_account_begins_empty(moved, bank):
    for column, value in (("balance", 5), ("version", 1), ("head", "a" * 64)):
        row = {"balance": 0, "version": 0, "head": ZERO} | {column: value}
        assert refused(
            "INSERT INTO volunteers_timeaccount "
            "(person_id, home_id, floor, opened_at, balance, version, head) "
            "VALUES (%s, %s, 0, %s, %s, %s, %s)",
            bank.keeper.pk, bank.pool.pk, moved.at, *row.values(), saying="begins empty",
        )  # fmt: skip


@pytest.mark.parametrize("table", ["timetransfer", "timeaccount"])
def test_nothing_is_deleted(moved, table):
    assert refused(f"DELETE FROM volunteers_{table}")
    if connection.vendor == "postgresql":
        assert refused(f"TRUNCATE volunteers_{table} CASCADE")
    else:
        assert refused(
            f"INSERT OR REPLACE INTO volunteers_{table} SELECT * FROM volunteers_{table}"
        )


def test_a_transfer_is_never_rewritten(moved):
    assert refused("UPDATE volunteers_timetransfer SET amount = 1", saying="append-only")


def test_a_floor_does_not_rise_above_what_somebody_owes(moved, ann):
    assert refused("UPDATE volunteers_timeaccount SET floor = 0 WHERE id = %s", ann.pk)
