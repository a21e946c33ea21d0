"""One move of many cases: every row through the service that makes it, and a sentence for each."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import BulkMove, BulkRow, Case
from cases.services import dispatching, handling, intake
from lib.errors import NotYours, RuleViolation
from organizations.models import Post, User

MOST_CASES = 1000
# More than these wait for a worker.
AT_ONCE = 20
REASON_LENGTH = 300
Serve = Callable[..., Case]
# The moves that mean the same for many cases, and what each takes beside who and when.
SERVICES: dict[str, tuple[Serve, tuple[str, ...]]] = {
    "sign": (handling.sign, ()),
    "file": (intake.file, ("note",)),
    "dispatch": (dispatching.dispatch, ("post", "note")),
    "reassign": (dispatching.reassign, ("post", "note")),
    "confirm": (handling.confirm, ("note",)),
    "note": (intake.note, ("text",)),
}


def begin_bulk(
    cases: Sequence[Case],
    move: str,
    *,
    arguments: Mapping[str, Any],
    by: User,
    at: datetime.datetime,
) -> BulkMove:
    """Write down what is to be done; few rows are done now, many wait for a worker.

    `arguments`: `note`, `text`, `post` (a key), as the move takes them. Raises RuleViolation.
    """
    if move not in SERVICES:
        raise RuleViolation(_("This step is made one by one."), code="not_in_bulk")
    if not 0 < len(cases) <= MOST_CASES:
        raise RuleViolation(_("Choose between one and a thousand cases."), code="how_many")
    taken = {name: arguments[name] for name in SERVICES[move][1] if arguments.get(name)}
    with transaction.atomic():
        bulk = BulkMove.objects.create(by=by, at=at, move=move, arguments=taken)
        BulkRow.objects.bulk_create(BulkRow(bulk=bulk, case=case) for case in cases)
        if len(cases) > AT_ONCE:
            transaction.on_commit(lambda: notifications.wake_bulk(bulk.pk), robust=True)
    if len(cases) <= AT_ONCE:
        work_through(bulk, at=at)
    return bulk


def work_through(bulk: BulkMove, *, at: datetime.datetime, most: int = MOST_CASES) -> int:
    """Do what still waits, each row in a transaction of its own; how many were done.

    A worker that dies leaves its row waiting; two workers share the rows between them.
    """
    done = 0
    while done < most and _next_row(bulk, at=at):
        done += 1
    if not bulk.rows.filter(result="").exists():
        BulkMove.objects.filter(pk=bulk.pk, done_at=None).update(done_at=at)
    return done


def _next_row(bulk: BulkMove, *, at: datetime.datetime) -> bool:
    with transaction.atomic():
        waiting = bulk.rows.select_for_update(of=("self",), skip_locked=True).filter(result="")
        row = waiting.select_related("case").order_by("pk").first()
        if row is None:
            return False
        row.result, row.reason = _make(bulk, row.case, at=at)
        row.save(update_fields=["result", "reason"])
    return True


def _make(bulk: BulkMove, case: Case, *, at: datetime.datetime) -> tuple[str, str]:
    serve, names = SERVICES[bulk.move]
    given = {name: value for name, value in bulk.arguments.items() if name in names}
    if "post" in given:
        given["post"] = Post.objects.get(pk=given["post"])
    try:
        _still_seen(case, bulk.by, at)
        with transaction.atomic():
            serve(case, by=bulk.by, at=at, **given)
    except RuleViolation as refusal:
        return BulkRow.Result.REFUSED, str(refusal)[:REASON_LENGTH]
    return BulkRow.Result.MOVED, ""


def _still_seen(case: Case, by: User, at: datetime.datetime) -> None:
    seen = Case.objects.visible_to(by, on=timezone.localdate(at))
    if not seen.filter(pk=case.pk).exists():
        raise NotYours(_("You do not see this case."))


def unfinished() -> Sequence[BulkMove]:
    """What a lost message has left behind."""
    return list(BulkMove.objects.filter(done_at=None).order_by("pk")[:20])
