"""What a person is to a volunteer, an organisation, a report, an activity, a sign-up, a call."""

import datetime

from django.utils.timezone import localdate

from organizations.models import User
from volunteers.models import (
    Activity,
    Call,
    DoubleReport,
    HelpDeal,
    HelpPost,
    Objection,
    Organisation,
    OrganisationMember,
    Presence,
    ReportTask,
    Signup,
    Take,
    Volunteer,
    WaitingPlace,
    Wish,
)
from volunteers.models.activities import REVIEWERS
from volunteers.models.help import WORKERS as HELP_WORKERS
from volunteers.models.organisations import RECEIVERS
from volunteers.models.people import ORGANIZERS
from volunteers.models.places import reaches
from volunteers.models.wishes import SCREENERS
from volunteers.workflow import activities as work
from volunteers.workflow import hours as stays
from volunteers.workflow import organisations as bodies
from volunteers.workflow import people, wishes


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


def to_stay(user: User, signup: Signup, *, at: datetime.datetime) -> frozenset[stays.PresenceActor]:
    """What a person is to the hours of a sign-up: who speaks for the volunteer is nothing else."""
    if user.is_system:
        return frozenset({stays.PresenceActor.CLOCK})
    if speaks_for(user, signup.volunteer):
        return frozenset({stays.PresenceActor.VOLUNTEER})
    found = set()
    shift = signup.shift
    if shift.leader_id == user.pk or leads_work(user, shift.activity, at=at):
        found.add(stays.PresenceActor.LEADER)
    if organizes(user, shift.activity, at=at):
        found.add(stays.PresenceActor.ORGANIZER)
    return frozenset(found)


def to_presence(
    user: User, presence: Presence, *, at: datetime.datetime
) -> frozenset[stays.PresenceActor]:
    return to_stay(user, presence.signup, at=at)


def to_objection(
    user: User, objection: Objection, *, at: datetime.datetime
) -> frozenset[stays.ObjectionActor]:
    found = to_presence(user, objection.presence, at=at)
    if stays.PresenceActor.VOLUNTEER in found:
        return frozenset({stays.ObjectionActor.VOLUNTEER})
    decided = objection.presence.confirmed_by_id == user.pk
    if stays.PresenceActor.ORGANIZER in found and not decided:
        return frozenset({stays.ObjectionActor.ANSWERER})
    return frozenset()


def looks_after(user: User, wish: Wish, *, at: datetime.datetime) -> bool:
    """Whether `user` works where the wish was asked, and did not ask it."""
    return wish.asker_id != user.pk and reaches(user, SCREENERS, wish, on=localdate(at))


def to_wish(user: User, wish: Wish, *, at: datetime.datetime) -> frozenset[wishes.WishActor]:
    if user.is_system:
        return frozenset({wishes.WishActor.SYSTEM})
    if wish.asker_id == user.pk:
        return frozenset({wishes.WishActor.ASKER})
    return frozenset({wishes.WishActor.SCREENER} if looks_after(user, wish, at=at) else ())


def to_take(user: User, take: Take, *, at: datetime.datetime) -> frozenset[wishes.TakeActor]:
    """Who took it up does not confirm it, even where he asked on behalf of somebody."""
    if user.is_system:
        return frozenset({wishes.TakeActor.CLOCK})
    if take.taker_id == user.pk:
        return frozenset({wishes.TakeActor.TAKER})
    if take.wish.asker_id == user.pk:
        return frozenset({wishes.TakeActor.ASKER})
    near = looks_after(user, take.wish, at=at)
    return frozenset({wishes.TakeActor.SCREENER} if near else ())


def to_help(user: User, post: HelpPost, *, at: datetime.datetime) -> frozenset[wishes.HelpActor]:
    if user.is_system:
        return frozenset({wishes.HelpActor.CLOCK})
    if post.person_id == user.pk:
        return frozenset({wishes.HelpActor.OWNER})
    works = reaches(user, HELP_WORKERS, post, on=localdate(at))
    return frozenset({wishes.HelpActor.WORKER} if works else ())


def to_deal(user: User, deal: HelpDeal, *, at: datetime.datetime) -> frozenset[wishes.DealActor]:
    del at
    found = set()
    if deal.post.person_id == user.pk:
        found.add(wishes.DealActor.OWNER)
    if deal.person_id == user.pk:
        found.add(wishes.DealActor.OTHER)
    if found and deal.helped.pk == user.pk:
        found.add(wishes.DealActor.HELPED)
    return frozenset(found)
