"""Guards that a run is made without; it must then fail by one of the checks named here."""

from contextlib import nullcontext
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.models import QuerySet

from funding import ledger
from funding.models import Entry, Line
from funding.services import answers

BUCKETS = ("received", "available", "reserved", "payable", "spent", "version", "head")


def prepare(name):
    """What must be taken out of the database itself, once, before the workers begin."""
    if name != "guard":
        return
    _drop_triggers()
    found = {row.name: row for row in Entry._meta.constraints}
    with connection.schema_editor() as editor:
        editor.remove_constraint(Entry, found["entry_version_once"])


def apply(name):
    """In each worker."""
    if name in {"transaction", "guard"}:
        QuerySet.select_for_update = lambda rows, **_: rows
        answers.transaction = SimpleNamespace(atomic=nullcontext, on_commit=transaction.on_commit)
    if name == "guard":
        ledger.Books.write = _write_back


def _write_back(books):
    """Append the entries, then write what this process thinks that the lines and holds are."""
    with transaction.atomic():
        holds = [
            movement.hold
            for _posting, movements in books._drafts
            for movement in movements
            if movement.hold
        ]
        _WRITE(books)
        for line in books.lines.values():
            values = {name: getattr(line, name) for name in BUCKETS}
            Line.objects.filter(pk=line.pk).update(**values)
        for hold in holds:
            hold.save(update_fields=["amount", "open", "payable", "paid"])


_WRITE = ledger.Books.write


def _drop_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal "
                "AND tgname LIKE 'funding_%%'"
            )
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
