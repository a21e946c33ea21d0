"""Signing up for a shift, giving the place back, approval, and who came.

Locks, always in this order: the volunteer, the shift, then sign-ups and places on its waiting list.
Under the lock of the shift a place is free or it is not; the triggers count what is taken, and a
CHECK refuses one too many whatever else happens.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from organizations.models import User
from volunteers import notifications
from volunteers.clashes import Clash, clashes
from volunteers.eligibility import Demand, Record, comes_alone, hindrances
from volunteers.models import Activity, Shift, Signup, Volunteer, WaitingPlace
from volunteers.services.actors import speaks_for
from volunteers.services.places import lock_shift, move_up
from volunteers.services.ways import SIGNUP
from volunteers.workflow.activities import COMING, SignupState, State, WaitingState


class ShiftFull(RuleViolation):
    def __init__(self) -> None:
        text = _("All places are taken. Join the waiting list: you are told when one is free.")
        super().__init__(text, code="shift_full")


class TooTight(RuleViolation):
    """A warning: it may be done nevertheless, knowingly."""

    def __init__(self, clash: Clash) -> None:
        super().__init__(clash.sentence, code="too_tight")


@transaction.atomic
def sign_up(
    shift: Shift,
    volunteer: Volunteer,
    *,
    by: User,
    at: datetime.datetime,
    remark: str = "",
    tight: bool = False,
) -> Signup:
    """A place for the volunteer; asked again it is the same one.

    `tight`: knows that the way from another shift is short. Raises NotYours, ShiftFull, TooTight,
    RuleViolation (what the rules hinder).
    """
    volunteer = lock_volunteer(volunteer, by=by)
    if known := _held(shift, volunteer):
        return known
    shift = readable(shift)
    check_open(shift, at=at)
    check_may_come(shift, volunteer)
    check_clashes(shift, volunteer, tight=tight)
    shift = lock_shift(shift)
    check_open(shift, at=at)
    if shift.is_full:
        raise ShiftFull
    return give_place(shift, volunteer, by=by, at=at, remark=remark, tight=tight)


def _held(shift: Shift, volunteer: Volunteer) -> Signup | None:
    rows = volunteer.signups.filter(shift=shift.pk, state__in=COMING)
    return rows.select_related("shift", "shift__activity", "volunteer").first()


def lock_volunteer(volunteer: Volunteer, *, by: User) -> Volunteer:
    """One sign-up of a person after the other, so that two that clash cannot both succeed."""
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    locked = rows.with_record().get(pk=volunteer.pk)
    if not speaks_for(by, locked):
        raise NotYours(_("You can sign up yourself and the children whose guardian you are."))
    return locked


def readable(shift: Shift) -> Shift:
    """The shift with its activity and what that asks, read before any lock."""
    rows = Shift.objects.select_related("activity")
    return rows.prefetch_related(
        "activity__prerequisites__skill", "activity__prerequisites__course"
    ).get(pk=shift.pk)


def check_open(shift: Shift, *, at: datetime.datetime) -> None:
    """Sign-ups are taken until a shift begins, of an open activity until it ends."""
    activity = shift.activity
    if activity.state != State.PUBLISHED:
        raise RuleViolation(_("This activity takes no sign-ups."), code="not_open")
    if shift.called_off_at is not None:
        raise RuleViolation(_("This shift was called off. Choose another one."), code="called_off")
    last = shift.ends_at if activity.form == Activity.Form.OPEN else shift.starts_at
    if at >= last:
        raise RuleViolation(_("This shift has begun. Choose another one."), code="begun")


def check_may_come(shift: Shift, volunteer: Volunteer) -> None:
    on = localdate(shift.starts_at)
    record = Record.of(volunteer, on=on)
    for hindrance in hindrances(record, Demand.of(shift.activity), on=on):
        raise RuleViolation(hindrance.sentence, code=hindrance.code)
    if not comes_alone(record) and not _comes_along(shift, volunteer):
        text = _("Below 14 a guardian comes along: the guardian signs up for this shift first.")
        raise RuleViolation(text, code="alone")


def _comes_along(shift: Shift, child: Volunteer) -> bool:
    """Whether the guardian has a place on the same shift."""
    guardians = child.guardianships.standing().exclude(guardian=None).values("guardian")
    return shift.signups.holding().filter(volunteer__person__in=guardians).exists()


def check_clashes(shift: Shift, volunteer: Volunteer, *, tight: bool) -> None:
    found = clashes(shift, shifts_of(volunteer, around=shift))
    for clash in found:
        if clash.is_hard:
            raise RuleViolation(clash.sentence, code="clash")
    if found and not tight:
        raise TooTight(found[0])


def shifts_of(volunteer: Volunteer, *, around: Shift) -> list[Shift]:
    """Shifts on which the volunteer has a place, or is offered one, near in time to `around`."""
    signed = Signup.objects.coming().filter(volunteer=volunteer).values("shift")
    offered = WaitingPlace.objects.filter(volunteer=volunteer, state=WaitingState.OFFERED)
    near = Shift.objects.standing().near(around)
    rows = near.filter(pk__in=signed) | near.filter(pk__in=offered.values("shift"))
    return list(rows.exclude(pk=around.pk).select_related("activity"))


def give_place(
    shift: Shift,
    volunteer: Volunteer,
    *,
    by: User,
    at: datetime.datetime,
    remark: str = "",
    tight: bool = False,
) -> Signup:
    """A sign-up on the locked shift, which has room; approval where the activity wants it."""
    asks = shift.activity.needs_approval
    state = SignupState.ASKED if asks else SignupState.CONFIRMED
    signup = Signup(
        shift=shift, volunteer=volunteer, state=state, remark=remark.strip(), tight=tight, at=at
    )
    SIGNUP.start(signup, "sign_up", by=by, at=at)
    kind = "signup-asked" if asks else "signup-confirmed"
    notifications.tell_of_signup(signup, kind, at=at)
    return signup


# -- Giving it back ---------------------------------------------------------------------------


@transaction.atomic
def cancel(signup: Signup, *, by: User, at: datetime.datetime, reason: str = "") -> Signup:
    """The volunteer gives the place back; late ones with a reason, and they are counted."""
    shift = lock_shift(signup.shift)
    if at >= shift.starts_at:
        text = _("The shift has begun: speak to the leader on site.")
        raise RuleViolation(text, code="begun")
    locked = SIGNUP.begin(signup, "cancel", by=by, at=at)
    is_late = at > free_until(shift)
    if is_late and not reason.strip():
        text = _("It is later than %(until)s: write the reason, so that the leader can plan.")
        until = date_format(localtime(free_until(shift)), "SHORT_DATETIME_FORMAT")
        raise RuleViolation(text % {"until": until}, code="reason_missing")
    changes: dict[str, Any] = {"is_late": is_late, "reason": reason.strip()[:300]}
    done = SIGNUP.finish(locked, "cancel", by=by, at=at, facts={"late": is_late}, **changes)
    if is_late:
        Volunteer.objects.filter(pk=done.volunteer_id).count_late_cancellation()
    move_up(shift, at=at)
    return done


def free_until(shift: Shift) -> datetime.datetime:
    """Until when a place may be given back without being counted as late."""
    return shift.starts_at - datetime.timedelta(hours=shift.activity.cancel_hours)


# -- Who leads the activity ---------------------------------------------------------------------


@transaction.atomic
def accept(signup: Signup, *, by: User, at: datetime.datetime) -> Signup:
    lock_shift(signup.shift)
    locked = SIGNUP.begin(signup, "accept", by=by, at=at)
    done = SIGNUP.finish(locked, "accept", by=by, at=at, decided_by=by)
    notifications.tell_of_signup(done, "signup-confirmed", at=at)
    return done


def refuse(signup: Signup, *, by: User, at: datetime.datetime, reason: str) -> Signup:
    return _take_away(signup, "refuse", "signup-refused", by=by, at=at, reason=reason)


def call_off(signup: Signup, *, by: User, at: datetime.datetime, reason: str) -> Signup:
    """The leader takes one place away."""
    return _take_away(signup, "call_off", "signup-called-off", by=by, at=at, reason=reason)


@transaction.atomic
def _take_away(
    signup: Signup, move: str, kind: str, *, by: User, at: datetime.datetime, reason: str
) -> Signup:
    shift = lock_shift(signup.shift)
    locked = SIGNUP.begin(signup, move, by=by, at=at, reason=reason)
    words = reason.strip()[:300]
    done = SIGNUP.finish(locked, move, by=by, at=at, reason=words, decided_by=by)
    notifications.tell_of_signup(done, kind, at=at)
    move_up(shift, at=at)
    return done


@transaction.atomic
def attend(signup: Signup, *, by: User, at: datetime.datetime) -> Signup:
    """The volunteer was there: checked in, or seen by the leader."""
    lock_shift(signup.shift)
    locked = SIGNUP.begin(signup, "attend", by=by, at=at)
    return SIGNUP.finish(locked, "attend", by=by, at=at)


@transaction.atomic
def miss(signup: Signup, *, by: User, at: datetime.datetime) -> Signup:
    """The volunteer did not come; said once the shift has begun."""
    shift = lock_shift(signup.shift)
    if at < shift.starts_at:
        raise RuleViolation(_("The shift has not begun yet."), code="not_begun")
    locked = SIGNUP.begin(signup, "miss", by=by, at=at)
    return SIGNUP.finish(locked, "miss", by=by, at=at)
