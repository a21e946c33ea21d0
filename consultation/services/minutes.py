"""Minutes: written live, laid out, amended by those who attended, final, then published."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultation import session_notifications as notifications
from consultation.models import (
    Amendment,
    Invitation,
    Minutes,
    MinutesVersion,
    PublicationKind,
    Session,
)
from consultation.services import publishing
from consultation.services.history import record
from consultation.services.sessions import session_actors
from consultation.session_workflow import (
    AMENDMENT_MOVES,
    MINUTES_MOVES,
    AmendmentState,
    MinutesState,
    SessionActor,
    SessionState,
)
from lib.chain import fingerprint
from lib.errors import NotYours, RuleViolation, WrongState
from lib.workflow import demand
from organizations.models import User


def begin(minutes: Minutes, name: str, *, by: User, at: datetime.datetime) -> Minutes:
    """The minutes again, under their lock, if `by` may make the move."""
    rows = Minutes.objects.select_for_update(of=("self",))
    locked = rows.select_related("session__consultation").get(pk=minutes.pk)
    demand(
        MINUTES_MOVES, name, state=locked.state, label=lambda state: MinutesState(state).label,
        actors=lambda: session_actors(by, locked.session, at=at),
    )  # fmt: skip
    return locked


@transaction.atomic
def write(minutes: Minutes, text: str, *, by: User, at: datetime.datetime) -> Minutes:
    """As it goes on; whoever saves later has the last word."""
    locked = begin(minutes, "write", by=by, at=at)
    if locked.session.state not in {SessionState.OPEN, SessionState.CLOSED}:
        raise WrongState(_("Minutes are written from the opening of the session on."))
    locked.text = text.strip()
    locked.save(update_fields=["text"])
    return locked


@transaction.atomic
def lay_out(
    minutes: Minutes, *, until: datetime.datetime, by: User, at: datetime.datetime
) -> Minutes:
    """Those who attended may amend it until then."""
    locked = begin(minutes, "lay_out", by=by, at=at)
    if locked.session.state != SessionState.CLOSED:
        raise WrongState(_("Close the session first."))
    if not locked.text:
        raise RuleViolation(_("Write the minutes first."), code="empty")
    if until <= at:
        raise RuleViolation(_("Leave those who attended some time to read."), code="times")
    locked.state, locked.amend_until = MinutesState.DRAFT, until
    _new_text(locked, locked.text, "", by, at)
    record(locked.session.consultation, "lay_out_minutes", by=by, at=at, session=locked.session_id)
    locked.session.minutes = locked
    notifications.tell_invited(
        locked.session, "minutes-laid-out", at=at, only=locked.session.invitations.present()
    )
    return locked


def _new_text(locked: Minutes, text: str, reason: str, by: User, at: datetime.datetime) -> None:
    locked.text, locked.version = text, locked.version + 1
    locked.save(update_fields=["state", "amend_until", "text", "version"])
    MinutesVersion.objects.create(
        minutes=locked, number=locked.version, text=text, reason=reason[:200], by=by, at=at
    )


@transaction.atomic
def propose(
    minutes: Minutes, *, passage: str, wording: str, by: User, at: datetime.datetime
) -> Amendment:
    """Somebody who attended wants `passage` to read otherwise."""
    locked = begin(minutes, "amend", by=by, at=at)
    if locked.amend_until is None or at >= locked.amend_until:
        raise WrongState(_("The time for amendments is over."))
    passage, wording = passage.strip(), wording.strip()
    if not passage or passage not in locked.text:
        raise RuleViolation(
            _("Copy the passage exactly as it stands in the minutes."), code="passage"
        )
    mine: Invitation | None = locked.session.invitations.of(by).present().first()
    if mine is None:
        raise NotYours(_("Only those who attended amend the minutes."))
    return Amendment.objects.create(
        minutes=locked, invitation=mine, passage=passage, wording=wording, at=at
    )


@transaction.atomic
def decide(
    amendment: Amendment, name: str, *, reason: str, by: User, at: datetime.datetime
) -> Amendment:
    """`name`: accept (the text is changed) or refuse; either way with a reason."""
    locked = begin(amendment.minutes, "finish", by=by, at=at)
    row = Amendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
    move = AMENDMENT_MOVES[name]
    if not move.starts_from(row.state):
        raise WrongState(_("This amendment was answered before."))
    if not reason.strip():
        raise RuleViolation(_("Say why: who proposed it reads it."), code="why")
    if name == "accept":
        if row.passage not in locked.text:
            raise RuleViolation(
                _("The passage has changed meanwhile. Refuse this one and say so."), code="passage"
            )
        text = locked.text.replace(row.passage, row.wording, 1)
        _new_text(locked, text, _("Amendment %(number)d") % {"number": row.pk}, by, at)
    row.state, row.answer = AmendmentState(move.leads_to(row.state)), reason.strip()
    row.decided_by, row.decided_at = by, at
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return row


@transaction.atomic
def finish(minutes: Minutes, *, by: User, at: datetime.datetime) -> Minutes:
    """Final: nobody changes them any more. A draft of their publication waits to be released."""
    locked = begin(minutes, "finish", by=by, at=at)
    if locked.amendments.filter(state=AmendmentState.PROPOSED).exists():
        raise RuleViolation(_("Answer every amendment first."), code="open_amendments")
    if locked.amend_until is not None and at < locked.amend_until:
        raise RuleViolation(_("Those who attended may still amend them."), code="time_to_amend")
    found = locked.session.consultation
    locked.publication = publishing.prepare(
        found, PublicationKind.MINUTES, title=locked.session.title, text=locked.text, by=by, at=at
    )
    locked.state, locked.final_at = MinutesState.FINAL, at
    locked.digest = fingerprint({"session": locked.session_id, "text": locked.text})
    locked.save(update_fields=["state", "final_at", "digest", "publication"])
    facts: dict[str, Any] = {"session": locked.session_id, "digest": locked.digest}
    record(found, "finish_minutes", by=by, at=at, **facts)
    return locked


def may_amend(session: Session, user: User, *, at: datetime.datetime) -> bool:
    open_until = session.minutes.amend_until
    return (
        session.minutes.state == MinutesState.DRAFT
        and open_until is not None
        and at < open_until
        and SessionActor.ATTENDED in session_actors(user, session, at=at)
    )
