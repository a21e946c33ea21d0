"""Territories: founding, renaming, ending."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grids import codes
from grids.models import Level, Territory
from grids.models.changes import BOUNDARIES
from grids.services.counting import note_change
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

# What may stand directly above a level; places of other cities may begin anywhere.
_ABOVE = {
    Level.CITY: frozenset[str](),
    Level.AREA: frozenset({Level.CITY}),
    Level.TOWN: frozenset({Level.CITY}),
    Level.COMMUNITY: frozenset({Level.TOWN, Level.CITY}),
    Level.GRID: frozenset({Level.COMMUNITY}),
    Level.BUILDING: frozenset({Level.GRID}),
}


@transaction.atomic
def make_territory(*, by: User, at: datetime.datetime, **values: Any) -> Territory:
    """Found a territory (`level`, `code`, `name`, `parent`, …, `valid_from`)."""
    territory = Territory(**values)
    _refuse_wrong_parent(territory)
    _refuse_wrong_code(territory)
    changes.create(territory, by=by, at=at)
    note_change(BOUNDARIES)
    return territory


@transaction.atomic
def change_territory(
    territory: Territory, *, by: User, at: datetime.datetime, **values: Any
) -> Territory:
    """Rename or count anew. Level, code and parent stay: a moved border is a new territory."""
    fixed = sorted({"level", "code", "parent", "parent_id"} & set(values))
    if fixed:
        raise RuleViolation(
            _("Level, code and parent of a territory stay. End it and found a new one."),
            code="fixed",
        )
    changed = changes.revise(territory, values, by=by, at=at)
    note_change(BOUNDARIES)
    return changed


@transaction.atomic
def end_territory(
    territory: Territory, *, on: datetime.date, by: User, at: datetime.datetime
) -> Territory:
    """Let a territory end on that day; what lies inside it must have ended before."""
    if Territory.objects.filter(parent=territory).valid_on(on).exists():
        raise RuleViolation(
            _("First end what lies inside %(territory)s.") % {"territory": territory},
            code="has_parts",
        )
    ended = changes.end(territory, on=on, by=by, at=at)
    note_change(BOUNDARIES)
    return ended


def _refuse_wrong_parent(territory: Territory) -> None:
    parent = territory.parent
    if parent is not None and parent.level not in _ABOVE[Level(territory.level)]:
        raise RuleViolation(
            _("%(territory)s cannot lie directly in %(parent)s. Choose another level or parent.")
            % {"territory": territory, "parent": parent},
            code="wrong_parent",
        )
    if parent is None and territory.level in {Level.GRID, Level.BUILDING}:
        raise RuleViolation(
            _("A grid belongs to exactly one community. Choose the community."), code="no_parent"
        )


def _refuse_wrong_code(territory: Territory) -> None:
    if territory.level == Level.GRID and territory.parent is not None:
        codes.check_grid_code(territory.code, community=territory.parent.code)
