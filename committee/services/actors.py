"""What a person is to a meeting or a directive."""

import datetime

from django.utils.timezone import localdate

from committee.models import (
    Directive,
    DirectiveEvent,
    Meeting,
    MeetingEvent,
)
from committee.models.meetings import MeetingQuerySet
from committee.models.members import bodies_led_by
from committee.workflow import (
    DIRECTIVE_MOVES,
    DIRECTIVE_NEEDS_REASON,
    MEETING_MOVES,
    MEETING_NEEDS_REASON,
    DirectiveActor,
    DirectiveState,
    MeetingActor,
    MeetingState,
)
from lib.moving import Way
from organizations.models import User


def leads(user: User, body: int, *, at: datetime.datetime) -> bool:
    """Whether `user` looks after the meetings and directives of the body."""
    return user.is_system or body in bodies_led_by(user, on=localdate(at))


def to_meeting(user: User, meeting: Meeting, *, at: datetime.datetime) -> frozenset[MeetingActor]:
    found = set()
    if meeting.chair_id == user.pk:
        found.add(MeetingActor.CHAIR)
    if meeting.recorder_id == user.pk:
        found.add(MeetingActor.RECORDER)
    if leads(user, meeting.body_id, at=at):
        found.add(MeetingActor.SECRETARY)
    if meeting.invitations.filter(person=user).exists():
        found.add(MeetingActor.INVITED)
    return frozenset(found)


def to_directive(
    user: User, directive: Directive, *, at: datetime.datetime
) -> frozenset[DirectiveActor]:
    """Who is to do it confirms nothing of it, whatever else he is."""
    if user.is_system:
        return frozenset({DirectiveActor.CLOCK})
    owned = Directive.objects.owned_by(user, on=localdate(at)).filter(pk=directive.pk)
    if directive.reported_by_id == user.pk or owned.exists():
        return frozenset({DirectiveActor.OWNER})
    found = set()
    if leads(user, directive.body_id, at=at):
        found.add(DirectiveActor.CONFIRMER)
    if sitting_about(directive).filter(chair=user).exists():
        found.add(DirectiveActor.MEETING)
    return frozenset(found)


def sitting_about(directive: Directive) -> MeetingQuerySet:
    """Meetings of the body that sit now and have the directive on their agenda."""
    return Meeting.objects.filter(
        state=MeetingState.SITTING,
        body=directive.body_id,
        items__source_kind=DIRECTIVE,
        items__source_key=str(directive.pk),
    )


DIRECTIVE = "committee.directive"
MEETING = Way(
    model=Meeting,
    event=MeetingEvent,
    moves=MEETING_MOVES,
    states=lambda value: MeetingState(value).label,
    actors=to_meeting,
    needs_reason=MEETING_NEEDS_REASON,
    related=("body", "kind", "chair", "recorder"),
)
TASK = Way(
    model=Directive,
    event=DirectiveEvent,
    moves=DIRECTIVE_MOVES,
    states=lambda value: DirectiveState(value).label,
    actors=to_directive,
    needs_reason=DIRECTIVE_NEEDS_REASON,
    related=("body", "decision__item__meeting", "owner_body", "owner_organisation"),
)
