"""Rows of the territory's own tables that a person's posts reach, for the roles that may look."""

import datetime
from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.duty_workflow import SwapState
from grids.models import Leave, Swap, Territory
from grids.models.rosters import LeaveQuerySet, SwapQuerySet
from grids.models.territory import Level
from grids.scopes import scopes_of, within
from lib.roles import COMMITTEE, Role
from organizations.models import User

Rows = TypeVar("Rows", bound=QuerySet[Any])
# Who reads what checks have found.
READERS = frozenset(COMMITTEE) | {
    Role.DISPATCHER,
    Role.DUTY_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.ASSESSOR,
    Role.SUPERVISOR,
    Role.SYSTEM_ADMIN,
}
# Who works by a roster, and may ask for leave.
WALKERS = frozenset({Role.GRID_WORKER, Role.COMMUNITY_WORKER})
ON_DUTY = WALKERS | {Role.HANDLER}
TEAM_READERS = READERS | WALKERS
# Who makes teams and rosters.
LEADERS = frozenset(COMMITTEE) | {Role.DEPARTMENT_HEAD, Role.DISPATCHER, Role.SYSTEM_ADMIN}
# Who decides on leave and swaps of their body's people.
LEADS = frozenset({Role.DEPARTMENT_HEAD})
# Who draws borders: the installation's administrator everywhere, others where their posts reach.
DRAWERS = frozenset(COMMITTEE) | {Role.DISPATCHER, Role.SYSTEM_ADMIN}


def visible(rows: Rows, user: User, *, on: datetime.date) -> Rows:
    """Of a table with town, community and grid: what `user` may read on that day."""
    if Role.SYSTEM_ADMIN in user.roles_on(on):
        return rows
    reach = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in READERS:
            reach |= within(scope)
    return rows.filter(reach)


def may(
    user: User, territory: Territory, *, on: datetime.date, roles: Collection[str] = DRAWERS
) -> bool:
    """Whether one of the person's posts with such a role reaches the whole of a territory."""
    if Role.SYSTEM_ADMIN in roles and Role.SYSTEM_ADMIN in user.roles_on(on):
        return True
    line = _line(territory)
    keys = {
        "town": line.get(Level.TOWN),
        "community": line.get(Level.COMMUNITY),
        "grid": line.get(Level.GRID),
    }
    return any(scope.role in roles and scope.covers(**keys) for scope in scopes_of(user, on=on))


def _line(territory: Territory) -> dict[str, int]:
    line: dict[str, int] = {}
    kin: Territory | None = territory
    while kin is not None:
        line[kin.level] = kin.pk
        kin = kin.parent
    return line


def led_bodies(user: User, *, on: datetime.date) -> set[int]:
    """Keys of the bodies that somebody heads, and of all below them."""
    scopes = [scope for scope in scopes_of(user, on=on) if scope.role in LEADS]
    return {body for scope in scopes for body in scope.body_ids}


def leaves_to_decide(user: User, *, on: datetime.date) -> LeaveQuerySet:
    """Leave that is asked for and not over, of people whom `user` heads."""
    rows = Leave.objects.pending().filter(post__body__in=led_bodies(user, on=on), last_day__gte=on)
    return rows.exclude(post__person=user)


def swaps_to_decide(user: User, *, at: datetime.datetime) -> SwapQuerySet:
    """Swaps that both have agreed to, in a body that `user` heads and takes no part in."""
    mine = Q(mine__post__person=user) | Q(theirs__post__person=user)
    bodies = led_bodies(user, on=timezone.localdate(at))
    rows = Swap.objects.still_possible(at).filter(state=SwapState.AGREED)
    return rows.filter(mine__post__body__in=bodies).exclude(mine)


def swaps_to_answer(user: User, *, at: datetime.datetime) -> SwapQuerySet:
    """Swaps that a colleague has asked `user` for."""
    rows = Swap.objects.still_possible(at).filter(state=SwapState.PENDING)
    return rows.filter(theirs__post__person=user)
