"""Putting the schematic map (`grids.synthesis`) into the tables, for demonstration and training."""

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids import synthesis
from grids.models import Boundary, Level, Territory
from grids.models.changes import BOUNDARIES
from grids.services.boundaries import outlined
from grids.services.counting import note_change
from grids.synthesis import Plot
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes

SOURCE = "示意 schematic"


@transaction.atomic
def draw_schematic(
    *,
    seed: int,
    since: datetime.date,
    by: User,
    at: datetime.datetime,
    towns: Collection[str] | None = None,
    grids: int = 2900,
) -> int:
    """Outline every town of the reference, and in `towns` (codes; None: in all) what is inside.

    Founds the grids, valid from `since`. Returns how many outlines were drawn; a map that has
    outlines already is left alone.
    """
    if Boundary.objects.filter(valid_to=None).exists():
        return 0
    plots = [
        plot
        for plot in synthesis.draw_city(seed=seed, grids=grids)
        if plot.level == Level.TOWN or towns is None or plot.code[:9] in towns
    ]
    territories = _territories_for(plots, since=since)
    Boundary.objects.bulk_create(
        [
            outlined(
                territories[plot.code], plot.outline, day=since, source=SOURCE, is_schematic=True
            )
            for plot in plots
        ],
        batch_size=500,
    )
    city = territories[plots[0].code].parent
    if city is not None:
        drawn = {"outlines": len(plots), "seed": seed, "on": timezone.localdate(at).isoformat()}
        changes.record_values(city, before={}, after=drawn, by=by, at=at, action="draw")
    note_change(BOUNDARIES)
    return len(plots)


def _territories_for(plots: Sequence[Plot], *, since: datetime.date) -> dict[str, Territory]:
    known = _by_code([plot.code for plot in plots if plot.level != Level.GRID])
    missing = {plot.code for plot in plots if plot.level != Level.GRID} - set(known)
    if missing:
        raise RuleViolation(
            _("Load the reference data first: %(code)s is not there.") % {"code": min(missing)},
            code="no_reference",
        )
    Territory.objects.bulk_create(
        [
            _grid(plot, known[plot.parent], since=since)
            for plot in plots
            if plot.level == Level.GRID
        ],
        batch_size=500,
    )
    return known | _by_code([plot.code for plot in plots if plot.level == Level.GRID])


def _by_code(codes: Sequence[str]) -> dict[str, Territory]:
    # In slices: SQLite takes a limited number of values in one statement.
    found: dict[str, Territory] = {}
    for start in range(0, len(codes), 500):
        rows = Territory.objects.filter(code__in=codes[start : start + 500])
        found |= {row.code: row for row in rows.select_related("parent")}
    return found


def _grid(plot: Plot, community: Territory, *, since: datetime.date) -> Territory:
    number = int(plot.code[12:])
    return Territory(
        level=Level.GRID,
        code=plot.code,
        parent=community,
        name=f"{community.short_name}第{number}网格",
        short_name=f"第{number}网格",
        name_en=f"{community.name_en.rsplit(' ', 1)[0]} Grid {number}",
        valid_from=since,
    )
