"""What a person is to a volunteer, an organisation, a report, an activity, a sign-up, a call."""

import datetime

from django.utils.timezone import localdate

from organizations.models import User
from volunteers.models import (
    Activity,
    Call,
    DoubleReport,
    Organisation,
    OrganisationMember,
    ReportTask,
    Signup,
    Volunteer,
    WaitingPlace,
)
from volunteers.models.activities import REVIEWERS
from volunteers.models.organisations import RECEIVERS
from volunteers.models.people import ORGANIZERS
from volunteers.models.places import reaches
from volunteers.workflow import activities as work
from volunteers.workflow import organisations as bodies
from volunteers.workflow import people


def speaks_for(user: User, volunteer: Volunteer) -> bool:
    """Whether `user` is the volunteer, or the guardian of the child that the volunteer is."""
    if volunteer.person_id == user.pk:
        return True
    return volunteer.guardianships.standing().filter(guardian=user).exists()


def organizes(
    user: User, row: Volunteer | Organisation | Activity | Call, *, at: datetime.datetime
) -> bool:
    return reaches(user, ORGANIZERS, row, on=localdate(at))


def to_volunteer(
    user: User, volunteer: Volunteer, *, at: datetime.datetime
) -> frozenset[people.Actor]:
    found = set()
    if speaks_for(user, volunteer):
        found.add(people.Actor.VOLUNTEER)
    elif organizes(user, volunteer, at=at):
        found.add(people.Actor.ORGANIZER)  # nobody reviews himself or his child
    return frozenset(found)


def leads(user: User, organisation: Organisation, *, at: datetime.datetime) -> bool:
    """Whether `user` acts for the organisation; while it waits, who registered it does."""
    opening = {bodies.OrganisationState.WAITING, bodies.OrganisationState.RETURNED}
    if organisation.registered_by_id == user.pk and organisation.state in opening:
        return True
    rows = OrganisationMember.objects.leading().valid_on(localdate(at))
    return rows.filter(organisation=organisation, volunteer__person=user).exists()


def to_organisation(
    user: User, organisation: Organisation, *, at: datetime.datetime
) -> frozenset[bodies.OrganisationActor]:
    found = set()
    if leads(user, organisation, at=at):
        found.add(bodies.OrganisationActor.LEADER)
    if organisation.registered_by_id != user.pk and organizes(user, organisation, at=at):
        found.add(bodies.OrganisationActor.ORGANIZER)
    return frozenset(found)


def to_report(
    user: User, report: DoubleReport, *, at: datetime.datetime
) -> frozenset[bodies.ReportActor]:
    unit = report.unit
    if user.pk in {report.person_id, unit.contact_id if unit else None}:
        return frozenset({bodies.ReportActor.REPORTER})
    if reaches(user, RECEIVERS, report, on=localdate(at)):
        return frozenset({bodies.ReportActor.COMMUNITY})
    return frozenset()


def to_task(
    user: User, task: ReportTask, *, at: datetime.datetime
) -> frozenset[bodies.ReportActor]:
    return to_report(user, task.report, at=at)


def to_activity(user: User, activity: Activity, *, at: datetime.datetime) -> frozenset[work.Actor]:
    if user.is_system:
        return frozenset({work.Actor.CLOCK})
    found = set()
    organisation = activity.organisation
    if activity.made_by_id == user.pk or (organisation and leads(user, organisation, at=at)):
        found.add(work.Actor.LEADER)
    if organizes(user, activity, at=at):
        found.add(work.Actor.ORGANIZER)
    if activity.made_by_id != user.pk and reaches(user, REVIEWERS, activity, on=localdate(at)):
        found.add(work.Actor.REVIEWER)
    return frozenset(found)


def leads_work(user: User, activity: Activity, *, at: datetime.datetime) -> bool:
    """Whether `user` leads the activity: made it, acts for its organisation, or organises there."""
    return bool(to_activity(user, activity, at=at) & {work.Actor.LEADER, work.Actor.ORGANIZER})


def to_signup(user: User, signup: Signup, *, at: datetime.datetime) -> frozenset[work.SignupActor]:
    found = set()
    if speaks_for(user, signup.volunteer):
        found.add(work.SignupActor.VOLUNTEER)
    shift = signup.shift
    if shift.leader_id == user.pk or leads_work(user, shift.activity, at=at):
        found.add(work.SignupActor.LEADER)
    return frozenset(found)


def to_waiting_place(
    user: User, waiting: WaitingPlace, *, at: datetime.datetime
) -> frozenset[work.WaitingActor]:
    del at  # being a guardian has no hour
    if user.is_system:
        return frozenset({work.WaitingActor.CLOCK})
    if speaks_for(user, waiting.volunteer):
        return frozenset({work.WaitingActor.VOLUNTEER})
    return frozenset()


def to_call(user: User, call: Call, *, at: datetime.datetime) -> frozenset[work.CallActor]:
    found = set()
    if call.by_id == user.pk:
        found.add(work.CallActor.CALLER)
    if organizes(user, call, at=at):
        found.add(work.CallActor.ORGANIZER)
    return frozenset(found)
