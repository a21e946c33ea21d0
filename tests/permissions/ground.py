"""What checks of coverage found in the home town, and a change of its borders."""

import datetime

from django.utils import timezone

from grids.duty_workflow import LEAVE_MOVES, SWAP_MOVES
from grids.models import (
    BorderEdit,
    CoverageFinding,
    CoverageRule,
    CoverageRun,
    DutyShift,
    Leave,
    Premises,
    Swap,
    TeamMember,
)
from lib.roles import Role
from tests.factories.grids import PostTerritoryFactory, ShiftKindFactory
from tests.factories.organizations import PostFactory

DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(2020, 1, 1)
ABOUT_UNITS = ("editor", "editor_outlines", "exact_outlines", "mend_all")


def make_ground(town):
    """A gap in the community, a grid too large, and a change that nobody has taken back."""
    at, by = timezone.now(), town.system
    run = CoverageRun.objects.create(
        asked_by=by, asked_at=at, state="done", finished_at=at, total=1, done=1
    )
    place = {"town": town.place, "community": town.community, "unit": town.community}
    ring = [[114.0, 22.8], [114.01, 22.8], [114.01, 22.81], [114.0, 22.8]]
    return {
        "gap": CoverageFinding.objects.create(
            found_in=run, kind="blind", territory=town.community, area_m2=9, digest="x",
            geometry={"type": "Polygon", "coordinates": [ring]}, **place,
        ),
        "large": CoverageFinding.objects.create(
            found_in=run, kind="oversize", territory=town.grid, grid=town.grid, measure=900, **place
        ),
        **make_team(town, at),
        "edit": BorderEdit.objects.create(
            unit=town.community, kind="move", effective=timezone.localdate(at), by=by, at=at
        ),
    }  # fmt: skip


def make_team(town, at):
    """A member, a leave and a swap in the community's grid, of two workers of the centre."""
    mine, theirs = (PostFactory(role=Role.GRID_WORKER, body=town.centre) for _n in range(2))
    for post in (mine, theirs):
        PostTerritoryFactory(post=post, territory=town.grid)
    day = timezone.localdate(at) + datetime.timedelta(days=3)
    kind = ShiftKindFactory()
    shifts = [
        DutyShift.objects.create(
            post=post, kind=kind, day=day, starts_at=at + (3 + number) * DAY,
            ends_at=at + (3 + number) * DAY + DAY / 3,
        )
        for number, post in enumerate((mine, theirs))
    ]  # fmt: skip
    return {
        "post": mine,
        "member": TeamMember.objects.create(
            territory=town.grid, role="legal", name="何律师", valid_from=LONG_AGO
        ),
        "leave": Leave.objects.create(post=mine, first_day=day, last_day=day, asked_at=at),
        "swap": Swap.objects.create(mine=shifts[0], theirs=shifts[1], asked_at=at),
    }


def catalogue_rows():
    return {
        "shift-kinds": ShiftKindFactory(),
        "premises": Premises.objects.create(
            code="x", name="x", kind="shop", lon=1, lat=1, valid_from=LONG_AGO
        ),
        "coverage-rules": CoverageRule.objects.create(
            setting="urban", most_households=500, valid_from=LONG_AGO
        ),
    }


def examples_at(name, world):
    """(label, values) for an address about ground or teams; none where it is about others."""
    things, grid = world.ground, {"code": world.town.grid.code}
    community = {"code": world.town.community.code}
    last = name.removeprefix("grids:")
    moves = {"leave_move": ("leave", LEAVE_MOVES), "swap_move": ("swap", SWAP_MOVES)}
    if last in moves:
        thing, table = moves[last]
        return [(move, {"pk": things[thing].pk, "name": move}) for move in table]
    known = {
        **dict.fromkeys(ABOUT_UNITS, community),
        **dict.fromkeys(("team", "team_join", "team_roster"), grid),
        "team_shift": {**grid, "post": things["post"].pk},
        "member_end": {"pk": things["member"].pk},
        "member_change": {"pk": things["member"].pk},
        "coverage_mend": {"pk": things["gap"].pk},
        "coverage_split": {"pk": things["large"].pk},
        "coverage_visit": {"pk": things["large"].pk},
        "border_undo": {"pk": things["edit"].pk},
    }
    return [("", known[last])] if name.startswith("grids:") and last in known else []
