"""Grid codes: 15 digits, 6 (county level) + 3 (town) + 3 (community) + 3 (sequence).

After the unit-grid identifier of GB/T 30428.1 as cities use it (DB11: numbers run from west to
east and from north to south within a community). Dongguan has no counties: 441900 + town + ….
"""

import re
from collections.abc import Iterable, Sequence
from statistics import median

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from lib.errors import RuleViolation

_COMMUNITY_CODE = re.compile(r"[0-9]{12}")
_GRID_CODE = re.compile(r"[0-9]{15}")
_LAST = 999


def is_community_code(code: str) -> bool:
    return _COMMUNITY_CODE.fullmatch(code) is not None


def check_grid_code(code: str, *, community: str) -> None:
    """Refuse a code that does not continue its community's; other places keep their own codes."""
    if not is_community_code(community):
        return
    if not _GRID_CODE.fullmatch(code) or code.endswith("000"):
        raise RuleViolation(
            _("The grid code %(code)s must have 15 digits, the last three from 001 to 999.")
            % {"code": code},
            code="grid_code",
        )
    if not code.startswith(community):
        raise RuleViolation(
            _("The grid code %(code)s must begin with its community's code %(community)s.")
            % {"code": code, "community": community},
            code="grid_code",
        )


def in_numbering_order(outlines: Sequence[BaseGeometry]) -> list[int]:
    """Positions of `outlines` row by row from the north, each row from west to east.

    Real grids form no rows: outlines whose centres lie within half a usual height of the row's
    northernmost centre count as one row.
    """
    if not outlines:
        return []
    centres = [outline.centroid for outline in outlines]
    reach = median(outline.bounds[3] - outline.bounds[1] for outline in outlines) / 2
    from_north = sorted(range(len(outlines)), key=lambda i: (-centres[i].y, centres[i].x))
    rows: list[list[int]] = [[from_north[0]]]
    for position in from_north[1:]:
        if centres[rows[-1][0]].y - centres[position].y <= reach:
            rows[-1].append(position)
        else:
            rows.append([position])
    return [position for row in rows for position in sorted(row, key=lambda i: centres[i].x)]


def grid_codes(community: str, outlines: Sequence[BaseGeometry]) -> list[str]:
    """The code of each outline of a community that is numbered for the first time."""
    if len(outlines) > _LAST:
        raise RuleViolation(
            _("A community has at most %(most)s grids.") % {"most": _LAST}, code="grid_code"
        )
    codes = [""] * len(outlines)
    for sequence, position in enumerate(in_numbering_order(outlines), start=1):
        codes[position] = f"{community}{sequence:03d}"
    return codes


def is_village(community: str) -> bool:
    """Whether a 12-digit code is a village's: 200 and more are villagers' committees."""
    return is_community_code(community) and community[9] >= "2"


def next_codes(community: str, used: Iterable[str], outlines: Sequence[BaseGeometry]) -> list[str]:
    """Codes for grids that join a numbered community: the numbers after the last ever used.

    A number is never given twice, so that an old case keeps meaning the grid that it had.
    """
    of_community = (code[-3:] for code in used if code.startswith(community))
    numbers = [int(number) for number in of_community if number.isdigit()]
    first = max(numbers, default=0) + 1
    if first + len(outlines) - 1 > _LAST:
        raise RuleViolation(
            _("A community has at most %(most)s grids.") % {"most": _LAST}, code="grid_code"
        )
    found = [""] * len(outlines)
    for sequence, position in enumerate(in_numbering_order(outlines), start=first):
        found[position] = f"{community}{sequence:03d}"
    return found
