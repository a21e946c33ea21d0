"""How an appraisal moves, and what a person is to it."""

import datetime

from django.utils.timezone import localdate

from grids.scopes import scopes_of
from lib.moving import Way
from organizations.models import User
from oversight.models import Appraisal, AppraisalEvent
from oversight.workflow import (
    FIRST_REVIEWERS,
    MOVES,
    NEEDS_REASON,
    OPENERS,
    SECOND_REVIEWERS,
    Actor,
    State,
)


def roles_in(user: User, town: int, *, at: datetime.datetime) -> frozenset[str]:
    """Roles of `user` whose posts cover the whole town."""
    return frozenset(
        scope.role
        for scope in scopes_of(user, on=localdate(at))
        if scope.covers(town=town, community=None, grid=None)
    )


def actors_of(user: User, appraisal: Appraisal, *, at: datetime.datetime) -> frozenset[Actor]:
    """What `user` is to an appraisal. Who opened it reviews nothing of it."""
    roles = roles_in(user, appraisal.town_id, at=at)
    found: set[Actor] = {Actor.SYSTEM, Actor.CLOCK} if user.is_system else set()
    if roles & OPENERS:
        found.add(Actor.ASSESSOR)
    if user.pk != appraisal.opened_by_id:
        found |= {Actor.FIRST_REVIEWER} if roles & FIRST_REVIEWERS else set()
        found |= {Actor.SECOND_REVIEWER} if roles & SECOND_REVIEWERS else set()
    return frozenset(found)


APPRAISAL = Way(
    Appraisal,
    AppraisalEvent,
    MOVES,
    lambda state: State(state).label,
    actors_of,
    needs_reason=NEEDS_REASON,
    related=("scheme", "town", "opened_by"),
)
begin, finish, record = APPRAISAL.begin, APPRAISAL.finish, APPRAISAL.record


def open_to(user: User, appraisal: Appraisal, *, at: datetime.datetime) -> list[str]:
    """Names of the moves that `user` may make now, for buttons."""
    return APPRAISAL.open_to(appraisal, by=user, at=at)


def locked(appraisal: Appraisal) -> Appraisal:
    rows = Appraisal.objects.select_for_update(of=("self",)).with_names()
    return rows.get(pk=appraisal.pk)
