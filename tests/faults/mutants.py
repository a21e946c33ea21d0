"""The guards, taken away one by one: a run that does not notice proves nothing.

A mutant changes functions of the running process (worker, client), and may drop constraints of the
run's own database. The product has no switch for any of it.
"""

import time
import uuid
from contextlib import nullcontext
from types import SimpleNamespace

from django.db import connection, transaction

from cases import services
from cases.models import Case, CaseEvent, Task
from cases.services import routing
from routing.models import Load
from tests.faults.guards import MUTANTS


def apply(name):
    if name:
        APPLY[name]()


def drop_constraints(name):
    """The second line of defence in the database: one event per number, one open lead, one hold."""
    if not name or not MUTANTS[name].drops_constraints or connection.vendor == "sqlite":
        return
    with connection.schema_editor() as editor:
        for model, constraint in (
            (Task, "case_has_one_open_lead"),
            (CaseEvent, "event_number_once"),
        ):
            found = {row.name: row for row in model._meta.constraints}
            editor.remove_constraint(model, found[constraint])
        editor.execute("ALTER TABLE cases_task DROP CONSTRAINT cases_task_hold_id_key")


# -- What is taken away ------------------------------------------------------------------------


def without_claim():
    """No row lock, and no look whether the version is still the one that was read."""

    def claim(*, at, limit, only):
        rows = Case.objects.to_route(at)
        return list((rows if only is None else rows.filter(pk=only))[:limit])

    def write(cases, fields, *, versions):
        Case.objects.bulk_update(cases, fields)

    routing._claim, routing.write_cases = claim, write


def without_ledger_key():
    """Every try has a key that nobody has used before."""
    without_claim()
    routing._key = lambda case, what: f"{what}:{uuid.uuid4()}"


def without_client_key():
    """The client says nothing by which its second try could be known."""
    log = services.log
    services.log = lambda **said: log(**{**said, "client_key": None})


def with_read_then_write():
    """The load is read, added to in memory, and written, with no lock in between."""
    loads = routing.loads

    def take_load_many(requests, *, at):
        posts = sorted({request.post_id for request in requests})
        loads.loads._make_rows(posts)
        rows = Load.objects.filter(post__in=posts).select_related("post").order_by("post_id")
        read = {row.post_id: row for row in rows}
        answers = []
        for request in requests:
            row = read[request.post_id]
            fits = row.points + request.points <= row.post.capacity
            if fits:
                row.points, row.tasks, row.last_given_at = (
                    row.points + request.points,
                    row.tasks + 1,
                    at,
                )
            answers.append(fits)
        time.sleep(0.02)
        for row in read.values():
            row.save(update_fields=["points", "tasks", "last_given_at"])
        return answers

    loads.take_load_many = take_load_many


def without_transaction():
    """Each statement of a batch is committed by itself, so a death leaves a half."""
    without_claim_lock_only()
    routing.transaction = SimpleNamespace(
        atomic=nullcontext,
        on_commit=transaction.on_commit,
        get_connection=transaction.get_connection,
    )


def without_claim_lock_only():
    """A row lock needs a transaction; the version is still compared."""
    write = routing.write_cases
    without_claim()
    routing.write_cases = write


APPLY = {
    "claim": without_claim,
    "claim-bare": without_claim,
    "ledger-key": without_ledger_key,
    "client-key": without_client_key,
    "load": with_read_then_write,
    "atomic": without_transaction,
    "sweep": lambda: None,
}
