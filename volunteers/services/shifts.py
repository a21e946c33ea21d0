"""Shifts: made one by one or by a rule, changed, called off; and words to who has a place."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from lib.errors import NotYours, RuleViolation
from organizations.models import User
from volunteers import notifications
from volunteers.models import Activity, Recurrence, Shift, ShiftMessage, Volunteer, WaitingPlace
from volunteers.recurrences import days_of, moment_of
from volunteers.services.actors import leads_work
from volunteers.services.places import close_list, lock_shift, move_up
from volunteers.services.ways import SIGNUP
from volunteers.workflow.activities import State

HORIZON = datetime.timedelta(days=28)
LONGEST = datetime.timedelta(hours=24)
DAY = datetime.timedelta(days=1)
OVER = frozenset({State.FINISHED, State.CANCELLED})


@transaction.atomic
def add_shift(  # noqa: PLR0913 -- what the form asks
    activity: Activity,
    *,
    by: User,
    at: datetime.datetime,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    places: int | None = None,
    meeting_point: str = "",
    leader: User | None = None,
) -> Shift:
    """A shift that lies ahead. `places` None only where whoever comes is welcome."""
    _demand_leader(activity, by, at=at)
    if activity.state in OVER:
        raise RuleViolation(_("This activity is over."), code="over")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise RuleViolation(_("A shift ends after it begins, within a day."), code="times")
    if starts_at <= at:
        raise RuleViolation(_("Enter a time that lies ahead."), code="past")
    if places is None and activity.form != Activity.Form.OPEN:
        raise RuleViolation(_("Say how many places there are."), code="no_places")
    if activity.shifts.filter(starts_at=starts_at, ends_at=ends_at).exists():
        raise RuleViolation(_("There is a shift at this time already."), code="twice")
    return Shift.objects.create(
        activity=activity,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places,
        meeting_point=meeting_point.strip(),
        leader=leader,
    )


def _demand_leader(activity: Activity, by: User, *, at: datetime.datetime) -> None:
    if not leads_work(by, activity, at=at):
        raise NotYours(_("Only who leads the activity may do that."))


@transaction.atomic
def change_shift(
    shift: Shift, *, by: User, at: datetime.datetime, places: int | None, **changes: Any
) -> Shift:
    """More or fewer places (never fewer than are taken), another meeting point or leader.

    More places go to who waits. Times are not changed: who signed up did so for these; call the
    shift off and make another.
    """
    locked = lock_shift(shift)
    _demand_leader(locked.activity, by, at=at)
    if locked.called_off_at is not None or locked.ends_at <= at:
        raise RuleViolation(_("This shift is over."), code="over")
    if places is not None and places < locked.taken:
        text = _("%(taken)s places are taken: take places away one by one first.")
        raise RuleViolation(text % {"taken": locked.taken}, code="fewer_than_taken")
    if places is None and locked.activity.form != Activity.Form.OPEN:
        raise RuleViolation(_("Say how many places there are."), code="no_places")
    met = locked.meeting_point
    locked.places = places
    for name in ("meeting_point", "leader"):
        if name in changes:
            setattr(locked, name, changes[name])
    locked.save(update_fields=["places", "meeting_point", "leader"])
    move_up(locked, at=at)
    if locked.meeting_point != met:
        tell_changed(locked, key=f"{locked.pk}:{at.isoformat()}", at=at)
    return locked


@transaction.atomic
def call_off_shift(shift: Shift, *, by: User, at: datetime.datetime, reason: str) -> Shift:
    """The whole shift: everybody who has a place, or waits for one, is told why."""
    locked = lock_shift(shift)
    _demand_leader(locked.activity, by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    if locked.called_off_at is not None or locked.ends_at <= at:
        raise RuleViolation(_("This shift is over."), code="over")
    return call_off_locked(locked, by=by, at=at, reason=reason)


def call_off_locked(shift: Shift, *, by: User, at: datetime.datetime, reason: str) -> Shift:
    """The same for a shift that is locked, by somebody who may."""
    waiting = [row.volunteer for row in _on_the_list(shift)]
    coming = list(shift.signups.holding().select_related("volunteer__person").order_by("pk"))
    words = reason.strip()[:300]
    notifications.tell_shift(
        shift,
        [*(row.volunteer for row in coming), *waiting],
        "shift-called-off",
        key=str(shift.pk),
        at=at,
        reason=words,
    )
    close_list(shift, at=at)
    for row in coming:
        locked = SIGNUP.begin(row, "call_off", by=by, at=at, reason=words)
        SIGNUP.finish(locked, "call_off", by=by, at=at, reason=words, decided_by=by)
    shift.refresh_from_db(fields=["taken"])
    shift.called_off_at, shift.reason = at, words
    shift.save(update_fields=["called_off_at", "reason"])
    return shift


def _on_the_list(shift: Shift) -> list[WaitingPlace]:
    rows = shift.waiting_places.on_the_list().select_related("volunteer__person")
    return list(rows)


def _coming(shift: Shift) -> list[Volunteer]:
    rows = shift.signups.holding().select_related("volunteer__person")
    return [row.volunteer for row in rows]


def tell_changed(shift: Shift, *, key: str, at: datetime.datetime) -> None:
    notifications.tell_shift(shift, _coming(shift), "shift-changed", key=key, at=at)


@transaction.atomic
def write_to_shift(shift: Shift, *, by: User, at: datetime.datetime, text: str) -> ShiftMessage:
    """A message to everybody who has a place, in the inbox and by text message; kept."""
    may = shift.leader_id == by.pk or leads_work(by, shift.activity, at=at)
    if not may:
        raise NotYours(_("Only who leads the activity may do that."))
    if not text.strip():
        raise RuleViolation(_("Write what they should know."), code="no_text")
    message = ShiftMessage(shift=shift, text=text.strip()[:300], reached=0, by=by, at=at)
    people = _coming(shift)
    message.reached = len(notifications.speakers_of(people))
    message.save(force_insert=True)
    notifications.tell_shift(
        shift, people, "shift-message", key=f"m{message.pk}", at=at, text=message.text
    )
    return message


@transaction.atomic
def invite(shift: Shift, volunteers: Collection[int], *, by: User, at: datetime.datetime) -> int:
    """Ask people whom `by` may see whether they come; each is asked once for a shift."""
    if shift.leader_id != by.pk and not leads_work(by, shift.activity, at=at):
        raise NotYours(_("Only who leads the activity may do that."))
    rows = Volunteer.objects.visible_to(by, on=localdate(at)).active().with_names()
    people = list(rows.filter(pk__in=volunteers))
    if not people:
        raise RuleViolation(_("Choose who is to be invited."), code="nobody")
    return notifications.tell_shift(shift, people, "volunteer-invited", key=str(shift.pk), at=at)


# -- The clock ----------------------------------------------------------------------------------


def make_all_due_shifts(*, at: datetime.datetime) -> int:
    """Shifts of the next weeks for every published rule; how many were made."""
    rows = Activity.objects.published().exclude(recurrence=None)
    return sum(make_due_shifts(row, at=at) for row in rows)


@transaction.atomic
def make_due_shifts(activity: Activity, *, at: datetime.datetime) -> int:
    """Shifts up to the horizon that the rule asks for and that are not there; safe to repeat."""
    rule = Recurrence.objects.select_for_update().filter(activity=activity).first()
    if rule is None:
        return 0
    until = localdate(at + HORIZON)
    last = min(until, rule.last_day) if rule.last_day else until
    since = rule.made_until + DAY if rule.made_until else localdate(at)
    days = days_of(
        rule.weekdays,
        every_weeks=rule.every_weeks,
        first=rule.first_day,
        since=max(since, localdate(at)),
        until=last,
    )
    shifts = [_shift_of(rule, day) for day in days]
    due = [shift for shift in shifts if shift.starts_at > at]
    made = Shift.objects.bulk_create(due, ignore_conflicts=True)
    rule.made_until = until
    rule.save(update_fields=["made_until"])
    return len(made)


def _shift_of(rule: Recurrence, day: datetime.date) -> Shift:
    return Shift(
        activity_id=rule.activity_id,
        starts_at=moment_of(day, rule.starts),
        ends_at=moment_of(day, rule.ends),
        places=rule.places,
    )


def remind(*, at: datetime.datetime) -> int:
    """Who has a place tomorrow is told in the evening before; the same key tells nobody twice."""
    tomorrow = localdate(at) + DAY
    if localtime(at).hour < 17:
        return 0
    begins = moment_of(tomorrow, datetime.time())
    shifts = Shift.objects.standing().filter(starts_at__gte=begins, starts_at__lt=begins + DAY)
    told = 0
    for shift in shifts.public().select_related("activity").order_by("pk"):
        people = _coming(shift)
        if people:
            told += notifications.tell_shift(
                shift, people, "shift-reminder", key=str(shift.pk), at=at
            )
    return told
