"""Assisting departments: asked by the lead or the dispatcher, they sign and report to the lead, who
stays responsible (首接负责) and accepts, sends back or releases them.
"""

import datetime
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Assistant, Case, Photo, Task, TaskState
from cases.models.queries import HANDLES
from cases.services import photos as photo_services
from cases.services import work
from cases.services.actors import own_assistance
from cases.services.moves import begin, finish
from cases.services.work import Order
from cases.workflow import ASSIST_STEPS, ASSISTED
from funding.models import Line
from lib.errors import NotYours, RuleViolation
from organizations.models import Post, User

# What a duty entry's assistants are asked for; a person may ask for more.
USUAL_POINTS = 1


def ask_assistance(  # noqa: PLR0913 -- an order says all this
    case: Case,
    *,
    post: Post,
    by: User,
    at: datetime.datetime,
    note: str,
    line: Line | None = None,
    cost: int = 0,
    points: int = USUAL_POINTS,
    due_at: datetime.datetime | None = None,
    beyond_capacity: bool = False,
) -> Case:
    """Give the person in this post of another body a task of their own, with limit, points, money.

    `note` says what is wanted. Without `due_at` it is due with the lead's own work, or by the
    standard where that has passed. Raises RuleViolation, funding's NotEnoughMoney.
    """
    with transaction.atomic():
        locked = begin(case, "assist_add", by=by, at=at, note=note)
        _may_assist(locked, post, at=at)
        if locked.standard is None:
            raise RuleViolation(_("Choose the category first."), code="no_category")
        order = Order(
            post,
            locked.standard,
            cost,
            line=line,
            beyond_capacity=beyond_capacity,
            kind=Task.Kind.ASSIST,
            points=points,
            due_at=due_at or _due_with_the_lead(locked, at=at),
            wanted=note.strip()[:500],
        )
        task = work.give(locked, order, by=by, at=at)
        _named(locked, post.body_id)
        facts = {"task": task.pk, "body": post.body_id, "post": post.pk, "estimate": cost}
        notifications.tell_assistant(task, "case-assist", at=at)
        return finish(locked, "assist_add", by=by, at=at, note=note, facts=facts)


def _may_assist(case: Case, post: Post, *, at: datetime.datetime) -> None:
    if not post.is_valid_on(timezone.localdate(at)):
        raise RuleViolation(_("This post has ended: choose another person."), code="post_ended")
    if post.body_id == case.lead_body_id:
        raise RuleViolation(_("This department leads: it cannot assist itself."), code="leads")
    open_there = Task.objects.unsettled().filter(case=case, body=post.body_id)
    if open_there.exists():
        raise RuleViolation(_("This department assists already."), code="assists_already")


def _due_with_the_lead(case: Case, *, at: datetime.datetime) -> datetime.datetime | None:
    due = case.handle_due_at
    return due if due is not None and due > at else None


def _named(case: Case, body: int) -> None:
    """The body sees the case from now on; what was owed to it has been given."""
    Assistant.objects.update_or_create(case=case, body_id=body, defaults={"owed": False})


def sign_assistance(
    case: Case, *, by: User, at: datetime.datetime, task: Task | None = None
) -> Case:
    """The assisting person takes the task."""
    return _step(case, "assist_sign", task, by=by, at=at, state=TaskState.HANDLING, signed_at=at)


def report_assistance(  # noqa: PLR0913 -- a result says all this
    case: Case,
    *,
    result: str,
    by: User,
    at: datetime.datetime,
    actual: int | None = None,
    photos: Sequence[BinaryIO] = (),
    task: Task | None = None,
) -> Case:
    """The assistant's result for the lead, with what it cost (fen) and photos."""
    if not result.strip():
        raise RuleViolation(_("Write what was done."), code="result_missing")
    ready = [photo_services.prepare(photo) for photo in photos]
    with transaction.atomic():
        locked = begin(case, "assist_report", by=by, at=at)
        own = _own(locked, "assist_report", task, by=by, at=at)
        if own.estimate and actual is None:
            raise RuleViolation(_("Enter what it cost, 0 if nothing."), code="cost_missing")
        own.result, own.actual = result.strip(), max(0, actual or 0)
        own.missing = work.missing_money(own)
        photo_services.store(locked, ready, kind=Photo.Kind.AFTER, by=by, at=at, task=own)
        own.state, own.reported_at = TaskState.REPORTED, at
        own.save(update_fields=["result", "actual", "missing", "state", "reported_at"])
        facts = {"task": own.pk, "body": own.body_id, "actual": own.actual, "missing": own.missing}
        notifications.tell_lead(locked, "case-assist-report", by=by, at=at)
        return finish(locked, "assist_report", by=by, at=at, note=own.result, facts=facts)


def decline_assistance(
    case: Case, *, note: str, by: User, at: datetime.datetime, task: Task | None = None
) -> Case:
    """Not for this department: back to the lead with the reason, money and points are free."""
    with transaction.atomic():
        locked = begin(case, "assist_decline", by=by, at=at, note=note)
        own = _own(locked, "assist_decline", task, by=by, at=at)
        work.free(own, state=TaskState.RETURNED, by=by, at=at)
        notifications.tell_lead(locked, "case-assist-decline", by=by, at=at)
        facts = {"task": own.pk, "body": own.body_id}
        return finish(locked, "assist_decline", by=by, at=at, note=note, facts=facts)


def accept_assistance(
    case: Case, *, by: User, at: datetime.datetime, task: Task | None = None, note: str = ""
) -> Case:
    """The lead takes the result over: its cost becomes payable, the person is free."""
    with transaction.atomic():
        locked = begin(case, "assist_accept", by=by, at=at, note=note)
        chosen = _one(locked, "assist_accept", task)
        if chosen.missing or chosen.unfunded:
            raise RuleViolation(
                _("Money is missing: the owner of the budget line must give it first."),
                code="unfunded",
            )
        work.settle(chosen, by=by, at=at)
        work.unload(chosen)
        notifications.tell_assistant(chosen, "case-assist-accept", at=at, version=locked.version)
        facts = {"task": chosen.pk, "body": chosen.body_id, "actual": chosen.actual}
        return finish(locked, "assist_accept", by=by, at=at, note=note, facts=facts)


def send_assistance_back(
    case: Case, *, note: str, by: User, at: datetime.datetime, task: Task | None = None
) -> Case:
    """The lead is not content: the assistant goes on, the limit stays."""
    with transaction.atomic():
        locked = begin(case, "assist_send_back", by=by, at=at, note=note)
        chosen = _one(locked, "assist_send_back", task)
        chosen.state, chosen.reported_at = TaskState.HANDLING, None
        chosen.save(update_fields=["state", "reported_at"])
        notifications.tell_assistant(chosen, "case-assist-back", at=at, version=locked.version)
        facts = {"task": chosen.pk, "body": chosen.body_id}
        return finish(locked, "assist_send_back", by=by, at=at, note=note, facts=facts)


def release_assistance(
    case: Case, *, note: str, by: User, at: datetime.datetime, task: Task | None = None
) -> Case:
    """No longer needed, with the reason: money and points are free."""
    with transaction.atomic():
        locked = begin(case, "assist_release", by=by, at=at, note=note)
        chosen = _one(locked, "assist_release", task)
        work.free(chosen, state=TaskState.WITHDRAWN, by=by, at=at)
        notifications.tell_assistant(chosen, "case-assist-release", at=at, version=locked.version)
        facts = {"task": chosen.pk, "body": chosen.body_id}
        return finish(locked, "assist_release", by=by, at=at, note=note, facts=facts)


def _step(
    case: Case,
    name: str,
    task: Task | None,
    *,
    by: User,
    at: datetime.datetime,
    state: TaskState,
    **changes: Any,
) -> Case:
    with transaction.atomic():
        locked = begin(case, name, by=by, at=at)
        own = _own(locked, name, task, by=by, at=at)
        own.state = state
        for field, value in changes.items():
            setattr(own, field, value)
        own.save(update_fields=["state", *changes])
        return finish(locked, name, by=by, at=at, facts={"task": own.pk, "body": own.body_id})


def _own(case: Case, name: str, task: Task | None, *, by: User, at: datetime.datetime) -> Task:
    """The task of this person, or of the department they lead, that may take the step."""
    mine = own_assistance(by, case, on=timezone.localdate(at)).filter(state__in=ASSIST_STEPS[name])
    if task is not None:
        mine = mine.filter(pk=task.pk)
    rows = mine.select_related("hold__line", "post", "body")
    found: Task | None = rows.order_by("pk").first()
    if found is None:
        raise NotYours(_("There is no assistance of yours for this step."))
    found.case = case
    return found


def _one(case: Case, name: str, task: Task | None) -> Task:
    """The task meant; where nobody says which, the only one that may take the step."""
    rows = Task.objects.unsettled().filter(case=case, kind=Task.Kind.ASSIST)
    rows = rows.filter(state__in=ASSIST_STEPS[name])
    if task is not None:
        rows = rows.filter(pk=task.pk)
    found = list(rows.select_related("hold__line", "post", "body").order_by("pk")[:2])
    if len(found) != 1:
        raise RuleViolation(_("Choose which assistance is meant."), code="which_assistance")
    found[0].case = case
    return found[0]


# -- What the duty list asks for --------------------------------------------------------------


def give_owed(*, at: datetime.datetime, most: int = 200) -> int:
    """Give tasks to the assistants that the duty list names, each to the least loaded person with
    room; how many were given. Who has nobody free is tried again with the next sweep.
    """
    Assistant.objects.filter(owed=True, case__ended_at__isnull=False).update(owed=False)
    rows = Assistant.objects.filter(owed=True, case__state__in=ASSISTED).order_by("pk")
    return sum(_give_one(row, at=at) for row in rows.select_related("case")[:most])


def _give_one(row: Assistant, *, at: datetime.datetime) -> bool:
    """Under the lock of the case, so that two workers do not give it twice."""
    post = _free_post(row.body_id, on=timezone.localdate(at))
    if post is None:
        return False
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=row.case_id)
        if not Assistant.objects.filter(pk=row.pk, owed=True).exists():
            return False
        system = User.objects.system()
        try:
            with transaction.atomic():
                words = _("By the duty list.")
                ask_assistance(case, post=post, by=system, at=at, note=words)
        except RuleViolation as refusal:
            if refusal.code in {"assists_already", "leads"}:
                Assistant.objects.filter(pk=row.pk).update(owed=False)
            return False
    return True


def _free_post(body: int, *, on: datetime.date) -> Post | None:
    """Who handles in this body, has room, and has the least to do."""
    posts = Post.objects.valid_on(on).filter(body=body, role__in=HANDLES)
    rows = posts.select_related("load").order_by(F("load__points").asc(nulls_first=True), "pk")
    return next((post for post in rows if _room(post) >= USUAL_POINTS), None)


def _room(post: Post) -> int:
    load = getattr(post, "load", None)
    return post.capacity - (load.points if load else 0)
