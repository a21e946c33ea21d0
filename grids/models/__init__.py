"""Territory, its boundaries, and who covers what."""

from grids.models.changes import ChangeCounter
from grids.models.coverage import BodyTerritory, PostTerritory
from grids.models.territory import AreaMembership, Boundary, BoundaryQuerySet, Level, Territory

__all__ = [
    "AreaMembership",
    "BodyTerritory",
    "Boundary",
    "BoundaryQuerySet",
    "ChangeCounter",
    "Level",
    "PostTerritory",
    "Territory",
]
