"""Who comes: answers to invitations, check-in by code or clerk, recusal, positions."""

import datetime
import hmac
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultation.models import (
    AgendaItem,
    Attendance,
    Invitation,
    Position,
    Recusal,
    Session,
)
from consultation.services.history import record
from consultation.services.sessions import begin, session_actors
from consultation.session_workflow import (
    INVITATION_MOVES,
    InvitationState,
    SessionActor,
    SessionState,
)
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from organizations.models import User
from organizations.services import changes

# A code on the screen holds for this window and the one before.
WINDOW = 60
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8


# -- Answers -----------------------------------------------------------------------------------


@transaction.atomic
def answer(
    invitation: Invitation, name: str, *, by: User, at: datetime.datetime, reason: str = ""
) -> Invitation:
    """`name`: read, accept or decline (with a reason)."""
    row = changes.locked(invitation)
    if row.person_id != by.pk:
        raise NotYours(_("This invitation is somebody else's."))
    if row.session.state != SessionState.PLANNED:
        raise WrongState(_("The session has begun or ended."))
    move = INVITATION_MOVES[name]
    if not move.starts_from(row.state):
        return row
    if name == "decline" and not reason.strip():
        raise RuleViolation(_("Say why you cannot come, so that somebody can be sent."), code="why")
    row.state = InvitationState(move.leads_to(row.state))
    row.read_at = row.read_at or at
    row.answered_at = None if name == "read" else at
    row.reason = reason.strip()[:200] if name == "decline" else ""
    row.save(update_fields=["state", "read_at", "answered_at", "reason"])
    return row


# -- Check-in ----------------------------------------------------------------------------------


def code_at(session: Session, at: datetime.datetime) -> str:
    """The code on the clerk's screen at this moment: signed, and another one every minute."""
    return _code(session, int(at.timestamp()) // WINDOW)


def _code(session: Session, window: int) -> str:
    said = f"consultation.session:{session.pk}:{window}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), said, "sha256").digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LENGTH])


def is_code_of(session: Session, code: str, at: datetime.datetime) -> bool:
    window = int(at.timestamp()) // WINDOW
    said = code.replace(" ", "").upper()
    return any(hmac.compare_digest(_code(session, one), said) for one in (window, window - 1))


@transaction.atomic
def check_in_by_code(
    session: Session, code: str, *, by: User, at: datetime.datetime
) -> list[Attendance]:
    """Somebody invited stands in the room and reads the screen. A second time changes nothing."""
    locked = begin(session, "check_in", by=by, at=at)
    mine = list(locked.invitations.of(by))
    if not mine:
        raise NotYours(_("You are not invited by name: the clerk checks you in."))
    if not is_code_of(locked, code, at):
        raise RuleViolation(
            _("This code has passed. Scan the one that stands on the screen now."), code="passed"
        )
    return [_came(one, Attendance.How.CODE, by=by, at=at) for one in mine]


@transaction.atomic
def check_in_by_clerk(invitation: Invitation, *, by: User, at: datetime.datetime) -> Attendance:
    """A clerk has seen who stands before him."""
    locked = begin(invitation.session, "check_in", by=by, at=at)
    _demand_clerk(locked, by, at)
    return _came(invitation, Attendance.How.CLERK, by=by, at=at)


def _demand_clerk(session: Session, by: User, at: datetime.datetime) -> None:
    if SessionActor.CLERK not in session_actors(by, session, at=at):
        raise NotYours(_("A clerk checks others in."))


def _came(invitation: Invitation, how: str, *, by: User, at: datetime.datetime) -> Attendance:
    standing = invitation.attendances.filter(cancelled_at=None)
    if found := standing.first():
        return found
    try:
        with transaction.atomic():
            return Attendance.objects.create(invitation=invitation, how=how, by=by, at=at)
    except IntegrityError:  # somebody else was quicker by a moment
        return standing.get()


@transaction.atomic
def cancel_check_in(
    attendance: Attendance, *, reason: str, by: User, at: datetime.datetime
) -> Attendance:
    """It was the wrong row: it stays, marked with the reason."""
    locked = begin(attendance.invitation.session, "check_in", by=by, at=at)
    _demand_clerk(locked, by, at)
    if not reason.strip():
        raise RuleViolation(_("Say why the row is wrong."), code="why")
    done = Attendance.objects.filter(pk=attendance.pk, cancelled_at=None).update(
        cancelled_at=at, cancelled_by=by, cancel_reason=reason.strip()[:200]
    )
    if not done:
        raise WrongState(_("This row was cancelled before."))
    attendance.refresh_from_db()
    return attendance


# -- Recusal -----------------------------------------------------------------------------------


@transaction.atomic
def recuse(invitation: Invitation, *, reason: str, by: User, at: datetime.datetime) -> Recusal:
    """He stands back himself, or the host says that he must."""
    locked = begin(invitation.session, "recuse", by=by, at=at)
    _demand_own_or_host(invitation, locked, by, at)
    if not reason.strip():
        raise RuleViolation(_("Say what the matter has to do with this person."), code="why")
    if Recusal.objects.filter(invitation=invitation).exists():
        raise WrongState(_("This person stands back already."))
    if locked.votes.filter(state__in=["open", "closed"]).exists():
        raise WrongState(_("Voting has begun: its rules stay as they are."))
    made = Recusal.objects.create(invitation=invitation, reason=reason.strip(), by=by, at=at)
    record(locked.consultation, "recuse", by=by, at=at, session=locked.pk, invitation=invitation.pk)
    return made


def _demand_own_or_host(
    invitation: Invitation, session: Session, by: User, at: datetime.datetime
) -> None:
    if invitation.person_id != by.pk and SessionActor.HOST not in session_actors(
        by, session, at=at
    ):
        raise NotYours(_("Everybody stands back for himself; else the host says so."))


# -- Positions ---------------------------------------------------------------------------------


@transaction.atomic
def take_down(
    invitation: Invitation, said: dict[str, Any], *, by: User, at: datetime.datetime
) -> Position:
    """What somebody said (`stance`, `text`, `item`); everybody reads it with details masked."""
    locked = begin(invitation.session, "take_down", by=by, at=at)
    if not invitation.attendances.filter(cancelled_at=None).exists():
        raise RuleViolation(_("Only who has checked in takes the floor."), code="absent")
    item: AgendaItem | None = said.get("item")
    if item is not None and item.session_id != locked.pk:
        raise RuleViolation(_("This point belongs to another session."), code="other_session")
    text = said["text"].strip()
    return Position.objects.create(
        session=locked, invitation=invitation, item=item, stance=said["stance"], text=text,
        public_text=mask_text(text, [invitation.name]), by=by, at=at,
    )  # fmt: skip


def present_places(vote: Any) -> set[int | str]:
    """Rights (primary keys, and keys of members) of a vote in a session whose people have come."""
    came = vote.session.invitations.present().filter(recusal=None)
    keys: set[int | str] = {f"i{pk}" for pk in came.values_list("pk", flat=True)}
    places = came.exclude(entitled=None).values("entitled")
    keys.update(vote.entitlements.filter(voters__in=places).values_list("pk", flat=True))
    return keys
