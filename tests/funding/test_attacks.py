"""Raw SQL against the ledger: each attack is refused by the database itself, on either engine."""

import pytest
from django.db import Error, connection, transaction

from funding import services
from funding.models import Entry, Hold, Line
from tests.factories.funding import LineFactory, PurposeFactory

pytestmark = pytest.mark.django_db

INSERT_ENTRY = (
    "INSERT INTO funding_entry (posting_id, position, line_id, hold_id, purpose_id, source_bucket, "
    "target_bucket, amount, number, previous_hash, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def stored():
    """All that the ledger says."""
    tables = ("line", "hold", "posting", "entry", "linepurpose", "sourcepurpose")
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM funding_{table} ORDER BY id")
            rows[table] = cursor.fetchall()
    return rows


def commit(sql, parameters):
    connection.check_constraints()  # what waits for the end of the test would stop a TRUNCATE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        connection.check_constraints()


def refused(sql, *parameters, saying="."):
    """Whether the database refuses `sql`, with these words, and is as it was."""
    before = stored()
    with pytest.raises(Error, match=saying):
        commit(sql, parameters)
    return stored() == before


def entry_like(hold, /, **changes):
    """A further reservation of one fen under the posting of `hold`, with some columns changed."""
    line = Line.objects.get(pk=hold.line_id)
    columns = {
        "posting": hold.entries.get().posting_id,
        "position": 7,
        "line": line.pk,
        "hold": hold.pk,
        "purpose": hold.purpose_id,
        "source": "available",
        "target": "reserved",
        "amount": 1,
        "number": line.version + 1,
        "previous_hash": line.head,
        "hash": "f" * 64,
    }
    return list({**columns, **changes}.values())


def test_the_attack_without_its_fault_would_be_accepted(line, reserved, buckets, parts):
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ENTRY, entry_like(reserved))
    assert buckets(line) == (1_000_00, 699_99, 300_01, 0, 0)
    assert parts(reserved) == (300_01, 300_01, 0, 0)


# -- Entries and postings stay ---------------------------------------------------------------


def test_an_entry_cannot_be_edited(reserved):
    assert refused("UPDATE funding_entry SET amount = 5", saying="append-only")


def test_an_entry_cannot_be_moved_to_another_posting_or_line(line, reserved):
    other = LineFactory()
    assert refused("UPDATE funding_entry SET line_id = %s", other.pk, saying="append-only")
    assert refused("UPDATE funding_entry SET posting_id = posting_id + 1", saying="append-only")


def test_an_entry_cannot_be_deleted(reserved):
    assert refused("DELETE FROM funding_entry", saying="append-only")


def test_a_posting_cannot_be_edited_or_deleted(reserved):
    assert refused("UPDATE funding_posting SET note = 'x'", saying="append-only")
    assert refused("DELETE FROM funding_posting", saying="append-only")


def test_the_orm_cannot_change_entries_either(reserved):
    entry = Entry.objects.first()
    entry.amount += 1
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Entry.objects.bulk_update([entry], ["amount"])
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        entry.delete()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["entry", "posting", "hold", "line"])
def test_tables_cannot_be_truncated(reserved, table):
    assert refused(f"TRUNCATE funding_{table} CASCADE", saying="append-only|never deleted")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE")
def test_rows_cannot_be_replaced(line, reserved):
    with_id = INSERT_ENTRY.replace("INSERT", "INSERT OR REPLACE", 1)
    with_id = with_id.replace("(posting_id", "(id, posting_id").replace("(%s", "(%s, %s")
    entry = Entry.objects.order_by("pk").first()
    assert refused(with_id, entry.pk, *entry_like(reserved), saying="append-only")
    for table in ("posting", "hold", "line"):
        assert refused(f"INSERT OR REPLACE INTO funding_{table} SELECT * FROM funding_{table}")
    assert refused("UPDATE OR REPLACE funding_entry SET number = 1", saying="append-only")


# -- Amounts move by entries only ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "available = available + 1, received = received + 1",
        "available = available - 1, reserved = reserved + 1",
        "available = available - 1, reserved = reserved + 1, version = version + 1",
        "version = version + 1",
        "version = 0",
        "head = hash_of_nothing",
    ],
)
def test_half_a_movement_is_refused(line, reserved, change):
    change = change.replace("hash_of_nothing", f"'{'e' * 64}'")
    assert refused(f"UPDATE funding_line SET {change}", saying="by entries only")


def test_the_orm_cannot_give_money_to_a_line(line):
    line.available += 1
    line.received += 1
    with pytest.raises(Error, match="by entries only"), transaction.atomic():
        line.save()


def test_a_line_cannot_be_made_with_money_in_it(line):
    with pytest.raises(Error, match="begins empty"), transaction.atomic():
        LineFactory(available=5, received=5)


def test_a_line_keeps_its_source(line):
    assert refused(
        "UPDATE funding_line SET source_id = %s", LineFactory().source_id, saying="keeps its source"
    )


def test_a_line_that_moved_money_cannot_be_deleted(line):
    assert refused("DELETE FROM funding_line WHERE id = %s", line.pk)


def test_names_of_a_line_may_change(line):
    Line.objects.filter(pk=line.pk).update(name="改名")
    line.refresh_from_db()
    assert line.name == "改名"


@pytest.mark.parametrize("column", ["amount", "open", "payable", "paid"])
def test_a_hold_moves_by_entries_only(reserved, column):
    for change in ("+ 1", "- 1"):
        assert refused(f"UPDATE funding_hold SET {column} = {column} {change}")


@pytest.mark.parametrize(
    "change", ["line_id = line_id + 1", "purpose_id = purpose_id + 1", "subject_key = 'x'"]
)
def test_a_hold_keeps_line_purpose_and_subject(reserved, change):
    assert refused(f"UPDATE funding_hold SET {change}", saying="keeps its line")


def test_a_hold_cannot_be_deleted(reserved):
    assert refused("DELETE FROM funding_hold", saying="never deleted")


def test_a_hold_cannot_be_made_with_money_in_it(line, repairs, at):
    with pytest.raises(Error, match="begins empty"), transaction.atomic():
        Hold.objects.create(
            line=line, purpose=repairs, subject_kind="x", subject_key="1", amount=5, open=5,
            made_at=at,
        )  # fmt: skip


# -- What an entry may say -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": -1},
        {"amount": 0},
        {"amount": 700_01},  # more than is free
        {"source": "reserved", "target": "available", "amount": 300_01},  # more than is open
        {"source": "payable", "target": "spent"},  # nothing is owed
        {"source": "available", "target": "spent"},  # past the steps
        {"source": "available", "target": "available"},
        {"source": "outside", "target": "available"},  # names a hold, though from outside
        {"target": "nowhere"},
        {"purpose": None},
        {"hold": None},
        {"hold": 987_654},
        {"number": 2},  # taken
        {"number": 9},  # a gap
        {"previous_hash": "d" * 64},
        {"position": 0},  # taken
        {"posting": None},
        {"line": None},
    ],
    ids=str,
)
def test_a_false_entry_is_refused(reserved, changes):
    assert refused(INSERT_ENTRY, *entry_like(reserved, **changes))


def test_an_entry_for_a_purpose_that_the_line_does_not_allow_is_refused(line, reserved):
    assert refused(
        INSERT_ENTRY,
        *entry_like(reserved, purpose=PurposeFactory().pk),
        saying="another line or purpose",
    )
    line.purposes.all().delete()
    assert refused(INSERT_ENTRY, *entry_like(reserved), saying="does not allow this purpose")


def test_an_entry_of_another_line_than_its_hold_is_refused(reserved, repairs):
    other = LineFactory(purposes=[repairs], free=5_00)
    changes = {"line": other.pk, "number": other.version + 1, "previous_hash": other.head}
    assert refused(INSERT_ENTRY, *entry_like(reserved, **changes), saying="another line or purpose")


def test_a_hold_for_a_purpose_that_the_line_does_not_allow_is_refused(line, at):
    for purpose in (PurposeFactory(), None):
        with pytest.raises(Error), transaction.atomic():
            Hold.objects.create(
                line=line, purpose=purpose, subject_kind="x", subject_key="1", made_at=at
            )


def test_a_line_cannot_allow_what_its_source_does_not(line, reserved):
    insert = "INSERT INTO funding_linepurpose (line_id, purpose_id) VALUES (%s, %s)"
    foreign = LineFactory(purposes=[PurposeFactory()]).purposes.get().purpose
    assert refused(insert, line.pk, foreign.pk, saying="the source does not allow")
    assert refused(
        "UPDATE funding_linepurpose SET purpose_id = %s WHERE line_id = %s", foreign.pk, line.pk,
        saying="the source does not allow",
    )  # fmt: skip
    assert refused(insert, line.pk, None)


def test_a_source_cannot_forbid_what_its_lines_still_allow(line):
    assert refused("DELETE FROM funding_sourcepurpose", saying="still allows")
    assert refused(
        "UPDATE funding_sourcepurpose SET purpose_id = %s", PurposeFactory().pk,
        saying="still allows",
    )  # fmt: skip


def test_a_posting_cannot_carry_money_to_another_source(line, clerk, at):
    other = LineFactory(free=1_00)
    posting = services.receive(line, amount=5, key="k", by=clerk, at=at)
    values = [
        posting.pk, 1, other.pk, None, None, "outside", "available", 5,
        other.version + 1, other.head, "f" * 64,
    ]  # fmt: skip
    assert refused(INSERT_ENTRY, *values, saying="one source only")
