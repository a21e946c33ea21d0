"""Supervision (督办) with a written reply by a time, and urging (催办)."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, Supervision, Urging
from cases.services.moves import begin, finish
from cases.services.pausing import limit
from cases.workflow import Actor, Desk, State
from lib.errors import RuleViolation
from lib.roles import Role
from lib.units import Unit
from organizations.models import User

USUAL_HOURS = 8
# Who is told to hurry, where no department has the case yet.
SERVES = {
    Desk.ACCEPTANCE: Role.ACCEPTOR,
    Desk.SITE: Role.GRID_WORKER,
    Desk.DUTY: Role.DUTY_OFFICER,
    Desk.VERIFIER: Role.VERIFIER,
}


def supervise(
    case: Case, *, note: str, by: User, at: datetime.datetime, hours: int = USUAL_HOURS
) -> Case:
    """The committee or the duty officer supervises: the lead's head replies in writing within so
    many working hours. `note` says what is asked for.
    """
    with transaction.atomic():
        locked = begin(case, "supervise", by=by, at=at, note=note)
        if hours < 1:
            raise RuleViolation(_("Give at least one hour for the reply."), code="hours")
        row = Supervision.objects.create(
            case=locked,
            by=by,
            at=at,
            words=note.strip(),
            reply_due_at=limit(at, hours, Unit.WORK_HOUR),
        )
        facts = {"supervision": row.pk, "due": row.reply_due_at.isoformat()}
        notifications.tell_lead(locked, "case-supervise", by=by, at=at)
        count = locked.supervisions + 1
        return finish(locked, "supervise", by=by, at=at, note=note, facts=facts, supervisions=count)


def reply_supervision(
    case: Case,
    *,
    note: str,
    by: User,
    at: datetime.datetime,
    supervision: Supervision | None = None,
) -> Case:
    """The head of the lead replies, to the supervision named or to the oldest without a reply."""
    with transaction.atomic():
        locked = begin(case, "reply_supervision", by=by, at=at, note=note)
        rows = Supervision.objects.filter(case=locked, replied_at=None).exclude(by=by)
        if supervision is not None:
            rows = rows.filter(pk=supervision.pk)
        row = rows.select_related("by").order_by("pk").first()
        if row is None:
            raise RuleViolation(_("No supervision waits for a reply."), code="nothing_to_reply")
        row.reply, row.replied_by, row.replied_at = note.strip(), by, at
        row.save(update_fields=["reply", "replied_by", "replied_at"])
        facts = {"supervision": row.pk, "late": at > row.reply_due_at}
        notifications.tell_people([row.by], "case-reply-supervision", locked, at=at)
        return finish(locked, "reply_supervision", by=by, at=at, note=note, facts=facts)


def urge(case: Case, *, by: User, at: datetime.datetime, note: str = "", code: str = "") -> Case:
    """Whoever has the case is asked to hurry: by the dispatcher, or by the resident once a day.

    A resident who has not signed in shows the query code. Raises RuleViolation (`urged_today`).
    """
    proven = bool(code) and Case.objects.with_code(case.number, code) is not None
    also = frozenset({Actor.REPORTER}) if proven else frozenset()
    by_resident = proven or case.logged_by_id == by.pk
    with transaction.atomic():
        locked = begin(case, "urge", by=by, at=at, note=note, also=also)
        _count(locked, by=by, at=at, by_resident=by_resident)
        _tell_to_hurry(locked, by=by, at=at)
        facts = {"by_resident": by_resident}
        count = locked.urges + 1
        return finish(locked, "urge", by=by, at=at, note=note, facts=facts, urges=count)


def _count(case: Case, *, by: User, at: datetime.datetime, by_resident: bool) -> None:
    day = timezone.localdate(at)
    try:
        with transaction.atomic():
            Urging.objects.create(case=case, by=by, at=at, day=day, by_resident=by_resident)
    except IntegrityError as error:
        raise RuleViolation(
            _("You have urged today already; it is on record. You can urge again tomorrow."),
            code="urged_today",
        ) from error


def _tell_to_hurry(case: Case, *, by: User, at: datetime.datetime) -> None:
    if case.state == State.SPLIT:
        for part in case.parts.filter(ended_at=None).order_by("pk"):
            notifications.tell_lead(part, "case-urge", by=by, at=at)
    elif case.desk in {Desk.HANDLER, Desk.HEAD} and case.lead_body_id:
        notifications.tell_lead(case, "case-urge", by=by, at=at)
    else:
        role = SERVES.get(Desk(case.desk), Role.DISPATCHER)
        people = notifications.serving(role, case, at=at)
        notifications.tell_people(people, "case-urge", case, at=at)
