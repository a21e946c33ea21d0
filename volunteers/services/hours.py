"""Hours after the shift: corrected, confirmed, objected to, answered, revoked.

Who speaks for the volunteer does none of the organiser's steps (`actors.to_presence`), and the
database refuses who confirms his own hours all the same.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from lib.moving import moved
from organizations.models import User
from volunteers import hours_notifications as notifications
from volunteers.models import Falsification, Objection, Presence, Shift, Volunteer
from volunteers.services import actors, signing
from volunteers.services.certificates import revoke_certificates_of
from volunteers.services.counting_hours import corrected_minutes, hours_rule_on
from volunteers.services.saving import take_back_saved
from volunteers.services.ways import OBJECTION, PRESENCE
from volunteers.workflow.activities import SignupActor
from volunteers.workflow.hours import PresenceActor, PresenceState

# 民政部 rules: falsified hours bar a volunteer for one to three years.
BARRED_YEARS = (1, 2, 3)
SHORTEST_TIME_AGAIN = datetime.timedelta(days=1)


class Overlaps(RuleViolation):
    def __init__(self) -> None:
        text = _("At this time the volunteer was noted at another shift. Correct that one first.")
        super().__init__(text, code="overlaps")


class OutsideTheShift(RuleViolation):
    def __init__(self) -> None:
        text = _("Arriving comes before leaving, and both lie near the shift. Look at the times.")
        super().__init__(text, code="outside_the_shift")


class TooLate(RuleViolation):
    def __init__(self) -> None:
        text = _("The time for objecting is over. Talk to the organiser of your community.")
        super().__init__(text, code="too_late")


@dataclass(frozen=True, slots=True)
class Times:
    """From when to when somebody really was there."""

    arrived: datetime.datetime
    left: datetime.datetime

    def check(self, shift: Shift, *, overtime: int) -> None:
        """Raises OutsideTheShift."""
        early = shift.starts_at - datetime.timedelta(hours=12)
        latest = shift.ends_at + datetime.timedelta(minutes=overtime)
        if not early <= self.arrived < self.left <= latest:
            raise OutsideTheShift


# -- The organiser ------------------------------------------------------------------------------


def correct(
    presence: Presence, times: Times, *, reason: str, by: User, at: datetime.datetime
) -> Presence:
    """Other times, with the reason. Raises NotYours, WrongState, OutsideTheShift, Overlaps."""
    return _with_times(presence, "correct", times, reason=reason, by=by, at=at, doubtful=False)


def _with_times(
    presence: Presence,
    name: str,
    times: Times,
    *,
    reason: str,
    by: User,
    at: datetime.datetime,
    **more: Any,
) -> Presence:
    try:
        with transaction.atomic():
            locked = PRESENCE.begin(presence, name, by=by, at=at, reason=reason)
            rule = hours_rule_on(localdate(at))
            times.check(locked.shift, overtime=rule.overtime_minutes)
            minutes = corrected_minutes(locked.shift, times.arrived, times.left, rule)
            was = [locked.arrived_at.isoformat(), _iso(locked.left_at), locked.minutes]
            values: dict[str, Any] = {
                "arrived_at": times.arrived,
                "left_at": times.left,
                "minutes": minutes,
            }
            values |= {"reason": reason.strip()[:300], **more}
            return PRESENCE.finish(locked, name, by=by, at=at, facts={"was": was}, **values)
    except IntegrityError as error:
        raise Overlaps from error


def _iso(moment: datetime.datetime | None) -> str:
    return moment.isoformat() if moment else ""


@transaction.atomic
def confirm(presence: Presence, *, by: User, at: datetime.datetime) -> Presence:
    """The hours count from now on. Raises NotYours, WrongState."""
    locked = PRESENCE.begin(presence, "confirm", by=by, at=at)
    done = PRESENCE.finish(
        locked, "confirm", by=by, at=at, confirmed_by=by, confirmed_at=at, remind_at=None
    )
    notifications.tell_hours(done, "hours-confirmed", at=at)
    return done


def confirm_shift(shift: Shift, *, by: User, at: datetime.datetime) -> int:
    """Everything of a shift that is not doubtful; how many. One's own hours are left out."""
    rows = Presence.objects.waiting().filter(signup__shift=shift, doubtful=False).order_by("pk")
    count = 0
    for presence in rows.select_related("signup__shift__activity", "signup__volunteer"):
        if actors.to_presence(by, presence, at=at) & {
            PresenceActor.LEADER,
            PresenceActor.ORGANIZER,
        }:
            confirm(presence, by=by, at=at)
            count += 1
    return count


@transaction.atomic
def refuse(presence: Presence, *, reason: str, by: User, at: datetime.datetime) -> Presence:
    """These hours do not count. Raises NotYours, WrongState, RuleViolation (no reason)."""
    locked = PRESENCE.begin(presence, "refuse", by=by, at=at, reason=reason)
    done = PRESENCE.finish(
        locked, "refuse", by=by, at=at, reason=reason.strip()[:300], confirmed_by=by,
        confirmed_at=at, remind_at=None,
    )  # fmt: skip
    notifications.tell_hours(done, "hours-refused", at=at)
    return done


# -- Objections ---------------------------------------------------------------------------------


@transaction.atomic
def object_to(presence: Presence, *, text: str, by: User, at: datetime.datetime) -> Objection:
    """The volunteer says what is wrong. Raises NotYours, RuleViolation, TooLate."""
    locked = Presence.objects.select_for_update(of=("self",)).get(pk=presence.pk)
    if not actors.speaks_for(by, locked.volunteer):
        raise NotYours(_("Only the volunteer, or the guardian, objects."))
    _check_objection(locked, text, at=at)
    days = datetime.timedelta(days=hours_rule_on(localdate(at)).confirm_days)
    row = Objection(presence=locked, text=text.strip()[:500], by=by, at=at, due_at=at + days)
    done = OBJECTION.start(row, "object", by=by, at=at)
    notifications.tell_objection(done, "hours-objection", at=at)
    return done


def _check_objection(presence: Presence, text: str, *, at: datetime.datetime) -> None:
    if presence.state not in {PresenceState.CONFIRMED, PresenceState.REFUSED}:
        raise RuleViolation(
            _("Wait until these hours are decided on; before that, tell the organiser."),
            code="not_decided",
        )
    if not text.strip():
        raise RuleViolation(_("Say what is wrong."), code="reason_missing")
    if Objection.objects.waiting().filter(presence=presence).exists():
        raise RuleViolation(_("An objection to these hours is open already."), code="open")
    last = presence.confirmed_at
    days = datetime.timedelta(days=hours_rule_on(localdate(at)).object_days)
    if last is None or at > last + days:
        raise TooLate


@transaction.atomic
def grant(
    objection: Objection, times: Times, *, answer: str, by: User, at: datetime.datetime
) -> Objection:
    """The volunteer is right: the hours get these times, and count.

    Raises NotYours, WrongState, OutsideTheShift, Overlaps, RuleViolation (no answer).
    """
    done = moved(OBJECTION, objection, "grant", by=by, at=at, reason=answer)
    _with_times(
        done.presence, "amend", times, reason=answer, by=by, at=at, doubtful=False,
        confirmed_by=by, confirmed_at=at,
    )  # fmt: skip
    notifications.tell_objection(done, "hours-objection-granted", at=at)
    return done


@transaction.atomic
def decline(objection: Objection, *, answer: str, by: User, at: datetime.datetime) -> Objection:
    """The hours stay. Raises NotYours, WrongState, RuleViolation (no answer)."""
    done = moved(OBJECTION, objection, "decline", by=by, at=at, reason=answer)
    notifications.tell_objection(done, "hours-objection-declined", at=at)
    return done


@transaction.atomic
def withdraw_objection(objection: Objection, *, by: User, at: datetime.datetime) -> Objection:
    return moved(OBJECTION, objection, "withdraw", by=by, at=at)


# -- Falsified ----------------------------------------------------------------------------------


def revoke(
    presence: Presence, *, reason: str, years: int, by: User, at: datetime.datetime
) -> Presence:
    """Hours that were falsified: they no longer count, certificates with them are revoked.

    The volunteer is barred for `years` (0: a mistake, nobody is barred); with `years` it is kept
    on record with the volunteer and the organisation, and places ahead are given to others.
    Raises NotYours, WrongState, RuleViolation (no reason, other years).
    """
    try:
        return _revoke(presence, reason=reason, years=years, by=by, at=at)
    except IntegrityError:  # two at once wanted the next number of the record's chain
        return _revoke(presence, reason=reason, years=years, by=by, at=at)


@transaction.atomic
def _revoke(
    presence: Presence, *, reason: str, years: int, by: User, at: datetime.datetime
) -> Presence:
    if years not in {0, *BARRED_YEARS}:
        raise RuleViolation(_("A bar lasts one to three years."), code="years")
    locked = PRESENCE.begin(presence, "revoke", by=by, at=at, reason=reason)
    done = PRESENCE.finish(locked, "revoke", by=by, at=at, reason=reason.strip()[:300])
    revoke_certificates_of(done, reason=reason, by=by, at=at)
    take_back_saved(done, reason=reason, by=by, at=at)
    if years:
        _put_on_record(done, years=years, by=by, at=at)
        _free_places(done.volunteer_id, reason=reason, by=by, at=at)
    notifications.tell_hours(done, "hours-revoked", at=at)
    return done


def _put_on_record(presence: Presence, *, years: int, by: User, at: datetime.datetime) -> None:
    """One chain for all; the volunteer is barred until the later of two bars."""
    until = _years_after(localdate(at), years)
    locked = Volunteer.objects.select_for_update(of=("self",)).get(pk=presence.volunteer_id)
    locked.barred_until = max(until, locked.barred_until or until)
    locked.save(update_fields=["barred_until"])
    row = Falsification(
        presence=presence,
        organisation=presence.shift.activity.organisation,
        minutes=presence.minutes,
        barred_until=until,
        by=by,
        at=at,
    )
    row.seal(previous=Falsification.objects.order_by("-number").first())
    row.save(force_insert=True)


def _free_places(volunteer: int, *, reason: str, by: User, at: datetime.datetime) -> None:
    """Places ahead of a barred volunteer, as far as they are this organiser's to take away.

    Elsewhere arriving is refused (`checking_in.Barred`).
    """
    barred = Volunteer.objects.get(pk=volunteer)
    ahead = barred.signups.holding().filter(shift__starts_at__gt=at).order_by("shift_id", "pk")
    for signup in ahead.select_related("shift__activity", "volunteer"):
        is_led = SignupActor.LEADER in actors.to_signup(by, signup, at=at)
        if is_led and localdate(signup.shift.starts_at) < (barred.barred_until or localdate(at)):
            signing.call_off(signup, reason=reason, by=by, at=at)


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


# -- The clock ----------------------------------------------------------------------------------


def press_due(*, by: User, at: datetime.datetime) -> int:
    """Remind who leads of hours that wait; when time is over, those who organise the place."""
    count = 0
    for presence in Presence.objects.waiting().filter(remind_at__lte=at).order_by("pk"):
        count += _press(presence, by=by, at=at)
    return count


@transaction.atomic
def _press(presence: Presence, *, by: User, at: datetime.datetime) -> bool:
    locked = Presence.objects.select_for_update(of=("self",)).get(pk=presence.pk)
    waits = locked.state == PresenceState.LEFT and locked.due_at is not None
    if not waits or locked.remind_at is None or locked.remind_at > at:
        return False
    locked = PRESENCE.begin(locked, "remind", by=by, at=at)
    is_late = locked.due_at is not None and at >= locked.due_at
    name = "escalate" if is_late else "remind"
    following = at + SHORTEST_TIME_AGAIN if is_late else locked.due_at
    done = PRESENCE.finish(locked, name, by=by, at=at, remind_at=following)
    notifications.tell_hours_wait(done, is_late=is_late, at=at)
    return True
