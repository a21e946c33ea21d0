"""A closed case is taken up again; what was done and paid before stays as history."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Terms
from cases.services.actors import actors_of
from cases.services.intake import proven, waits_for_router
from cases.services.moves import begin, finish
from cases.services.pausing import limit
from cases.workflow import MOVES, Actor
from lib.errors import RuleViolation
from organizations.models import User


def reopen(case: Case, *, by: User, at: datetime.datetime, note: str, code: str = "") -> Case:
    """Filed again and routed anew, with the reason. Those on duty may at any time, a reporter (also
    with the query code alone) within the terms' limit after closing.
    """
    also = proven(case, code)
    with transaction.atomic():
        locked = begin(case, "reopen", by=by, at=at, note=note, also=also)
        # With the code alone the installation acts in the reporter's name, and in no other.
        _check_time(locked, also or actors_of(by, locked, at=at), at=at)
        changes = {
            "reopens": locked.reopens + 1,
            "ended_at": None,
            "lead_post": None,
            "handled_by": None,
            "checked_by": None,
            "signed_at": None,
            "reported_at": None,
            "confirmed_at": None,
            "contacted_at": None,
            "extensions": 0,
            "paused_seconds": 0,
            **waits_for_router(locked, at=at),
        }
        return finish(locked, "reopen", by=by, at=at, note=note, **changes)


def reopens_until(case: Case) -> datetime.datetime | None:
    """The end of the time in which a reporter may have a closed case taken up again."""
    if case.ended_at is None:
        return None
    terms = Terms.on(timezone.localdate(case.ended_at))
    return limit(case.ended_at, terms.reopen_limit, terms.reopen_unit)


def _check_time(case: Case, actors: frozenset[Actor], *, at: datetime.datetime) -> None:
    if (actors & MOVES["reopen"].actors) != {Actor.REPORTER}:
        return
    until = reopens_until(case)
    if until is None or at > until:
        raise RuleViolation(
            _("The time for this has passed: please report it anew."), code="too_late"
        )
