"""Mending all that is amiss inside a unit at once: looked at before and after, then confirmed."""

import json
from typing import Any

import numpy
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from grids import services
from grids.forms.borders import TilingForm
from grids.geometry import area_m2, geojson_of
from grids.ground import PART_OF
from grids.models import BorderEdit, EditKind, FindingKind, Level, Territory
from grids.outlines import simplified
from grids.rights import DRAWERS
from grids.services.borders import Plan, Tiling
from grids.tiling import NOBODY, Piece
from grids.views.borders import drawn_unit
from grids.views.coverage import TONES
from lib import areas
from lib.errors import RuleViolation
from organizations.http import role_required, signed_in

PIECES_SHOWN = 100
_PIECES_ON_THE_MAP = 500
_LIMIT = "10000"


@role_required(*DRAWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def mend_all(request: HttpRequest, code: str) -> HttpResponse:
    unit = drawn_unit(request, code)
    form = TilingForm(request.POST or {"limit": _LIMIT})
    plan = None
    if form.is_valid():
        if "save" in request.POST and _saved(request, unit, form):
            return redirect("grids:mend_all", unit.code)
        plan = _planned(unit, form)
    context: dict[str, Any] = {
        "unit": unit,
        "form": form,
        "last": BorderEdit.objects.standing().filter(unit=unit).with_names().last(),
    }
    if plan is not None:
        context |= _shown(plan, form.tiling())
        context["outlines_url"] = _outlines_url(unit)
    return render(request, "grids/mend_all.html", context, status=422 if form.errors else 200)


def _planned(unit: Territory, form: TilingForm) -> Plan | None:
    asked = services.Asked(kind=EditKind.MEND, tiling=form.tiling())
    try:
        return services.plan_edit(unit, asked, day=timezone.localdate())
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


def _saved(request: HttpRequest, unit: Territory, form: TilingForm) -> bool:
    person, seen = signed_in(request), form.cleaned_data["seen"]
    try:
        edit = services.mend_all(unit, form.tiling(), seen=seen, by=person, at=timezone.now())
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return False
    number = len(edit.of_kind("outline"))
    done = ngettext(
        "Mended: %(n)d outline has changed. You may take it back below.",
        "Mended: %(n)d outlines have changed. You may take it back below.",
        number,
    )
    messages.success(request, done % {"n": number})
    return True


def _outlines_url(unit: Territory) -> str:
    """Outlines of the unit's parts: of a community exact, of more simplified."""
    if unit.level == Level.COMMUNITY:
        return reverse("grids:editor_outlines", args=[unit.code])
    level = PART_OF[Level(unit.level)]
    town = f"&town={unit.code}" if unit.level == Level.TOWN else ""
    return f"{reverse('grids:outlines')}?level={level}{town}"


def _shown(plan: Plan, tiling: Tiling) -> dict[str, Any]:
    names = {row.pk: row for row in Territory.objects.filter(pk__in=plan.before)}
    heirs = [(piece, tiling.heir_of(piece)) for piece in plan.pieces]
    left = [piece for piece, heir in heirs if heir is None]
    small = plan.pieces[PIECES_SHOWN:]
    return {
        "plan": plan,
        "faults": services.fault_words(plan),
        "pieces": [
            _piece(piece, heir, names, tiling) for piece, heir in heirs[:PIECES_SHOWN]
        ],
        "small": (len(small), sum(piece.area_m2 for piece in small)),
        "mended": len(heirs) - len(left),
        "left": (len(left), sum(piece.area_m2 for piece in left)),
        "areas": _areas(plan, names),
        "before": _features((piece, "overdue") for piece in plan.pieces),
        "after": _after(plan, left, names),
    }  # fmt: skip


def _piece(
    piece: Piece, heir: int | None, names: dict[int, Territory], tiling: Tiling
) -> dict[str, Any]:
    options = [(key, _heir_name(key, names)) for key in piece.claimants]
    chosen = tiling.heirs.get(piece.digest, "") if piece.digest in tiling.heirs else ""
    return {
        "digest": piece.digest,
        "kind": FindingKind(piece.kind).label,
        "tone": TONES.get(FindingKind(piece.kind), "overdue"),
        "holders": [str(names[key]) for key in piece.holders],
        "area_m2": piece.area_m2,
        "options": options,
        "chosen": TilingForm.LEAVE if chosen is None else chosen,
        "heir": None if heir is None else _heir_name(heir, names),
    }


def _heir_name(key: int, names: dict[int, Territory]) -> str:
    return _("cut off") if key == NOBODY else str(names[key])


def _areas(plan: Plan, names: dict[int, Territory]) -> list[tuple[Territory, float, float, float]]:
    """Territory, area before and after, and the difference; the largest difference first."""
    rows = []
    for key, shape in plan.after.items():
        was, is_now = area_m2(plan.before[key]), area_m2(shape)
        rows.append((names[key], was, is_now, is_now - was))
    return sorted(rows, key=lambda row: -abs(row[3]))


def _features(toned: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": geojson_of(piece.shape),
            "properties": {
                "tone": TONES.get(FindingKind(piece.kind), tone),
                "title": str(FindingKind(piece.kind).label),
                "words": areas.spelled(piece.area_m2),
            },
        }
        for piece, tone in list(toned)[:_PIECES_ON_THE_MAP]
    ]
    return {"type": "FeatureCollection", "features": features}


def _after(plan: Plan, left: list[Piece], names: dict[int, Territory]) -> dict[str, Any]:
    """Outlines that would change, and above them what would stay amiss."""
    shapes = numpy.empty(len(plan.after), dtype=object)
    shapes[:] = list(plan.after.values())
    changed = [
        {
            "type": "Feature",
            "geometry": json.loads(spelled),
            "properties": {"tone": "done", "title": str(names[key])},
        }
        for key, spelled in zip(plan.after, simplified(shapes), strict=True)
    ]
    stays = _features((piece, "overdue") for piece in left)
    return {**stays, "features": [*changed, *stays["features"]]}
