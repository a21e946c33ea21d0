"""A whistle is blown, answered, ended: departments come, are released, both sides rate."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import whistle_notifications as notifications
from cases.models import Case, CooperationRule, Whistle, WhistleCall, WhistleEvent
from cases.services.moves import begin, finish
from cases.services.places import find_place
from cases.whistle_workflow import (
    ANSWERS,
    BEST,
    CALL_MOVES,
    RATINGS,
    WHISTLES,
    WORST,
    CallState,
    Side,
)
from grids.scopes import Scope, scopes_of
from lib.coordinates import is_position, metres_between
from lib.errors import NotYours, RuleViolation, WrongState
from lib.workflow import moves_open_to
from organizations.models import Body, Post, User

# A position less exact than this many times the reach proves nothing.
BLUR = 2


def blow(  # noqa: PLR0913 -- a call says all this
    *,
    kind: str,
    text: str,
    bodies: Sequence[Body],
    by: User,
    at: datetime.datetime,
    case: Case | None = None,
    lon: float | None = None,
    lat: float | None = None,
    address: str = "",
) -> Whistle:
    """Call departments to a case's place or to a point (WGS-84); each hears of it at once.

    Raises RuleViolation (no place, no words, nobody to call), NotYours.
    """
    with transaction.atomic():
        locked = begin(case, "whistle", by=by, at=at) if case is not None else None
        whistle = _placed(locked, lon=lon, lat=lat, address=address)
        rule = CooperationRule.objects.in_force(timezone.localdate(at))
        whistle.kind, whistle.text, whistle.case = kind, _needed(text), locked
        whistle.metres, whistle.called_by, whistle.called_at = rule.whistle_metres, by, at
        whistle.body_id = _calling_body(by, whistle, at=at)
        whistle.save(force_insert=True)
        called = _call(whistle, bodies, rule, at=at)
        _record(whistle, "blow", by=by, at=at, facts={"kind": kind, "bodies": _keys(called)})
        if locked is not None:
            facts = {"whistle": whistle.pk, "bodies": _keys(called)}
            finish(locked, "whistle", by=by, at=at, facts=facts)
        notifications.tell_called(whistle, called, at=at)
    return whistle


def call_more(
    whistle: Whistle, *, bodies: Sequence[Body], by: User, at: datetime.datetime
) -> Whistle:
    """Further departments to a whistle that goes on, each with its own time to come."""
    with transaction.atomic():
        locked = _lock(whistle)
        if locked.ended_at is not None:
            raise WrongState(_("This whistle has ended: blow another."))
        if not may_whistle(by, locked, at=at):
            raise NotYours(_("Only those who may whistle here call departments."))
        rule = CooperationRule.objects.in_force(timezone.localdate(at))
        called = _call(locked, bodies, rule, at=at)
        _record(locked, "call_more", by=by, at=at, facts={"bodies": _keys(called)})
        notifications.tell_called(locked, called, at=at)
        return locked


def _placed(case: Case | None, *, lon: float | None, lat: float | None, address: str) -> Whistle:
    """An unsaved whistle at the point given, else at the point of its case."""
    if lon is None or lat is None:
        lon, lat = (case.lon, case.lat) if case is not None else (None, None)
    if lon is None or lat is None or not is_position(lon, lat):
        raise RuleViolation(_("Put the pin where the departments should come."), code="no_place")
    found = find_place(lon, lat, None, "")
    town = found.town or (case.town_id if case is not None else None)
    if town is None:
        raise RuleViolation(_("This place lies in no town that we know."), code="no_place")
    words = address.strip()[:200] or (case.address if case is not None else "")
    return Whistle(
        lon=lon,
        lat=lat,
        address=words,
        town_id=town,
        community_id=found.community,
        grid_id=found.grid,
    )


def _needed(text: str) -> str:
    if not text.strip():
        raise RuleViolation(_("Say what the departments are needed for."), code="empty")
    return text.strip()[:500]


def _calling_body(by: User, whistle: Whistle, *, at: datetime.datetime) -> int:
    scope = _calling_scope(by, whistle, at=at)
    if scope is None:
        raise NotYours(_("The committee and the duty officer whistle, where they are in charge."))
    return scope.body_id


def _calling_scope(user: User, whistle: Whistle, *, at: datetime.datetime) -> Scope | None:
    place = {
        "town": whistle.town_id,
        "community": whistle.community_id,
        "grid": whistle.grid_id,
    }
    scopes = scopes_of(user, on=timezone.localdate(at))
    able = (scope for scope in scopes if scope.role in WHISTLES and scope.covers(**place))
    return next(able, None)


def may_whistle(user: User, whistle: Whistle, *, at: datetime.datetime) -> bool:
    return _calling_scope(user, whistle, at=at) is not None


def _call(
    whistle: Whistle, bodies: Sequence[Body], rule: CooperationRule, *, at: datetime.datetime
) -> list[WhistleCall]:
    """The calls of those bodies that are not called yet; refused where that leaves none."""
    known = set(whistle.calls.values_list("body_id", flat=True))
    keys = [body.pk for body in bodies if body.pk not in known]
    able = _able_to_answer(keys, on=timezone.localdate(at))
    if not keys or len(able) < len(set(keys)):
        raise RuleViolation(
            _("Choose departments that are not called yet and have somebody to send."),
            code="nobody_to_call",
        )
    due = at + datetime.timedelta(minutes=rule.whistle_minutes)
    rows = [
        WhistleCall(whistle=whistle, body_id=key, called_at=at, due_at=due)
        for key in dict.fromkeys(keys)
    ]
    return WhistleCall.objects.bulk_create(rows)


def _able_to_answer(bodies: Sequence[int], *, on: datetime.date) -> set[int]:
    posts = Post.objects.valid_on(on).filter(body__in=bodies, role__in=ANSWERS)
    return set(posts.values_list("body_id", flat=True))


def _keys(calls: Sequence[WhistleCall]) -> list[int]:
    return [call.body_id for call in calls]


# -- One call ---------------------------------------------------------------------------------


def sides_of(user: User, call: WhistleCall, *, at: datetime.datetime) -> frozenset[Side]:
    """What `user` is to one call."""
    sides = set()
    if may_whistle(user, call.whistle, at=at):
        sides.add(Side.CALLER)
    scopes = scopes_of(user, on=timezone.localdate(at))
    if any(scope.role in ANSWERS and call.body_id in scope.body_ids for scope in scopes):
        sides.add(Side.CALLED)
    return frozenset(sides)


def call_moves_for(user: User, call: WhistleCall, *, at: datetime.datetime) -> list[str]:
    """What this person may do with the call now; each side rates once."""
    sides = sides_of(user, call, at=at)
    names = moves_open_to(CALL_MOVES, state=call.state, actors=sides)
    return [name for name in names if not _is_rated(name, call)]


def _is_rated(name: str, call: WhistleCall) -> bool:
    return name in RATINGS and getattr(call, f"{RATINGS[name]}_score") is not None


def _begin(call: WhistleCall, name: str, *, by: User, at: datetime.datetime) -> WhistleCall:
    """The call again, under the lock of its whistle, if `by` may make the move."""
    whistle = _lock(call.whistle)
    locked = WhistleCall.objects.select_related("body").get(pk=call.pk)
    locked.whistle = whistle
    row = CALL_MOVES[name]
    if not row.starts_from(locked.state) or _is_rated(name, locked):
        state = CallState(locked.state).label
        raise WrongState(_("This has been done already: “%(state)s”.") % {"state": state})
    if not row.is_for(sides_of(by, locked, at=at)):
        raise NotYours(_("This step belongs to the other side."))
    return locked


def _lock(whistle: Whistle) -> Whistle:
    return Whistle.objects.select_for_update(of=("self",)).get(pk=whistle.pk)


def _finish(
    call: WhistleCall,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> WhistleCall:
    for field, value in {"state": CALL_MOVES[name].leads_to(call.state), **changes}.items():
        setattr(call, field, value)
    call.save(update_fields=["state", *changes])
    _record(call.whistle, name, by=by, at=at, facts={"body": call.body_id, **(facts or {})})
    notifications.tell_of_call(call, name, by=by, at=at)
    return call


def arrive(  # noqa: PLR0913 -- a position is three numbers
    call: WhistleCall,
    *,
    by: User,
    at: datetime.datetime,
    lon: float | None = None,
    lat: float | None = None,
    accuracy: float | None = None,
    words: str = "",
) -> WhistleCall:
    """The department is there. A position (WGS-84; `accuracy` in metres) within reach proves it;
    without one the person writes why, and the arrival is flagged.

    Raises RuleViolation (`too_far`, `reason_missing`).
    """
    with transaction.atomic():
        locked = _begin(call, "arrive", by=by, at=at)
        distance = _distance(locked.whistle, lon, lat)
        proven = _proves(locked.whistle, distance, accuracy)
        if not proven and not words.strip():
            raise _not_proven(locked.whistle, distance)
        changes = {
            "arrived_at": at,
            "arrived_by": by,
            "by_place": proven,
            "distance": distance,
            "accuracy": None if accuracy is None else round(min(accuracy, 1e9)),
            "arrival_words": words.strip()[:300],
        }
        facts = {"by_place": proven, "distance": distance}
        return _finish(locked, "arrive", by=by, at=at, facts=facts, **changes)


def _distance(whistle: Whistle, lon: float | None, lat: float | None) -> int | None:
    if lon is None or lat is None or not is_position(lon, lat):
        return None
    return round(metres_between((lon, lat), (whistle.lon, whistle.lat)))


def _proves(whistle: Whistle, distance: int | None, accuracy: float | None) -> bool:
    if distance is None or distance > whistle.metres:
        return False
    return accuracy is None or accuracy <= BLUR * whistle.metres


def _not_proven(whistle: Whistle, distance: int | None) -> RuleViolation:
    if distance is None or distance <= whistle.metres:
        sentence = _(
            "Your position is not known well enough: write what proves that you are there."
        )
        return RuleViolation(sentence, code="reason_missing")
    sentence = _(
        "You are %(distance)d m away, %(metres)d m are near enough. "
        "Go there, or write why you report from here."
    )
    said = {"distance": distance, "metres": whistle.metres}
    return RuleViolation(sentence % said, code="too_far")


def release(call: WhistleCall, *, by: User, at: datetime.datetime, words: str = "") -> WhistleCall:
    """The caller lets a department go; the whistle ends with the last one.

    Words are needed for a department that never came. Raises RuleViolation.
    """
    with transaction.atomic():
        locked = _begin(call, "release", by=by, at=at)
        if locked.arrived_at is None and not words.strip():
            raise RuleViolation(
                _("This department has not reported: write why it is released."),
                code="reason_missing",
            )
        changes: dict[str, Any] = {
            "released_at": at,
            "released_by": by,
            "release_words": words.strip()[:300],
        }
        _finish(locked, "release", by=by, at=at, **changes)
        _end_with_the_last(locked.whistle, by=by, at=at)
        return locked


def _end_with_the_last(whistle: Whistle, *, by: User, at: datetime.datetime) -> None:
    if whistle.calls.exclude(state=CallState.RELEASED).exists():
        return
    whistle.ended_at = at
    whistle.save(update_fields=["ended_at"])
    _record(whistle, "end", by=by, at=at, facts={})


def rate(
    call: WhistleCall,
    name: str,
    *,
    score: int,
    by: User,
    at: datetime.datetime,
    words: str = "",
) -> WhistleCall:
    """Each side rates the other once, 1 to 5: `rate_response` the department, `rate_call` the call.

    Words are needed below 3. Raises RuleViolation.
    """
    if not WORST <= score <= BEST:
        raise RuleViolation(_("Rate from 1 to 5."), code="score")
    if score < (WORST + BEST) // 2 and not words.strip():
        raise RuleViolation(_("Write what was not good."), code="reason_missing")
    side = RATINGS[name]
    with transaction.atomic():
        locked = _begin(call, name, by=by, at=at)
        changes: dict[str, Any] = {
            f"{side}_score": score,
            f"{side}_words": words.strip()[:300],
            f"{side}_by": by,
            f"{side}_at": at,
        }
        return _finish(locked, name, by=by, at=at, facts={"score": score}, **changes)


def _record(
    whistle: Whistle, name: str, *, by: User, at: datetime.datetime, facts: dict[str, Any]
) -> None:
    """Append an event to the locked whistle's chain."""
    event = WhistleEvent(whistle=whistle, move=name, by=by, at=at, facts=facts)
    event.follow(whistle)
    event.save(force_insert=True)
    whistle.save(update_fields=["version", "head"])
