"""The ways of what has states here: what the mover needs to know of each table."""

import datetime

from django.utils.timezone import localdate

from lib.moving import Way
from organizations.models import User
from routing import rights
from routing.models import (
    AdmissionApplication,
    ApplicationEvent,
    DutyChange,
    DutyChangeEvent,
)
from routing.workflow import (
    APPLICATION_MOVES,
    APPLICATION_NEEDS_REASON,
    CHANGE_MOVES,
    CHANGE_NEEDS_REASON,
    OVER,
    ApplicationActor,
    ApplicationState,
    ChangeActor,
    ChangeState,
)


def to_change(user: User, change: DutyChange, *, at: datetime.datetime) -> frozenset[ChangeActor]:
    """What a person is to a change: nobody reviews what they drafted."""
    if change.made_by_id == user.pk:
        return frozenset({ChangeActor.MAKER})
    day = localdate(at)
    steps = change.items.select_related("territory__parent")
    bodies = [step.body for step in change.list_items.select_related("body")]
    reached = rights.reviews(user, [step.territory for step in steps], day) and all(
        rights.rules_list(user, body, day) for body in bodies
    )
    return frozenset({ChangeActor.REVIEWER}) if reached else frozenset()


CHANGE = Way(
    DutyChange,
    DutyChangeEvent,
    CHANGE_MOVES,
    lambda state: ChangeState(state).label,
    to_change,
    needs_reason=CHANGE_NEEDS_REASON,
)


def to_application(
    user: User, application: AdmissionApplication, *, at: datetime.datetime
) -> frozenset[ApplicationActor]:
    """What a person is to an application: who applied neither convenes nor reviews."""
    if user.is_system:
        return frozenset({ApplicationActor.SYSTEM, ApplicationActor.CLOCK})
    day, found = localdate(at), set()
    if rights.heads(user, application.department, day):
        found.add(ApplicationActor.APPLICANT)
    if user.pk in {application.made_by_id, application.applied_by_id}:
        return frozenset(found)
    reviews = application.reviews.pending().filter(round=application.round)
    if reviews.filter(reviewer=user).exists():
        found.add(ApplicationActor.REVIEWER)
    bodies = [share.community for share in application.shares.select_related("community")]
    if bodies and all(rights.reaches(user, body, day) for body in bodies):
        found.add(ApplicationActor.CONVENER)
    return frozenset(found)


APPLICATION = Way(
    AdmissionApplication,
    ApplicationEvent,
    APPLICATION_MOVES,
    lambda state: ApplicationState(state).label,
    to_application,
    needs_reason=APPLICATION_NEEDS_REASON,
    ends=OVER,
    related=("department", "category"),
)
