"""An account is erased: places are given back, the registration ends, what names it goes."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate

from organizations.models import User
from volunteers.models import DoubleReport, Guardianship, Signup, Volunteer
from volunteers.services.people import end_memberships, erase
from volunteers.services.places import lock_shift, move_up
from volunteers.services.waiting import leave_waiting_list
from volunteers.services.ways import SIGNUP, VOLUNTEER
from volunteers.workflow.people import GONE, State


@transaction.atomic
def forget(person: User, *, at: datetime.datetime) -> None:
    """Everything of the person here, and of children who have no account of their own.

    Moves and hours stay without saying whose they were; a ward with an own account loses the
    guardian and stays.
    """
    for volunteer in Volunteer.objects.of(person).select_related("person"):
        if volunteer.person_id == person.pk or not volunteer.person.is_active:
            _forget(volunteer, by=person, at=at)
    Guardianship.objects.standing().filter(guardian=person).update(ended_at=at)
    DoubleReport.objects.of(person).exclude(unit__isnull=False).update(branch="", offers="—")


def _forget(volunteer: Volunteer, *, by: User, at: datetime.datetime) -> None:
    if volunteer.state == State.ERASED:
        return
    for signup in volunteer.signups.holding().filter(shift__starts_at__gt=at):
        _give_back(signup, by=by, at=at)
    for waiting in volunteer.waiting_places.on_the_list().select_related("shift"):
        leave_waiting_list(waiting, by=by, at=at)
    end_memberships(volunteer, on=localdate(at))
    if volunteer.state not in GONE:
        locked = VOLUNTEER.begin(volunteer, "leave", by=by, at=at)
        volunteer = VOLUNTEER.finish(locked, "leave", by=by, at=at)
    erase(volunteer, by=by, at=at)


def _give_back(signup: Signup, *, by: User, at: datetime.datetime) -> None:
    """Freely, however late it is; who waits moves up."""
    shift = lock_shift(signup.shift)
    locked = SIGNUP.begin(signup, "cancel", by=by, at=at)
    SIGNUP.finish(locked, "cancel", by=by, at=at)
    move_up(shift, at=at)
