"""Call-outs: opened, called in waves, reminded, answered, closed.

Everybody is asked and nobody is enrolled (志愿服务条例, article 25): declining needs no reason and
has no consequence. Waves are written in batches, each with its messages in one transaction, so the
first people are told while the last are still being written.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from celery import current_app
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency import notifications
from emergency.matching import Candidate, candidates
from emergency.models import AssemblyPoint, Called, CallOut, Order
from emergency.services.actors import commands, to_called
from emergency.services.rules import rule_of
from emergency.services.ways import ORDER
from emergency.workflow import CALLED_MOVES, CalledState, OrderState
from lib.coordinates import is_position
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Skill, User

AT_ONCE = 500
T = TypeVar("T")
LONGEST_WAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """For how many people a call-out asks, whom, and for what."""

    text: str
    wanted: int
    wave_size: int
    calls_staff: bool = True
    calls_volunteers: bool = True
    skills: tuple[Skill, ...] = ()
    is_dangerous: bool = False
    metres: int | None = None


@transaction.atomic
def add_point(  # noqa: PLR0913 -- what the form asks
    order: Order,
    *,
    name: str,
    address: str,
    lon: float,
    lat: float,
    by: User,
    at: datetime.datetime,
    keeper: User | None = None,
    capacity: int | None = None,
) -> AssemblyPoint:
    """An assembly point (WGS-84). Raises NotYours, WrongState, RuleViolation."""
    _demand_running(order, by, at=at)
    if not is_position(lon, lat):
        raise RuleViolation(_("Choose a place on the map."), code="no_place")
    if order.points.filter(name=name.strip()).exists():
        raise RuleViolation(_("There is an assembly point of this name."), code="twice")
    return AssemblyPoint.objects.create(
        order=order, name=name.strip(), address=address.strip(), lon=lon, lat=lat, keeper=keeper,
        capacity=capacity,
    )  # fmt: skip


def _demand_running(order: Order, by: User, *, at: datetime.datetime) -> None:
    if not commands(by, order, at=at):
        raise NotYours(_("Only the committee and duty officers of the place may do that."))
    if not Order.objects.filter(pk=order.pk, state=OrderState.IN_FORCE).exists():
        raise WrongState(_("The order is not in force."))


@transaction.atomic
def open_callout(
    order: Order, asked: Asked, point: AssemblyPoint, *, by: User, at: datetime.datetime
) -> CallOut:
    """A call-out whose first wave is called at once, in the background.

    Raises NotYours, WrongState, RuleViolation.
    """
    locked = ORDER.begin(order, "call", by=by, at=at)
    if point.order_id != locked.pk:
        raise RuleViolation(_("Choose an assembly point of this order."), code="point")
    if asked.wanted < 1 or asked.wave_size < 1 or not asked.text.strip():
        raise RuleViolation(_("Say for what you call, and how many people."), code="empty")
    if not asked.calls_staff and not asked.calls_volunteers:
        raise RuleViolation(_("Choose whom to call."), code="nobody")
    callout = CallOut.objects.create(
        order=locked, point=point, text=asked.text.strip()[:200], wanted=asked.wanted,
        wave_size=asked.wave_size, calls_staff=asked.calls_staff,
        calls_volunteers=asked.calls_volunteers, is_dangerous=asked.is_dangerous,
        metres=asked.metres, by=by, at=at, due_at=at,
    )  # fmt: skip
    callout.skills.set(asked.skills)
    facts = {"callout": callout.pk, "wanted": callout.wanted}
    ORDER.finish(locked, "call", by=by, at=at, facts=facts)
    transaction.on_commit(_wake, robust=True)
    return callout


def _wake() -> None:
    """A lost message delays a wave until the next sweep; nothing else depends on it."""
    current_app.signature("emergency.tasks.call_out").apply_async(retry=False)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


# -- Waves --------------------------------------------------------------------------------------


def call_due(*, at: datetime.datetime) -> int:
    """Remind and call for every call-out whose time has come; how many people were called."""
    rows = CallOut.objects.due(at).with_names().select_related("order__territory")
    return sum(call_wave(callout, at=at) for callout in rows.order_by("due_at", "pk"))


def call_wave(callout: CallOut, *, at: datetime.datetime) -> int:
    """The next wave of one call-out, or what is left of it; how many people were called."""
    reminded = _remind(callout, at=at)
    missing = _missing(callout, at=at)
    waiting = candidates(callout, at=at)
    told = sum(_call(callout, part, at=at) for part in _batches(islice(waiting, missing)))
    minutes = rule_of(callout.order.level, on=localdate(at)).answer_minutes
    later = at + datetime.timedelta(minutes=minutes)
    goes_on = bool(told or reminded or missing == 0)
    open_rows = CallOut.objects.filter(pk=callout.pk, closed_at=None, due_at=callout.due_at)
    open_rows.update(due_at=later if goes_on else None)
    return told


@transaction.atomic
def _missing(callout: CallOut, *, at: datetime.datetime) -> int:
    """How many are to be called now; a wave that was cut off is finished first."""
    locked = CallOut.objects.select_for_update(of=("self",)).get(pk=callout.pk)
    if locked.closed_at is not None or locked.due_at is None or locked.due_at > at:
        return 0
    rows = Called.objects.filter(callout=locked)
    called = rows.count()
    if rows.standing().count() >= locked.wanted:
        return 0
    if called >= locked.wave * locked.wave_size:
        locked.wave += 1
        locked.save(update_fields=["wave"])
    callout.wave = locked.wave
    return locked.wave * locked.wave_size - called


@transaction.atomic
def _call(callout: CallOut, batch: Iterable[Candidate], *, at: datetime.datetime) -> int:
    locked = CallOut.objects.select_for_update(of=("self",)).get(pk=callout.pk)
    if locked.closed_at is not None:
        return 0
    rows = [
        Called(
            callout=callout, order=callout.order, person_id=one.person,
            volunteer_id=one.volunteer, metres=one.metres, wave=callout.wave, at=at,
        )
        for one in batch
    ]  # fmt: skip
    Called.objects.bulk_create(rows, ignore_conflicts=True)
    notifications.call(rows, at=at)
    return len(rows)


def _remind(callout: CallOut, *, at: datetime.datetime) -> int:
    """Who was called a while ago and has not answered, once."""
    minutes = rule_of(callout.order.level, on=localdate(at)).answer_minutes
    before = at - datetime.timedelta(minutes=minutes)
    rows = Called.objects.filter(
        callout=callout, state=CalledState.CALLED, reminded_at=None, at__lte=before
    )
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_remind_some(part, at=at) for part in _batches(keys))


@transaction.atomic
def _remind_some(keys: Iterable[int], *, at: datetime.datetime) -> int:
    rows = list(Called.objects.filter(pk__in=list(keys), reminded_at=None).with_names())
    Called.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    notifications.call(rows, at=at, again=True)
    return len(rows)


@transaction.atomic
def close_callout(callout: CallOut, *, by: User, at: datetime.datetime) -> CallOut:
    """Nobody else is called; who was called may still answer."""
    _demand_running(callout.order, by, at=at)
    locked = CallOut.objects.select_for_update(of=("self",)).get(pk=callout.pk)
    if locked.closed_at is None:
        locked.closed_at, locked.due_at = at, None
        locked.save(update_fields=["closed_at", "due_at"])
    return locked


# -- Answers ------------------------------------------------------------------------------------


def accept(called: Called, *, minutes: int, by: User, at: datetime.datetime) -> Called:
    """Is coming, and will be there in so many minutes; again with others. Raises as `_answer`."""
    if not 0 <= minutes <= LONGEST_WAY:
        raise RuleViolation(_("Say in how many minutes you will be there."), code="minutes")
    return _answer(called, "accept", by=by, at=at, minutes=minutes)


def decline(called: Called, *, by: User, at: datetime.datetime) -> Called:
    """Cannot come: without a reason and without consequences. Raises as `_answer`."""
    return _answer(called, "decline", by=by, at=at, minutes=None)


@transaction.atomic
def _answer(
    called: Called, name: str, *, by: User, at: datetime.datetime, minutes: int | None
) -> Called:
    """Raises NotYours, WrongState (the order is over; has arrived or was released)."""
    move = CALLED_MOVES[name]
    if not move.is_for(to_called(by, called, at=at)):
        raise NotYours(_("Everybody answers for themselves."))
    _demand_in_force(called)
    rows = Called.objects.filter(pk=called.pk, state__in=move.sources)
    if not rows.update(state=move.target, minutes=minutes, answered_at=at):
        raise WrongState(_("This has moved on. Look at the page again."))
    called.refresh_from_db()
    return called


def _demand_in_force(called: Called) -> None:
    if called.callout.order.state != OrderState.IN_FORCE:
        raise WrongState(_("The order is over. Thank you for being ready."))
