"""What goes with ground that changes hands: who covers it, its team, its households."""

import datetime
from typing import Any

import shapely
from django.db import models

from grids.geometry import area_m2
from grids.models import PostTerritory, Premises, Territory
from grids.models.teams import TeamMember, TeamRole
from grids.services.borders import Plan
from organizations.models import User
from organizations.services import changes

Did = dict[str, Any]
_OF_MEMBER = ("role", "post_id", "name", "house", "phone", "shows_name")


def hand_over(
    old: Territory,
    new: Territory,
    *,
    day: datetime.date,
    by: User,
    at: datetime.datetime,
    ends: bool = False,
) -> list[Did]:
    """Posts and members of `old` are also those of `new`; with `ends` no longer of `old`."""
    did: list[Did] = []
    for row in PostTerritory.objects.filter(territory=old).going_on_after(day):
        if not PostTerritory.objects.filter(territory=new, post=row.post).going_on_after(day):
            copy = PostTerritory(post=row.post, territory=new, valid_from=day)
            did.append(_made("post", copy, by=by, at=at))
        did += _ended("post", row, day, by=by, at=at) if ends else []
    for member in TeamMember.objects.filter(territory=old).going_on_after(day):
        if not _has(new, member, day):
            values = {name: getattr(member, name) for name in _OF_MEMBER}
            copied = TeamMember(territory=new, valid_from=day, **values)
            did.append(_made("member", copied, by=by, at=at))
        did += _ended("member", member, day, by=by, at=at) if ends else []
    return did


def _has(grid: Territory, member: TeamMember, day: datetime.date) -> bool:
    team = TeamMember.objects.filter(territory=grid, role=member.role).going_on_after(day)
    if member.role == TeamRole.HEAD:
        return team.exists()
    return team.filter(post=member.post_id, name=member.name).exists()


def _made(table: str, row: models.Model, *, by: User, at: datetime.datetime) -> Did:
    changes.create(row, by=by, at=at)
    return {"did": "row_made", "table": table, "pk": row.pk}


def _ended(
    table: str, row: Any, day: datetime.date, *, by: User, at: datetime.datetime
) -> list[Did]:
    if row.valid_from >= day:
        return []
    was = row.valid_to.isoformat() if row.valid_to else None
    changes.end(row, on=day, by=by, at=at)
    return [{"did": "row_ended", "table": table, "pk": row.pk, "valid_to": was}]


def taken_back(table: type[models.Model], did: Did, *, by: User, at: datetime.datetime) -> None:
    """Undo one of the above."""
    row: Any = table._default_manager.filter(pk=did.get("pk", did.get("territory"))).first()
    if row is None:
        return
    if did["did"] == "row_made":
        changes.remove(row, by=by, at=at)
    elif did["did"] == "row_ended":
        end = datetime.date.fromisoformat(did["valid_to"]) if did["valid_to"] else None
        changes.revise(row, {"valid_to": end}, by=by, at=at, action="undo")
    else:
        changes.revise(row, {"households": did["before"]}, by=by, at=at, action="undo")


def share_households(plan: Plan, did: list[Did], *, by: User, at: datetime.datetime) -> list[Did]:
    """Of a grid that was split by premises, else by area; of merged ones the sum."""
    founded = [row["territory"] for row in did if row["did"] == "founded"]
    known = Territory.objects.in_bulk([*plan.before, *founded])
    wanted: dict[int, int] = {}
    for key, shape in plan.after.items():
        ended = [known[other] for other, heir in plan.ended.items() if heir == key]
        parts = [(place, part) for place, (part, origin) in enumerate(plan.new) if origin == key]
        if parts and known[key].households is not None:
            shares = _shares(known[key], [shape, *(part for _place, part in parts)])
            wanted |= dict(
                zip([key, *(founded[place] for place, _p in parts)], shares, strict=True)
            )
        elif ended and any(one.households is not None for one in [known[key], *ended]):
            wanted[key] = sum(one.households or 0 for one in [known[key], *ended])
    return [
        _counted(known[key], number, by=by, at=at)
        for key, number in wanted.items()
        if known[key].households != number
    ]


def _counted(territory: Territory, number: int, *, by: User, at: datetime.datetime) -> Did:
    before = territory.households
    changes.revise(territory, {"households": number}, by=by, at=at)
    return {"did": "households", "territory": territory.pk, "before": before}


def _shares(grid: Territory, shapes: list[Any]) -> list[int]:
    """Shares of a grid's households that add up to it."""
    rows = Premises.objects.filter(grid=grid, households__gt=0)
    places = list(rows.values_list("lon", "lat", "households"))
    weights: list[float] = [
        sum(number for lon, lat, number in places if shapely.intersects_xy(shape, lon, lat))
        for shape in shapes
    ]
    if not sum(weights):
        weights = [area_m2(shape) for shape in shapes]
    total, whole = grid.households or 0, sum(weights)
    shares = [int(total * weight / whole) for weight in weights]
    shares[0] += total - sum(shares)
    return shares
