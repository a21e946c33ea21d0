"""Territory, its boundaries, and who covers what."""

from grids.models.changes import ChangeCounter
from grids.models.coverage import BodyTerritory, PostTerritory
from grids.models.rolls import Claim, Dwelling, Entitled, Roll, RollKind
from grids.models.territory import AreaMembership, Boundary, BoundaryQuerySet, Level, Territory

__all__ = [
    "AreaMembership",
    "BodyTerritory",
    "Boundary",
    "BoundaryQuerySet",
    "ChangeCounter",
    "Claim",
    "Dwelling",
    "Entitled",
    "Level",
    "PostTerritory",
    "Roll",
    "RollKind",
    "Territory",
]
