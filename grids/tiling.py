"""Making outlines tile at once: each gap to a neighbour, each overlap to one of the two, and what
crosses the border cut off.

Nothing here reads tables. What is decided of each piece is the caller's; slivers that a cut leaves
behind follow their longest border, in as many rounds as it takes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from grids import drawing
from grids.coverage import Flaw
from grids.geometry import BadGeometry
from grids.models import FindingKind

# Who has ground that is cut off.
NOBODY = 0
_ROUNDS = 6
_MOST_CLAIMANTS = 6
Outlines = Mapping[int, BaseGeometry]


@dataclass(frozen=True)
class Piece:
    """Ground that is not as it should be: who holds it now, who could have it, likeliest first."""

    kind: str
    shape: BaseGeometry
    area_m2: float
    holders: tuple[int, ...]
    claimants: tuple[int, ...]

    @cached_property
    def digest(self) -> str:
        """Knows the piece again as long as it is the very same ground of the same holders."""
        spelled = f"{self.kind} {self.holders} ".encode() + self.shape.normalize().wkb
        return blake2b(spelled, digest_size=8).hexdigest()


# To whom a piece goes; None: it stays as it is.
Decide = Callable[[Piece], int | None]


def pieces_of(outlines: Outlines, border: BaseGeometry | None) -> list[Piece]:
    """All that keeps the outlines from tiling, largest first."""
    around = _Around(outlines)
    pieces = [_piece(flaw, outlines, around) for flaw in drawing.flaws_of(outlines, border)]
    return sorted(pieces, key=lambda piece: (-piece.area_m2, piece.digest))


class _Around:
    """Which outlines lie at a piece of ground."""

    def __init__(self, outlines: Outlines) -> None:
        self._keys = sorted(outlines)
        self._outlines = outlines
        shapes = numpy.empty(len(self._keys), dtype=object)
        shapes[:] = [outlines[key] for key in self._keys]
        self._tree = shapely.STRtree(shapes)

    def at(self, ground: BaseGeometry) -> dict[int, BaseGeometry]:
        near = self._tree.query(ground, predicate="dwithin", distance=drawing.SAME)
        return {self._keys[place]: self._outlines[self._keys[place]] for place in sorted(near)}


def _piece(flaw: Flaw, outlines: Outlines, around: _Around) -> Piece:
    if flaw.kind == FindingKind.OVERHANG:
        holders, claimants = [flaw.territory], [NOBODY]
    elif flaw.kind == FindingKind.OVERLAP and flaw.other is not None:
        holders = [flaw.territory, flaw.other]
        rests = {key: shapely.difference(outlines[key], flaw.shape) for key in holders}
        # Who would have nothing left without it keeps it.
        claimants = sorted(holders, key=lambda key: not rests[key].is_empty)
        if not any(rest.is_empty for rest in rests.values()):
            claimants = drawing.beside(flaw.shape, rests) or holders
    else:
        holders, claimants = [], drawing.beside(flaw.shape, around.at(flaw.shape))
    return Piece(
        flaw.kind, flaw.shape, flaw.area_m2, tuple(holders), tuple(claimants[:_MOST_CLAIMANTS])
    )


def tiled(
    outlines: Outlines, border: BaseGeometry | None, *, pieces: Collection[Piece], decide: Decide
) -> dict[int, BaseGeometry]:
    """The outlines that change when each of the `pieces` goes where `decide` says."""
    now = dict(outlines)
    decided = [(piece, decide(piece)) for piece in pieces]
    left = shapely.union_all([piece.shape for piece, heir in decided if heir is None])
    for _round in range(_ROUNDS):
        changed = _given_away(now, decided)
        if not changed:
            break
        now |= changed
        rest = [piece for piece in pieces_of(now, border) if not _lies_in(piece, left)]
        decided = [(piece, next(iter(piece.claimants), None)) for piece in rest]
    return {key: shape for key, shape in now.items() if shape is not outlines[key]}


def _lies_in(piece: Piece, left: BaseGeometry) -> bool:
    """Whether it is, for the larger part, ground that was to stay as it is."""
    common = shapely.intersection(piece.shape, left)
    return bool(common.area * 2 > piece.shape.area)


def _given_away(
    now: Outlines, decided: Iterable[tuple[Piece, int | None]]
) -> dict[int, BaseGeometry]:
    gained, lost = defaultdict(list), defaultdict(list)
    for piece, heir in decided:
        if heir is None:
            continue
        for key in {*piece.holders} - {heir}:
            lost[key].append(piece.shape)
        if heir not in {NOBODY, *piece.holders}:
            gained[heir].append(piece.shape)
    shapes = {key: _changed(now[key], gained[key], lost[key]) for key in {*gained, *lost}}
    return {key: shape for key, shape in sorted(shapes.items()) if shape is not now[key]}


def _changed(
    outline: BaseGeometry, gained: list[BaseGeometry], lost: list[BaseGeometry]
) -> BaseGeometry:
    rest = _without(outline, lost)
    return drawing.given(shapely.union_all(gained), rest) if gained else rest


def _without(outline: BaseGeometry, lost: list[BaseGeometry]) -> BaseGeometry:
    """An outline that would lose all it has stays: it is to be merged or ended, not mended."""
    if not lost:
        return outline
    try:
        return drawing.taken(shapely.union_all(lost), outline)
    except BadGeometry:
        return outline
