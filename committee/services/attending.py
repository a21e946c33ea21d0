"""Who is invited to a meeting, who comes, who cannot."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from committee.models import Attends, Invitation, Meeting, Member
from committee.services.actors import MEETING, leads
from lib.errors import NotYours, RuleViolation
from organizations.models import User


@transaction.atomic
def invite(
    meeting: Meeting, person: User, *, may_vote: bool, by: User, at: datetime.datetime
) -> Invitation:
    """Somebody besides those whom the kind of meeting names; a vote only in a joint meeting."""
    locked = MEETING.begin(meeting, "invite", by=by, at=at)
    if person.is_resident:
        raise RuleViolation(
            _("A resident's account is not invited here: write to them."), code="resident"
        )
    if may_vote and locked.kind.attends != Attends.INVITED:
        raise RuleViolation(
            _("In this kind of meeting members vote; guests have no vote."), code="no_vote"
        )
    row, made = Invitation.objects.get_or_create(
        meeting=locked, person=person, defaults={"may_vote": may_vote, "invited_at": at}
    )
    if not made:
        raise RuleViolation(_("This person is invited already."), code="invited_already")
    MEETING.finish(locked, "invite", by=by, at=at, facts={"person": person.pk})
    return row


def invite_members(meeting: Meeting, at: datetime.datetime) -> None:
    """Members as the kind says, on the meeting's day; chair and recorder at least as guests."""
    members = Member.objects.of_body(meeting.body, on=localdate(meeting.starts_at))
    if meeting.kind.attends == Attends.BOARD:
        members = members.with_office()
    if meeting.kind.attends == Attends.INVITED:
        members = members.none()
    full = Member.Standing.FULL
    wanted = {row.person_id: row.standing == full and meeting.kind.votes for row in members}
    for person in (meeting.chair_id, meeting.recorder_id):
        wanted.setdefault(person, False)
    known = set(meeting.invitations.values_list("person", flat=True))
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, person_id=person, may_vote=may_vote, invited_at=at)
        for person, may_vote in wanted.items()
        if person not in known
    )


def demand_theirs(meeting: Meeting, row: Invitation, *, by: User, at: datetime.datetime) -> None:
    """Everybody speaks for himself; for others the recorder, the chair and who leads the body."""
    if row.person_id == by.pk:
        return
    if by.pk not in {meeting.chair_id, meeting.recorder_id} and not leads(
        by, meeting.body_id, at=at
    ):
        raise NotYours(_("This step belongs to somebody else."))


@transaction.atomic
def check_in(row: Invitation, *, by: User, at: datetime.datetime) -> Invitation:
    """Present from now on, once: by the person, or by who keeps the list."""
    locked = MEETING.begin(row.meeting, "check_in", by=by, at=at)
    demand_theirs(locked, row, by=by, at=at)
    if localdate(at) != localdate(locked.starts_at):
        raise RuleViolation(_("Attendance is noted on the day of the meeting."), code="day")
    free = Invitation.objects.filter(pk=row.pk, present_at=None)
    if not free.update(present_at=at, marked_by=by, excuse=""):
        raise RuleViolation(_("This person is noted as present."), code="present_already")
    MEETING.finish(locked, "check_in", by=by, at=at, facts={"person": row.person_id})
    row.refresh_from_db()
    return row


@transaction.atomic
def excuse(row: Invitation, *, words: str, by: User, at: datetime.datetime) -> Invitation:
    """Cannot come, and says so."""
    locked = MEETING.begin(row.meeting, "excuse", by=by, at=at)
    demand_theirs(locked, row, by=by, at=at)
    if not words.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if not Invitation.objects.filter(pk=row.pk, present_at=None).update(excuse=words.strip()[:120]):
        raise RuleViolation(_("This person is noted as present."), code="present_already")
    MEETING.finish(locked, "excuse", by=by, at=at, facts={"person": row.person_id})
    row.refresh_from_db()
    return row
