"""What a change of borders would do: the plan that a preview shows and that saving makes again."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from grids import drawing
from grids.coverage import ground_of
from grids.drawing import Fault, Point
from grids.geometry import BadGeometry, read_outline
from grids.models import Boundary, CoverageFinding, EditKind, FindingKind, Level, Territory
from grids.tiling import Piece, pieces_of, tiled
from lib.errors import RuleViolation

Outlines = dict[int, BaseGeometry]
# Where a plan founds something, it stands in `after` under numbers below this until it has a key.
_NEW = -2
_OF_GRIDS = {EditKind.DRAW, EditKind.SPLIT, EditKind.MERGE}


@dataclass(frozen=True, slots=True)
class Tiling:
    """How all that is amiss inside a unit is mended at once: pieces of up to `limit` square metres
    (None: of any size) go to their likeliest heir, and those in `heirs` (by digest) to whom it
    names; None leaves one as it is."""

    limit: float | None = None
    heirs: Mapping[str, int | None] = field(default_factory=dict)

    def heir_of(self, piece: Piece) -> int | None:
        if piece.digest in self.heirs:
            return self.heirs[piece.digest]
        if self.limit is not None and piece.area_m2 > self.limit:
            return None
        return next(iter(piece.claimants), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody drew: a line, an outline or moves of points, and the territories meant.

    `territories`: the one to split; those to merge, the first of which stays.
    """

    kind: str
    territories: Sequence[int] = ()
    points: Sequence[Point] = ()
    moves: Sequence[tuple[Point, Point]] = ()
    finding: int | None = None
    tiling: Tiling | None = None

    def spelled(self) -> dict[str, Any]:
        """As JSON, for the record."""
        said: dict[str, Any] = {
            "territories": list(self.territories), "points": [list(each) for each in self.points],
            "moves": [[list(one), list(two)] for one, two in self.moves], "finding": self.finding,
        }  # fmt: skip
        if self.tiling is not None:
            said["tiling"] = {"limit": self.tiling.limit, "heirs": dict(self.tiling.heirs)}
        return said


@dataclass(slots=True)
class Plan:
    """`after`: outlines that change, by key. `new`: what is founded, with where its people come
    from. `ended`: what ends, with the one that takes over. `pieces`: what is mended at once."""

    unit: Territory
    border: BaseGeometry | None
    before: Outlines
    after: Outlines = field(default_factory=dict)
    new: list[tuple[BaseGeometry, int | None]] = field(default_factory=list)
    ended: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Tells whether saving would do what a preview has shown."""
        found = sha256()
        for key, shape_then in sorted(self.after.items()):
            found.update(f"{key} ".encode() + shape_then.normalize().wkb)
        return found.hexdigest()[:32]

    def result(self) -> Outlines:
        """All outlines of the unit as they would be."""
        kept = {key: now for key, now in self.before.items() if key not in self.ended}
        founded = {_NEW - place: outline for place, (outline, _from) in enumerate(self.new)}
        return {**kept, **self.after, **founded}


def plan_edit(unit: Territory, asked: Asked, *, day: datetime.date) -> Plan:
    """What `asked` would change inside a unit from that day on. Refuses what cannot be done."""
    if asked.kind in _OF_GRIDS and unit.level != Level.COMMUNITY:
        raise RuleViolation(_("Grids are drawn inside a community."), code="not_grids")
    plan = Plan(unit, _border(unit, day), _outlines_in(unit, day))
    try:
        _PLANNERS[EditKind(asked.kind)](plan, asked)
    except BadGeometry as bad:
        raise RuleViolation(
            _("This cannot be drawn: %(why)s.") % {"why": bad}, code="bad_geometry"
        ) from bad
    plan.faults = drawing.faults_of(plan.before, plan.result(), border=plan.border)
    return plan


def _border(unit: Territory, day: datetime.date) -> BaseGeometry | None:
    row = Boundary.objects.current(on=day).filter(territory=unit).first()
    return shape(row.geometry) if row else None


def _outlines_in(unit: Territory, day: datetime.date) -> Outlines:
    rows = Boundary.objects.current(on=day).filter(territory__parent=unit)
    return {key: shape(geometry) for key, geometry in rows.values_list("territory_id", "geometry")}


def _one_of(plan: Plan, key: int) -> BaseGeometry:
    if key not in plan.before:
        raise RuleViolation(
            _("Choose territories of %(unit)s that have an outline on that day.")
            % {"unit": plan.unit},
            code="not_here",
        )
    return plan.before[key]


def _plan_draw(plan: Plan, asked: Asked) -> None:
    if len(asked.points) < 3:
        raise BadGeometry(_("an outline has at least three points"))
    ring = Polygon(asked.points)
    outline = read_outline(shapely.geometry.mapping(ring))
    among = list(plan.before.values())
    plan.new.append((drawing.drawn(outline, among=among, border=plan.border), None))


def _plan_split(plan: Plan, asked: Asked) -> None:
    if len(asked.territories) != 1:
        raise BadGeometry(_("choose the grid to split"))
    key = asked.territories[0]
    largest, *others = drawing.split(_one_of(plan, key), asked.points)
    plan.after[key] = largest
    plan.new += [(part, key) for part in others]


def _plan_merge(plan: Plan, asked: Asked) -> None:
    keys = list(dict.fromkeys(asked.territories))
    outlines = [_one_of(plan, key) for key in keys]
    whole = drawing.merged(outlines)
    plan.after[keys[0]] = whole
    plan.ended = dict.fromkeys(keys[1:], keys[0])


def _plan_move(plan: Plan, asked: Asked) -> None:
    if not asked.moves:
        raise BadGeometry(_("no point was moved"))
    plan.after |= drawing.moved(plan.before, asked.moves, border=plan.border)


def _plan_mend(plan: Plan, asked: Asked) -> None:
    if asked.tiling is None:
        _plan_mending_one(plan, asked)
    else:
        _plan_tiling(plan, asked.tiling)


def _plan_tiling(plan: Plan, tiling: Tiling) -> None:
    plan.pieces = pieces_of(plan.before, plan.border)
    for piece in plan.pieces:
        if tiling.heirs.get(piece.digest) not in {None, *piece.claimants}:
            raise RuleViolation(_("A piece goes only to a neighbour of it."), code="no_neighbour")
    plan.after = tiled(plan.before, plan.border, pieces=plan.pieces, decide=tiling.heir_of)


def _plan_mending_one(plan: Plan, asked: Asked) -> None:
    rows = CoverageFinding.objects.standing()
    finding = rows.filter(pk=asked.finding).first() if asked.finding else None
    if finding is None or finding.geometry is None:
        raise RuleViolation(_("This has been mended already."), code="mended")
    ground = shape(finding.geometry)
    if finding.kind == FindingKind.OVERHANG and plan.border is not None:
        key = finding.territory_id
        inside = ground_of(shapely.intersection(_one_of(plan, key), plan.border))
        plan.after[key] = drawing.taken(ground, inside) if inside.intersects(ground) else inside
    elif finding.kind == FindingKind.OVERLAP:
        loser = loser_of(finding, plan)
        plan.after[loser] = drawing.taken(ground, _one_of(plan, loser))
    else:
        _give(plan, ground)


def _give(plan: Plan, ground: BaseGeometry) -> None:
    free = ground_of(shapely.difference(ground, shapely.union_all(list(plan.before.values()))))
    if free.is_empty:
        raise RuleViolation(_("This has been mended already."), code="mended")
    heir = drawing.heir_of(free, plan.before)
    plan.after[heir] = drawing.given(free, plan.before[heir])


def loser_of(finding: CoverageFinding, plan: Plan) -> int:
    """Of two claimants in a unit the one with the shorter border around the ground."""
    both = (finding.territory_id, finding.other_id)
    inside = {key: plan.before[key] for key in both if key in plan.before}
    if len(inside) == 1:
        return int(next(iter(inside)))
    ground = shape(finding.geometry)
    claims: Mapping[int, BaseGeometry] = {
        key: shapely.difference(outline, ground) for key, outline in inside.items()
    }
    heir = drawing.heir_of(ground, claims)
    return next(key for key in inside if key != heir)


_PLANNERS = {
    EditKind.DRAW: _plan_draw,
    EditKind.SPLIT: _plan_split,
    EditKind.MERGE: _plan_merge,
    EditKind.MOVE: _plan_move,
    EditKind.MEND: _plan_mend,
}
