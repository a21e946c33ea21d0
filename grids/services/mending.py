"""Mending what a check has found: with one click where the ground tells whose it should be."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import shape

from grids.coverage import ground_of
from grids.models import (
    BorderEdit,
    Boundary,
    CoverageFinding,
    EditKind,
    FindingKind,
    TargetKind,
    Territory,
    VisitPlan,
)
from grids.models.checking import OF_GROUND
from grids.notifications import tell_of_split, tell_of_visit
from grids.services.borders import Asked, Tiling
from grids.services.redrawing import save_edit
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes


def mend(finding: CoverageFinding, *, by: User, at: datetime.datetime) -> BorderEdit:
    """Give a gap to the neighbour with the longest common border, an overlap to one of the two,
    and cut off what crosses the border; from today on, as a change that can be taken back."""
    unit = unit_of(finding)
    asked = Asked(kind=EditKind.MEND, finding=finding.pk)
    return save_edit(unit, asked, day=timezone.localdate(at), by=by, at=at)


def mend_all(
    unit: Territory, tiling: Tiling, *, seen: str, by: User, at: datetime.datetime
) -> BorderEdit:
    """Mend all that is amiss inside a unit at once, as the preview `seen` has shown it; from today
    on, as one change that can be taken back."""
    asked = Asked(kind=EditKind.MEND, tiling=tiling)
    return save_edit(unit, asked, day=timezone.localdate(at), by=by, at=at, seen=seen)


def unit_of(finding: CoverageFinding) -> Territory:
    """Inside which territory a finding is mended. Of an overlap across a border: where the ground
    lies less within the border, for there the border was crossed."""
    if finding.kind not in OF_GROUND:
        raise RuleViolation(_("This is not mended by drawing."), code="not_ground")
    unit: Territory | None
    if finding.kind == FindingKind.OVERLAP and finding.other is not None:
        unit = min(
            (one.parent for one in (finding.territory, finding.other) if one.parent is not None),
            key=lambda parent: (_share_inside(parent, finding), parent.pk),
            default=None,
        )
    else:
        unit = finding.unit
    if unit is None:
        raise RuleViolation(
            _("There is no territory around it: first found the city."), code="no_unit"
        )
    return unit


def _share_inside(parent: Territory, finding: CoverageFinding) -> float:
    row = Boundary.objects.filter(territory=parent, valid_to=None).first()
    ground = shape(finding.geometry)
    if row is None:
        return 1.0
    inside = ground_of(ground.intersection(shape(row.geometry)))
    return float(round(inside.area / ground.area, 6))


@transaction.atomic
def ask_for_split(finding: CoverageFinding, *, by: User, at: datetime.datetime) -> CoverageFinding:
    """Tell those who draw the borders that a grid has become too large; once for a finding."""
    row = changes.locked(finding)
    if row.kind != FindingKind.OVERSIZE or row.gone_in_id is not None:
        raise RuleViolation(_("Only a grid that is too large is split."), code="not_oversize")
    if row.split_asked_at is not None:
        raise RuleViolation(_("The split has been asked for already."), code="asked")
    row.split_asked_at = at
    row.save(update_fields=["split_asked_at"])
    tell_of_split(row, by=by, at=at)
    return row


@transaction.atomic
def ask_for_visit(finding: CoverageFinding, *, by: User, at: datetime.datetime) -> list[VisitPlan]:
    """Let the patrol of a grid that nobody has visited for long be due today; its workers hear it.

    Asking again changes nothing and tells nobody twice.
    """
    row = changes.locked(finding)
    if row.kind != FindingKind.UNVISITED or row.gone_in_id is not None:
        raise RuleViolation(_("This grid has been visited."), code="not_unvisited")
    today = timezone.localdate(at)
    of_grid = {"target__kind": TargetKind.GRID, "grid": row.territory_id}
    plans = list(VisitPlan.objects.select_for_update(of=("self",)).filter(**of_grid).order_by("pk"))
    if not plans:
        raise RuleViolation(
            _("No rule plans visits to this grid. First make one in the catalogue of rules."),
            code="no_rule",
        )
    VisitPlan.objects.filter(pk__in=[plan.pk for plan in plans], due_on__gt=today).update(
        due_on=today
    )
    tell_of_visit(row, by=by, at=at)
    return plans
