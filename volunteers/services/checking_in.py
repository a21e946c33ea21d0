"""Arriving at a shift and leaving it: by the code that is shown there, by place, or by the leader.

Sending again what was sent before changes nothing, so a telephone may repeat until it is heard.
"""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.coordinates import metres_between
from lib.errors import NotYours, RuleViolation, WrongState
from lib.moving import moved
from organizations.models import User
from volunteers import checkin_codes
from volunteers.models import HoursRule, How, Presence, Shift, Signup, Volunteer
from volunteers.services import actors
from volunteers.services.counting_hours import closing_time, counted_minutes, hours_rule_on
from volunteers.services.ways import PRESENCE, SIGNUP
from volunteers.workflow.activities import SignupState
from volunteers.workflow.hours import PresenceActor, PresenceState


class TooFar(RuleViolation):
    def __init__(self, metres: int) -> None:
        text = _("You are %(metres)s metres away. Come closer, or ask the organiser to note you.")
        super().__init__(text % {"metres": metres}, code="too_far")


class BadCode(RuleViolation):
    def __init__(self) -> None:
        text = _("This is no code of this shift, or it is too old. Read it again from the screen.")
        super().__init__(text, code="bad_code")


class NeedsProof(RuleViolation):
    def __init__(self) -> None:
        text = _("Read the code at the shift, or share your place. Else the organiser notes you.")
        super().__init__(text, code="needs_proof")


class NotNow(RuleViolation):
    def __init__(self) -> None:
        text = _("This shift is not now. You can arrive shortly before it begins, until it ends.")
        super().__init__(text, code="not_now")


class AlreadyThere(RuleViolation):
    def __init__(self) -> None:
        text = _("You are still noted at another shift. Leave that one first.")
        super().__init__(text, code="already_there")


class WasThere(RuleViolation):
    def __init__(self) -> None:
        text = _("This shift has been noted already. What is wrong the organiser corrects.")
        super().__init__(text, code="was_there")


class Barred(RuleViolation):
    def __init__(self, until: datetime.date) -> None:
        text = _("Hours are counted again from %(day)s: until then nobody notes this volunteer.")
        super().__init__(text % {"day": date_format(until)}, code="barred")


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that somebody is there: a code that was read, a place (WGS-84 degrees), or both.

    By the leader neither is needed.
    """

    code: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime.datetime
    how: How
    metres: int | None = None

    @property
    def is_doubtful(self) -> bool:
        return self.how == How.LATER


def _seen(shift: Shift, proof: Proof, rule: HoursRule, *, at: datetime.datetime) -> _Seen:
    """When and how somebody was seen. Raises TooFar, BadCode, NeedsProof."""
    metres = _metres(shift, proof)
    if metres is not None and metres > rule.radius:
        raise TooFar(metres)
    if proof.code:
        shown = checkin_codes.moment_of(shift, proof.code, seconds=rule.code_seconds)
        return _by_code(shown, metres, rule, at=at)
    if metres is None:
        raise NeedsProof
    return _Seen(at, How.PLACE, metres)


def _metres(shift: Shift, proof: Proof) -> int | None:
    lon, lat = shift.activity.lon, shift.activity.lat
    if None in {proof.lon, proof.lat, lon, lat}:
        return None
    return round(metres_between((proof.lon, proof.lat), (lon, lat)))  # type: ignore[arg-type]  # none is None


def _by_code(
    shown: datetime.datetime | None, metres: int | None, rule: HoursRule, *, at: datetime.datetime
) -> _Seen:
    """A code of just now, or one that was read without a connection and comes later."""
    if shown is None or shown > at:
        raise BadCode
    age = at - shown
    if age <= datetime.timedelta(seconds=3 * rule.code_seconds):
        return _Seen(at, How.CODE, metres)
    if age > datetime.timedelta(hours=rule.offline_hours):
        raise BadCode
    return _Seen(shown, How.LATER, metres)


def arrive(
    signup: Signup, proof: Proof, *, by: User, at: datetime.datetime, key: str = ""
) -> Presence:
    """The volunteer is there. `key` is the telephone's, only told apart in the history.

    Raises NotYours, NotNow, TooFar, BadCode, NeedsProof, Barred, AlreadyThere, WasThere,
    WrongState.
    """
    if not actors.speaks_for(by, signup.volunteer):
        raise NotYours(_("Only the volunteer, or the guardian, notes arriving."))
    known = Presence.objects.filter(signup=signup).first()
    if known is not None:
        return _again(known)
    rule = hours_rule_on(localdate(at))
    return _begin(signup, _seen(signup.shift, proof, rule, at=at), rule, by=by, at=at, key=key)


def note_arrival(signup: Signup, *, by: User, at: datetime.datetime) -> Presence:
    """The leader saw the volunteer arrive. Raises as `arrive`."""
    if PresenceActor.LEADER not in actors.to_stay(by, signup, at=at):
        raise NotYours(_("Only who leads the shift notes others, and nobody himself."))
    known = Presence.objects.filter(signup=signup).first()
    if known is not None:
        return _again(known)
    rule = hours_rule_on(localdate(at))
    return _begin(signup, _Seen(at, How.LEADER), rule, by=by, at=at)


def _again(known: Presence) -> Presence:
    if known.state != PresenceState.PRESENT:
        raise WasThere
    return known


def _begin(
    signup: Signup, seen: _Seen, rule: HoursRule, *, by: User, at: datetime.datetime, key: str = ""
) -> Presence:
    _check_time(signup.shift, seen.at, rule)
    _check_bar(signup.volunteer, on=localdate(seen.at))
    try:
        with transaction.atomic():
            return _stored(signup, seen, rule, by=by, at=at, key=key)
    except (IntegrityError, WrongState) as error:  # another telephone was faster, or another shift
        known = Presence.objects.filter(signup=signup).first()
        if known is not None:
            return _again(known)
        if isinstance(error, WrongState):
            raise
        raise AlreadyThere from error


def _stored(
    signup: Signup, seen: _Seen, rule: HoursRule, *, by: User, at: datetime.datetime, key: str
) -> Presence:
    if signup.state != SignupState.ATTENDED:
        moved(SIGNUP, signup, "attend", by=by, at=at)
    row = Presence(
        signup=signup,
        volunteer=signup.volunteer,
        arrived_at=seen.at,
        arrived_how=seen.how,
        arrived_metres=seen.metres,
        closes_at=closing_time(signup.shift, rule),
        doubtful=seen.is_doubtful,
    )
    return PRESENCE.start(row, "arrive", by=by, at=at, how=seen.how.value, key=key)


def _check_time(shift: Shift, moment: datetime.datetime, rule: HoursRule) -> None:
    early = shift.starts_at - datetime.timedelta(minutes=rule.early_minutes)
    if shift.called_off_at is not None or not early <= moment <= shift.ends_at:
        raise NotNow


def _check_bar(volunteer: Volunteer, *, on: datetime.date) -> None:
    """No hours begin while falsified ones bar the volunteer, also not by an earlier sign-up."""
    until = Volunteer.objects.values_list("barred_until", flat=True).get(pk=volunteer.pk)
    if until is not None and on < until:
        raise Barred(until)


def leave(
    presence: Presence, proof: Proof, *, by: User, at: datetime.datetime, key: str = ""
) -> Presence:
    """The volunteer leaves. Again: the same answer. Raises as `arrive`."""
    if presence.state == PresenceState.LEFT and actors.speaks_for(by, presence.volunteer):
        return presence
    rule = hours_rule_on(localdate(at))
    seen = _seen(presence.shift, proof, rule, at=at)
    return _end(presence, seen, rule, by=by, at=at, key=key)


def note_leaving(presence: Presence, *, by: User, at: datetime.datetime) -> Presence:
    """The leader saw the volunteer leave. Raises NotYours, WrongState."""
    if PresenceActor.LEADER not in actors.to_presence(by, presence, at=at):
        raise NotYours(_("Only who leads the shift notes others, and nobody himself."))
    rule = hours_rule_on(localdate(at))
    return _end(presence, _Seen(at, How.LEADER), rule, by=by, at=at)


def close_forgotten(*, by: User, at: datetime.datetime) -> int:
    """Who never said that he left, left when the shift ended, and somebody looks again."""
    count = 0
    rows = Presence.objects.forgotten(at).select_related("signup__shift__activity").order_by("pk")
    for presence in rows:
        count += _close(presence, by=by, at=at)
    return count


@transaction.atomic
def _close(presence: Presence, *, by: User, at: datetime.datetime) -> bool:
    fresh = Presence.objects.select_for_update(of=("self",)).get(pk=presence.pk)
    if fresh.state != PresenceState.PRESENT:
        return False
    end = max(presence.shift.ends_at, fresh.arrived_at)
    rule = hours_rule_on(localdate(at))
    _end(presence, _Seen(end, How.CLOCK), rule, by=by, at=at)
    return True


@transaction.atomic
def _end(
    presence: Presence,
    seen: _Seen,
    rule: HoursRule,
    *,
    by: User,
    at: datetime.datetime,
    key: str = "",
) -> Presence:
    locked = PRESENCE.begin(presence, "leave", by=by, at=at)
    left = max(seen.at, locked.arrived_at)
    days = datetime.timedelta(days=1)
    return PRESENCE.finish(
        locked,
        "leave",
        by=by,
        at=at,
        facts={"how": seen.how.value, "key": key},
        left_at=left,
        left_how=seen.how,
        left_metres=seen.metres,
        doubtful=locked.doubtful or seen.is_doubtful or seen.how == How.CLOCK,
        minutes=counted_minutes(locked.shift, locked.arrived_at, left, rule),
        due_at=at + rule.confirm_days * days,
        remind_at=at + rule.remind_days * days,
    )


@transaction.atomic
def note_missing(signup: Signup, *, by: User, at: datetime.datetime) -> Signup:
    """The leader saw that somebody did not come. Raises NotYours, WrongState, NotNow, WasThere."""
    if PresenceActor.LEADER not in actors.to_stay(by, signup, at=at):
        raise NotYours(_("Only who leads the shift notes others, and nobody himself."))
    if at < signup.shift.starts_at:
        raise NotNow
    if Presence.objects.filter(signup=signup).exists():
        raise WasThere
    return moved(SIGNUP, signup, "miss", by=by, at=at)
