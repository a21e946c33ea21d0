"""Sessions: planned, put on the agenda, people invited, opened, closed or called off."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from consultation import session_notifications as notifications
from consultation.models import (
    ERASED,
    AgendaItem,
    Consultation,
    Invitation,
    Minutes,
    Participant,
    Session,
    Stage,
)
from consultation.services.actors import actors_of, roles_for
from consultation.services.history import lock, record
from consultation.services.limits import days_after, minutes_fall_due
from consultation.services.rooms import demand_makeup
from consultation.session_workflow import CLERKS, SESSION_MOVES, SessionActor, SessionState
from consultation.workflow import Actor, State
from grids.models import Claim, Entitled
from lib.errors import NotYours, RuleViolation, WrongState
from lib.languages import listed
from lib.masking import mask_name
from lib.workflow import demand
from organizations.models import User

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session is; `roll`: an assembly of those who stand in it."""

    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: str = ""
    online_url: str = ""
    roll: Any = None
    recused_leave: bool = True


def session_actors(
    user: User, session: Session, *, at: datetime.datetime
) -> frozenset[SessionActor]:
    found, actors = session.consultation, set()
    if Actor.HOST in actors_of(user, found, at=at):
        actors |= {SessionActor.HOST, SessionActor.CLERK}
    if roles_for(user, found, at=at) & CLERKS:
        actors.add(SessionActor.CLERK)
    if session.invitations.of(user).exists():
        actors.add(SessionActor.INVITED)
    if session.invitations.of(user).present().exists():
        actors.add(SessionActor.ATTENDED)
    return frozenset(actors)


def begin(session: Session, name: str, *, by: User, at: datetime.datetime) -> Session:
    """The session again, under its lock, if `by` may make the move."""
    rows = Session.objects.select_for_update(of=("self",)).select_related("consultation", "stage")
    locked = rows.get(pk=session.pk)
    demand(
        SESSION_MOVES, name, state=locked.state, label=lambda state: SessionState(state).label,
        actors=lambda: session_actors(by, locked, at=at),
    )  # fmt: skip
    return locked


@transaction.atomic
def plan_session(
    consultation: Consultation, plan: Plan, *, by: User, at: datetime.datetime
) -> Session:
    """A session of the open stage. Its notice must stand as long as the form asks for."""
    found = lock(consultation)
    if Actor.HOST not in actors_of(by, found, at=at):
        raise NotYours(_("This step belongs to somebody else."))
    if found.state != State.RUNNING or found.stage is None:
        raise WrongState(_("Sessions are held while the consultation is under way."))
    _check(plan)
    _demand_notice(plan, found.stage, at)
    session = Session.objects.create(
        consultation=found, stage=found.stage, made_by=by, **_columns(plan)
    )
    Minutes.objects.create(session=session)
    facts: dict[str, Any] = {"session": session.pk, "starts_at": plan.starts_at.isoformat()}
    record(found, "plan_session", by=by, at=at, **facts)
    return session


def _demand_notice(plan: Plan, stage: Stage, at: datetime.datetime) -> None:
    if plan.starts_at < days_after(at, stage.notice_days, stage.notice_unit):
        raise RuleViolation(
            _("People must be invited %(days)d days before. Choose a later day.")
            % {"days": stage.notice_days},
            code="notice",
        )


def _check(plan: Plan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise RuleViolation(_("A session ends after it begins."), code="times")
    if not plan.room.strip() and not plan.online_url.strip():
        raise RuleViolation(_("Say where people meet: a place, or a link."), code="nowhere")


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title.strip(),
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "room": plan.room.strip(),
        "online_url": plan.online_url.strip(),
        "roll": plan.roll,
        "recused_leave": plan.recused_leave,
    }


@transaction.atomic
def change_session(session: Session, plan: Plan, *, by: User, at: datetime.datetime) -> Session:
    """Other hours or another place; everybody who is invited is told, and reminded again. Never
    earlier than the notice allows."""
    locked = begin(session, "change", by=by, at=at)
    _check(plan)
    if plan.starts_at < locked.starts_at:
        _demand_notice(plan, locked.stage, at)
    for name, value in _columns(plan).items():
        setattr(locked, name, value)
    if _top_minutes(locked) > locked.minutes_long:
        raise RuleViolation(_("The agenda takes longer than that."), code="agenda")
    locked.reminded_at = None
    locked.save(update_fields=[*_columns(plan), "reminded_at"])
    facts: dict[str, Any] = {"session": locked.pk, "starts_at": plan.starts_at.isoformat()}
    record(locked.consultation, "change_session", by=by, at=at, **facts)
    notifications.tell_invited(locked, "session-changed", at=at)
    return locked


def _top_minutes(session: Session) -> int:
    rows = session.agenda.filter(parent=None)
    return rows.aggregate(sum=Sum("minutes"))["sum"] or 0


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the agenda; `parent`: the one that it is a part of."""

    title: str
    minutes: int
    parent: AgendaItem | None = None
    speaker: str = ""


@transaction.atomic
def add_item(session: Session, point: Point, *, by: User, at: datetime.datetime) -> AgendaItem:
    """Parts take no longer than their point, all points no longer than the session."""
    parent, minutes = point.parent, point.minutes
    locked = begin(session, "change", by=by, at=at)
    siblings = locked.agenda.filter(parent=parent)
    taken = siblings.aggregate(sum=Sum("minutes"))["sum"] or 0
    room = parent.minutes if parent else locked.minutes_long
    if taken + minutes > room:
        raise RuleViolation(
            _("%(left)d minutes are left there. Give it less, or the whole more.")
            % {"left": room - taken},
            code="agenda",
        )
    return AgendaItem.objects.create(
        session=locked, parent=parent, order=siblings.count() + 1,
        title=point.title.strip(), minutes=minutes, speaker=point.speaker.strip(),
    )  # fmt: skip


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User, at: datetime.datetime) -> None:
    begin(item.session, "change", by=by, at=at)
    if item.positions.exists():
        raise RuleViolation(_("Somebody has spoken to this point."), code="used")
    item.delete()


# -- Invitations -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite by name: with an account or without; `is_woman` None: not noted."""

    name: str
    capacity: str
    person: User | None = None
    is_member: bool = True
    is_woman: bool | None = None


@transaction.atomic
def invite(
    session: Session, guests: Iterable[Guest], *, by: User, at: datetime.datetime
) -> list[Invitation]:
    """Who is invited already stays as he is."""
    locked = begin(session, "invite", by=by, at=at)
    known = set(locked.invitations.exclude(person=None).values_list("person_id", flat=True))
    made = []
    for guest in guests:
        if guest.person is not None and guest.person.pk in known:
            continue
        if guest.capacity not in Participant.values:
            raise RuleViolation(_("Say as what they are invited."), code="capacity")
        made.append(_invited(locked, guest, at=at))
        known.add(guest.person.pk if guest.person else 0)
    record(locked.consultation, "invite", by=by, at=at, session=locked.pk, invited=len(made))
    notifications.tell_invited(locked, "session-invited", at=at, only=made)
    return made


def _invited(session: Session, guest: Guest, *, at: datetime.datetime) -> Invitation:
    return Invitation.objects.create(
        session=session,
        person=guest.person,
        name=guest.name.strip()[:60],
        capacity=guest.capacity,
        is_member=guest.is_member,
        is_woman=guest.is_woman,
        sent_at=at,
    )


@transaction.atomic
def invite_roll(session: Session, *, by: User, at: datetime.datetime) -> int:
    """Everybody who stands in the session's roll, each for his place."""
    locked = begin(session, "invite", by=by, at=at)
    if locked.roll is None:
        raise RuleViolation(_("This session is no assembly of a roll."), code="no_roll")
    capacity = Participant.OWNERS if locked.roll.kind == "owners" else Participant.RESIDENTS
    known = locked.invitations.exclude(entitled=None).values("entitled")
    places = Entitled.objects.filter(dwelling__roll=locked.roll).exclude(pk__in=known)
    claims = _claimants(locked.roll)
    made = Invitation.objects.bulk_create(
        (
            Invitation(
                session=locked, person_id=claims.pop(place.pk, None), entitled=place,
                name=f"{place.dwelling.number} {place.shown}"[:60], capacity=capacity, sent_at=at,
            )
            for place in places.select_related("dwelling").order_by("pk")
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    record(locked.consultation, "invite", by=by, at=at, session=locked.pk, invited=len(made))
    notifications.tell_invited(locked, "session-invited", at=at, only=made)
    return len(made)


def _claimants(roll: Any) -> dict[int, int]:
    """Place → account; whoever holds several places is invited with his name once."""
    rows = Claim.objects.filter(entitled__dwelling__roll=roll, ended_at=None).order_by("pk")
    found: dict[int, int] = {}
    seen: set[int] = set()
    for place, person in rows.values_list("entitled_id", "person_id"):
        if person not in seen:
            found[place] = person
            seen.add(person)
    return found


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, at: datetime.datetime) -> None:
    """The wrong person was invited: as long as the doors are closed the row goes, and who has an
    account is told."""
    locked = begin(invitation.session, "change", by=by, at=at)
    if hasattr(invitation, "recusal"):
        raise RuleViolation(_("This person stands back: the row stays."), code="used")
    notifications.tell_invited(locked, "session-not-invited", at=at, only=[invitation])
    record(locked.consultation, "withdraw_invitation", by=by, at=at, session=locked.pk)
    invitation.delete()


def missing_participants(session: Session) -> list[str]:
    """Whom the stage cannot do without and nobody is invited for."""
    invited = set(session.invitations.values_list("capacity", flat=True))
    return [code for code in session.stage.must_take_part if code not in invited]


# -- Open, close, call off ---------------------------------------------------------------------


@transaction.atomic
def open_session(session: Session, *, by: User, at: datetime.datetime) -> Session:
    """The doors open: people check in from now on."""
    locked = begin(session, "open", by=by, at=at)
    if missing := missing_participants(locked):
        names = listed(Participant(code).label for code in missing)
        raise RuleViolation(
            _("Nobody is invited for: %(names)s. The form cannot do without.") % {"names": names},
            code="missing_participants",
        )
    demand_makeup(locked)
    locked.state, locked.opened_at = SessionState.OPEN, at
    locked.save(update_fields=["state", "opened_at"])
    record(locked.consultation, "open_session", by=by, at=at, session=locked.pk)
    return locked


@transaction.atomic
def close_session(session: Session, *, by: User, at: datetime.datetime) -> Session:
    """Nobody checks in any more; who came stands as rows, and the chain holds how many."""
    locked = begin(session, "close", by=by, at=at)
    locked.state, locked.closed_at = SessionState.CLOSED, at
    locked.save(update_fields=["state", "closed_at"])
    minutes_fall_due(locked.stage, at=at)
    came = locked.invitations.present().count()
    record(locked.consultation, "close_session", by=by, at=at, session=locked.pk, came=came)
    return locked


@transaction.atomic
def call_off(session: Session, *, reason: str, by: User, at: datetime.datetime) -> Session:
    locked = begin(session, "call_off", by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Say why it is called off: everybody invited reads it."), code="why")
    if locked.votes.filter(state__in=["open", "closed"]).exists():
        raise RuleViolation(_("A vote of this session is under way. Close it first."), code="vote")
    locked.state, locked.closed_at, locked.reason = SessionState.CALLED_OFF, at, reason.strip()
    locked.save(update_fields=["state", "closed_at", "reason"])
    record(
        locked.consultation, "call_off_session", by=by, at=at, note=locked.reason, session=locked.pk
    )
    notifications.tell_invited(locked, "session-called-off", at=at)
    return locked


def public_name(invitation: Invitation) -> str:
    """As everybody reads it: a place of a roll is masked already, a name is masked here."""
    if invitation.entitled is not None:
        return invitation.entitled.shown
    return ERASED if invitation.name == ERASED else mask_name(invitation.name)
