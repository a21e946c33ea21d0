"""The waiting list of a shift: who waits moves up by itself, in order, and has time to answer.

Every function that changes a place works under the lock of the shift.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from organizations.models import User
from volunteers import notifications
from volunteers.models import Shift, Signup, Volunteer, WaitingPlace
from volunteers.services.places import close_list, lock_shift, move_up
from volunteers.services.signing import (
    check_clashes,
    check_may_come,
    check_open,
    give_place,
    lock_volunteer,
    readable,
)
from volunteers.services.ways import WAITING_PLACE
from volunteers.workflow.activities import ON_THE_LIST

AT_ONCE = 200


@transaction.atomic
def join_waiting_list(
    shift: Shift, volunteer: Volunteer, *, by: User, at: datetime.datetime
) -> WaitingPlace:
    """A place at the end of the list; asked again it is the same one. Raises as `sign_up`."""
    volunteer = lock_volunteer(volunteer, by=by)
    known = volunteer.waiting_places.filter(shift=shift.pk, state__in=ON_THE_LIST).first()
    if known is not None:
        return known
    shift = readable(shift)
    check_may_come(shift, volunteer)
    shift = lock_shift(shift)
    check_open(shift, at=at)
    if shift.signups.coming().filter(volunteer=volunteer).exists():
        raise RuleViolation(_("You have a place on this shift already."), code="has_place")
    if not shift.is_full:
        raise RuleViolation(_("There are places: sign up."), code="not_full")
    waiting = WaitingPlace(shift=shift, volunteer=volunteer, at=at)
    return WAITING_PLACE.start(waiting, "join", by=by, at=at)


@transaction.atomic
def take_offer(
    waiting: WaitingPlace, *, by: User, at: datetime.datetime, tight: bool = False
) -> Signup:
    """The offered place becomes a sign-up, if it is still in time and nothing hinders."""
    volunteer = lock_volunteer(waiting.volunteer, by=by)
    read = readable(waiting.shift)
    check_may_come(read, volunteer)
    check_clashes(read, volunteer, tight=tight)
    shift = lock_shift(read)
    check_open(shift, at=at)
    locked = WAITING_PLACE.begin(waiting, "take", by=by, at=at)
    if locked.offered_until is not None and locked.offered_until <= at:
        text = _("The time to answer is over: the place goes to the next person.")
        raise RuleViolation(text, code="lapsed")
    WAITING_PLACE.finish(locked, "take", by=by, at=at)
    return give_place(shift, volunteer, by=by, at=at, tight=tight)


@transaction.atomic
def leave_waiting_list(waiting: WaitingPlace, *, by: User, at: datetime.datetime) -> WaitingPlace:
    shift = lock_shift(waiting.shift)
    locked = WAITING_PLACE.begin(waiting, "leave", by=by, at=at)
    done = WAITING_PLACE.finish(locked, "leave", by=by, at=at)
    move_up(shift, at=at)
    return done


# -- The clock ----------------------------------------------------------------------------------


def lapse_offers(*, at: datetime.datetime) -> int:
    """Offers that were not answered in time go to the next; how many lapsed. Safe to run twice."""
    rows = WaitingPlace.objects.lapsing(at).order_by("shift_id", "pk")[:AT_ONCE]
    return sum(_lapse(row, at=at) for row in rows.select_related("shift"))


@transaction.atomic
def _lapse(waiting: WaitingPlace, *, at: datetime.datetime) -> int:
    shift = lock_shift(waiting.shift)
    if not WaitingPlace.objects.lapsing(at).filter(pk=waiting.pk).exists():
        return 0  # answered, or lapsed by another worker, meanwhile
    system = User.objects.system()
    locked = WAITING_PLACE.begin(waiting, "lapse", by=system, at=at)
    done = WAITING_PLACE.finish(locked, "lapse", by=system, at=at)
    notifications.tell_of_waiting(done, "waiting-lapsed", at=at)
    move_up(shift, at=at)
    return 1


def close_lists(*, at: datetime.datetime) -> int:
    """Who still waits for a shift that has begun waits no longer; how many."""
    rows = WaitingPlace.objects.on_the_list().filter(shift__starts_at__lte=at)
    shifts = Shift.objects.filter(pk__in=rows.values("shift")).order_by("pk")[:AT_ONCE]
    return sum(_close(shift, at=at) for shift in shifts)


@transaction.atomic
def _close(shift: Shift, *, at: datetime.datetime) -> int:
    return close_list(lock_shift(shift), at=at)
