"""Work is handed over inside a department, with a note; the next person signs for it anew."""

import datetime

from django.db import transaction

from cases import notifications
from cases.models import Case, TaskState
from cases.services.dispatching import passed_on
from cases.services.moves import begin, finish
from cases.services.pausing import limit
from organizations.models import Post, User


def transfer(
    case: Case,
    *,
    post: Post,
    note: str,
    by: User,
    at: datetime.datetime,
    beyond_capacity: bool = False,
) -> Case:
    """From whoever works on it to another post of the same body: the points move along, the
    handling limit and the money stay, the limit for signing begins anew.
    """
    with transaction.atomic():
        locked = begin(case, "transfer", by=by, at=at, note=note)
        task, facts = passed_on(locked, post, at=at, forced=beyond_capacity)
        task.state, task.signed_at = TaskState.DISPATCHED, None
        if locked.standard is not None:
            standard = locked.standard
            task.sign_due_at = limit(at, standard.sign_limit, standard.sign_unit)
        task.save(update_fields=["post", "state", "signed_at", "sign_due_at"])
        changes = {"lead_post": post, "signed_at": None, "sign_due_at": task.sign_due_at}
        moved = finish(locked, "transfer", by=by, at=at, note=note, facts=facts, **changes)
        notifications.tell_holder(moved, "case-transfer", by=by, at=at)
        return moved
