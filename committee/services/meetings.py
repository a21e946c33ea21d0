"""Meetings: planned, agenda, called, attended, opened with a quorum, minuted, confirmed."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from committee import notifications
from committee.models import Ballot, Meeting, MeetingKind
from committee.services.actors import MEETING, leads
from committee.services.agenda import carry_over
from committee.services.attending import invite_members
from committee.workflow import BallotState, MeetingState, Outcome
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where; `chair` opens and closes it, `recorder` writes its minutes."""

    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    place: str
    chair: User
    recorder: User

    def check(self, *, at: datetime.datetime) -> None:
        if self.ends_at <= self.starts_at:
            raise RuleViolation(_("A meeting ends after it begins."), code="order")
        if self.starts_at < at - datetime.timedelta(hours=1):
            raise RuleViolation(_("Choose a time that is still to come."), code="in_the_past")
        if self.chair.pk == self.recorder.pk:
            text = _("Chair and recorder are two people: one confirms what the other wrote.")
            raise RuleViolation(text, code="chair_records")

    def columns(self) -> dict[str, Any]:
        return {
            "title": self.title.strip(),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "place": self.place.strip(),
            "chair": self.chair,
            "recorder": self.recorder,
        }


@transaction.atomic
def plan_meeting(
    body: Body, kind: MeetingKind, plan: Plan, *, by: User, at: datetime.datetime
) -> Meeting:
    """A meeting in preparation; what is still open stands on its agenda at once.

    Raises NotYours, RuleViolation (the body does not hold such meetings; time).
    """
    if not leads(by, body.pk, at=at):
        raise NotYours(_("Only who leads this body, or a body above it, may do that."))
    held = MeetingKind.objects.held_by(body, on=localdate(at))
    if not held.filter(pk=kind.pk).exists():
        raise RuleViolation(_("This body does not hold such meetings."), code="wrong_kind")
    plan.check(at=at)
    meeting = MEETING.start(Meeting(body=body, kind=kind, **plan.columns()), "plan", by=by, at=at)
    carry_over(meeting)
    return meeting


@transaction.atomic
def edit_meeting(meeting: Meeting, plan: Plan, *, by: User, at: datetime.datetime) -> Meeting:
    plan.check(at=at)
    locked = MEETING.begin(meeting, "edit", by=by, at=at)
    return MEETING.finish(locked, "edit", by=by, at=at, **plan.columns())


@transaction.atomic
def call_meeting(meeting: Meeting, *, by: User, at: datetime.datetime) -> Meeting:
    """Invite whom the kind of meeting names; with notice, and an agenda.

    Raises WrongState, NotYours, RuleViolation.
    """
    locked = MEETING.begin(meeting, "call", by=by, at=at)
    carry_over(locked)
    days = (localdate(locked.starts_at) - localdate(at)).days
    if days < locked.kind.notice_days:
        text = _("It is to be called at least %(days)s days before.")
        raise RuleViolation(text % {"days": locked.kind.notice_days}, code="notice")
    if not locked.items.exists():
        raise RuleViolation(_("Write the agenda first."), code="no_agenda")
    invite_members(locked, at)
    if locked.kind.votes and not locked.invitations.entitled().exists():
        raise RuleViolation(
            _("Nobody of this body may vote: enter its members first."), code="nobody_votes"
        )
    count = locked.invitations.count()
    done = MEETING.finish(locked, "call", by=by, at=at, facts={"invited": count}, called_at=at)
    notifications.tell_invited(done, "meeting-called", at=at)
    return done


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User, at: datetime.datetime) -> Meeting:
    locked = MEETING.begin(meeting, "cancel", by=by, at=at, reason=reason)
    told = locked.state == MeetingState.CALLED
    done = MEETING.finish(locked, "cancel", by=by, at=at, reason=reason.strip()[:300])
    if told:
        notifications.tell_invited(done, "meeting-cancelled", at=at)
    return done


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: User, at: datetime.datetime) -> Meeting:
    """By the chair, on its day, when as many have come as the rule of its kind wants."""
    locked = MEETING.begin(meeting, "open", by=by, at=at)
    if localdate(at) != localdate(locked.starts_at):
        raise RuleViolation(_("A meeting is opened on its day."), code="day")
    invited = locked.invitations.entitled() if locked.kind.votes else locked.invitations.all()
    entitled, present = invited.count(), invited.here().count()
    if not locked.kind.has_quorum(present, entitled) or not present:
        text = _("No quorum: %(present)s of %(entitled)s are present.")
        raise RuleViolation(text % {"present": present, "entitled": entitled}, code="no_quorum")
    counts: dict[str, Any] = {"entitled": entitled, "present": present}
    return MEETING.finish(locked, "open", by=by, at=at, facts=counts, opened_at=at, **counts)


@transaction.atomic
def write_minutes(meeting: Meeting, *, text: str, by: User, at: datetime.datetime) -> Meeting:
    locked = MEETING.begin(meeting, "write", by=by, at=at)
    if not text.strip():
        raise RuleViolation(_("The minutes are empty."), code="no_minutes")
    return MEETING.finish(locked, "write", by=by, at=at, minutes=text.strip(), minutes_by=by)


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, at: datetime.datetime) -> Meeting:
    """When no vote is open and every point has an outcome."""
    locked = MEETING.begin(meeting, "close", by=by, at=at)
    if Ballot.objects.filter(item__meeting=locked, state=BallotState.OPEN).exists():
        raise RuleViolation(_("A vote is still open: count it first."), code="voting")
    left = locked.items.filter(outcome=Outcome.PENDING).count()
    if left:
        text = _("Say of each point what became of it; %(left)s are left.")
        raise RuleViolation(text % {"left": left}, code="pending")
    return MEETING.finish(locked, "close", by=by, at=at, closed_at=at)


@transaction.atomic
def confirm_minutes(meeting: Meeting, *, by: User, at: datetime.datetime) -> Meeting:
    """By the chair, who did not write them."""
    locked = MEETING.begin(meeting, "confirm", by=by, at=at)
    if not locked.minutes or locked.minutes_by_id is None:
        raise RuleViolation(_("The minutes are not written yet."), code="no_minutes")
    if locked.minutes_by_id == by.pk:
        raise NotYours(_("Nobody confirms minutes of their own."))
    return MEETING.finish(locked, "confirm", by=by, at=at, confirmed_by=by, confirmed_at=at)
