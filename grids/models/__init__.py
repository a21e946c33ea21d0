"""Territory, its boundaries, and who covers what."""

from grids.models.changes import ChangeCounter
from grids.models.coverage import BodyTerritory, PostTerritory
from grids.models.rolls import Claim, Dwelling, Entitled, Roll, RollKind
from grids.models.territory import AreaMembership, Boundary, BoundaryQuerySet, Level, Territory
from grids.models.visit_plans import (
    TargetKind,
    VisitForm,
    VisitKind,
    VisitPlan,
    VisitRule,
    VisitTarget,
)
from grids.models.visits import (
    Finding,
    Visit,
    VisitEvent,
    VisitPhoto,
    VisitRevision,
)

__all__ = [
    "AreaMembership",
    "BodyTerritory",
    "Boundary",
    "BoundaryQuerySet",
    "ChangeCounter",
    "Claim",
    "Dwelling",
    "Entitled",
    "Finding",
    "Level",
    "PostTerritory",
    "Roll",
    "RollKind",
    "TargetKind",
    "Territory",
    "Visit",
    "VisitEvent",
    "VisitForm",
    "VisitKind",
    "VisitPhoto",
    "VisitPlan",
    "VisitRevision",
    "VisitRule",
    "VisitTarget",
]
