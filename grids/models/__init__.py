"""Territory, its boundaries, and who covers what."""

from grids.models.changes import (
    ChangeCounter,
)
from grids.models.checking import (
    CoverageCount,
    CoverageFinding,
    CoverageMark,
    CoverageRule,
    CoverageRun,
    FindingKind,
    RunState,
)
from grids.models.coverage import (
    BodyTerritory,
    PostTerritory,
)
from grids.models.edits import (
    BorderEdit,
    EditKind,
)
from grids.models.premises import (
    Premises,
    PremisesKind,
)
from grids.models.rolls import (
    Claim,
    Dwelling,
    Entitled,
    Roll,
    RollKind,
)
from grids.models.rosters import (
    DutyShift,
    Leave,
    ShiftKind,
    Swap,
)
from grids.models.teams import (
    PublicCard,
    TeamMember,
    TeamRole,
)
from grids.models.territory import (
    AreaMembership,
    Boundary,
    BoundaryQuerySet,
    Level,
    Territory,
)
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
    "BorderEdit",
    "Boundary",
    "BoundaryQuerySet",
    "ChangeCounter",
    "Claim",
    "CoverageCount",
    "CoverageFinding",
    "CoverageMark",
    "CoverageRule",
    "CoverageRun",
    "DutyShift",
    "Dwelling",
    "EditKind",
    "Entitled",
    "Finding",
    "FindingKind",
    "Leave",
    "Level",
    "PostTerritory",
    "Premises",
    "PremisesKind",
    "PublicCard",
    "Roll",
    "RollKind",
    "RunState",
    "ShiftKind",
    "Swap",
    "TargetKind",
    "TeamMember",
    "TeamRole",
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
