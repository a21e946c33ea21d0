"""Open work on a post that has ended is handed on: the person left, or an admission is over.

The router is asked again at once, and gives it to whom the duty list names now; until then, and
where it finds nobody, the case lies with the dispatcher, with the reason. Nothing stays with a
post that nobody holds.
"""

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Assistant, Case, Task, TaskState
from cases.services import work
from cases.services.moves import begin, finish
from cases.workflow import MOVES
from lib.roles import Role
from organizations.models import User

AT_ONCE = 200


def _orphans(on: datetime.date) -> QuerySet[Task]:
    """Open tasks whose post has ended, in cases that may be handed on now."""
    lead = Q(kind=Task.Kind.LEAD, case__state__in=sorted(MOVES["hand_on"].sources))
    assistance = Q(kind=Task.Kind.ASSIST, case__state__in=sorted(MOVES["assist_lapse"].sources))
    return Task.objects.unsettled().filter(lead | assistance, post__valid_to__lte=on)


def hand_on_orphans(*, at: datetime.datetime) -> int:
    """Hand on what lies on ended posts; how many. Safe to run twice and beside itself."""
    keys = list(
        _orphans(localdate(at)).order_by("case_id", "pk").values_list("pk", flat=True)[:AT_ONCE]
    )
    by = User.objects.system()
    return sum(_hand_on(key, by=by, at=at) for key in keys)


@transaction.atomic
def _hand_on(key: int, *, by: User, at: datetime.datetime) -> bool:
    Case.objects.select_for_update(of=("self",)).get(tasks=key)
    task = (
        _orphans(localdate(at))
        .select_related("case", "post__person", "body")
        .filter(pk=key)
        .first()
    )
    if task is None:
        return False
    if task.kind == Task.Kind.LEAD:
        _lead(task, by=by, at=at)
    else:
        _assistance(task, by=by, at=at)
    return True


def _words(task: Task) -> str:
    return _("%(body)s: the post on which this ran has ended.") % {"body": task.body}


def _lead(task: Task, *, by: User, at: datetime.datetime) -> None:
    note = _words(task)
    locked = begin(task.case, "hand_on", by=by, at=at, note=note)
    work.free_all(locked, state=TaskState.WITHDRAWN, by=by, at=at)
    done = finish(
        locked, "hand_on", by=by, at=at, note=note, route_at=at, lead_post=None, extensions=0,
        paused_seconds=0, facts={"body": task.body_id, "post": task.post_id},
    )  # fmt: skip
    dispatchers = notifications.serving(Role.DISPATCHER, done, at=at)
    notifications.tell_people(dispatchers, "case-hand-on", done, at=at)


def _assistance(task: Task, *, by: User, at: datetime.datetime) -> None:
    note = _words(task)
    locked = begin(task.case, "assist_lapse", by=by, at=at, note=note)
    task.case = locked
    work.free(task, state=TaskState.WITHDRAWN, by=by, at=at)
    facts = {"task": task.pk, "body": task.body_id, "post": task.post_id}
    # The body still owes its help: whoever is free there gets it (`assisting.give_owed`).
    Assistant.objects.filter(case=locked, body=task.body_id).update(owed=True)
    done = finish(locked, "assist_lapse", by=by, at=at, note=note, facts=facts)
    notifications.tell_lead(done, "case-assist-lapse", by=by, at=at)
