"""Coverage: what nobody covers, what two claim, whom nobody visits; each with a way to mend it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from shapely.geometry import shape

from grids import services
from grids.ground import PART_OF
from grids.models import (
    Boundary,
    CoverageCount,
    CoverageFinding,
    CoverageRun,
    FindingKind,
    Level,
    Territory,
)
from grids.models.checking import OF_GROUND, CoverageFindingQuerySet
from grids.rights import DRAWERS, LEADERS, READERS, may, visible
from lib import areas
from lib.errors import RuleViolation
from organizations.acting import acted, page_of
from organizations.http import role_required, roles_of, signed_in

ROWS_OF_A_PAGE = 30
MOST_SHAPES = 500
RUNS_OF_THE_TREND = 30
UNITS_LOOKED_AT = 40
UNITS_SHOWN = 8
TONES = {
    FindingKind.OVERLAP: "checking",
    FindingKind.OVERHANG: "checking",
    FindingKind.UNSTAFFED: "asked",
    FindingKind.OVERSIZE: "work",
    FindingKind.UNVISITED: "waiting",
}


def _seen(request: HttpRequest) -> CoverageFindingQuerySet:
    rows: CoverageFindingQuerySet = CoverageFinding.objects.all()
    return visible(rows, signed_in(request), on=timezone.localdate())


def _standing(request: HttpRequest) -> tuple[CoverageFindingQuerySet, str]:
    """What stands, of one kind if one is asked for."""
    kind = request.GET.get("kind", "")
    if kind and kind not in FindingKind.values:
        raise BadRequest(_("There is no such kind."))
    rows = _seen(request).standing()
    return (rows.filter(kind=kind) if kind else rows), kind


@role_required(*READERS)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    rows, kind = _standing(request)
    page = page_of(
        request, rows.with_names(), order=("kind", "-area_m2", "pk"), size=ROWS_OF_A_PAGE
    )
    counts = _seen(request).standing().counted()
    context = {
        "page": page,
        "kind": kind,
        "kinds": [(one, *counts.get(one, (0, 0.0))) for one in FindingKind],
        "town": _town(request),
        "trend": _trend(),
        "units": _units(request),
        "tones": TONES,
        **_run(request),
    }
    return render(request, "grids/coverage.html", context)


def _town(request: HttpRequest) -> Territory | None:
    """The town to show, where all that stands lies in one."""
    towns = _seen(request).standing().order_by().values_list("town", flat=True).distinct()[:2]
    found = [town for town in towns if town]
    return Territory.objects.get(pk=found[0]) if len(found) == 1 else None


def _units(request: HttpRequest) -> list[tuple[Territory, int, float]]:
    """Where much ground is amiss at once that the person may draw in, the largest units first."""
    if roles_of(request).isdisjoint(DRAWERS):
        return []
    rows = _seen(request).standing().filter(kind__in=OF_GROUND, unit__isnull=False).order_by()
    counted = rows.values("unit").annotate(number=Count("pk"), area=Sum("area_m2"))
    largest = counted.order_by("-number")[:UNITS_LOOKED_AT]
    figures = {row["unit"]: (row["number"], row["area"]) for row in largest}
    units = Territory.objects.select_related("parent__parent").in_bulk(figures)
    levels = list(PART_OF)
    user, day = signed_in(request), timezone.localdate()
    mine = [unit for unit in units.values() if may(user, unit, on=day)]
    mine.sort(key=lambda unit: (levels.index(Level(unit.level)), -figures[unit.pk][0], unit.code))
    return [(unit, *figures[unit.pk]) for unit in mine[:UNITS_SHOWN]]


def _trend() -> dict[str, Any] | None:
    """Ground that was not covered once, by check: blind, holes, overlaps, of the whole city."""
    runs = list(CoverageRun.objects.filter(state="done").order_by("-pk")[:RUNS_OF_THE_TREND])[::-1]
    if len(runs) < 2:
        return None
    rows = CoverageCount.objects.filter(run__in=runs, town="").values_list("run", "kind", "number")
    numbers = {(run, kind): number for run, kind, number in rows}
    series = [
        {
            "name": str(kind.label),
            "tone": TONES.get(kind, "overdue"),
            "data": [numbers.get((run.pk, kind), 0) for run in runs],
        }
        for kind in FindingKind
    ]
    series = [one for one in series if any(one["data"])] or series[:1]
    moments = [timezone.localtime(run.finished_at) for run in runs if run.finished_at]
    labels = [f"{moment:%m-%d %H:%M}" for moment in moments]
    table = list(zip(labels, *(one["data"] for one in series), strict=True))
    return {
        "figures": {"kind": "line", "labels": labels, "series": series},
        "heads": [one["name"] for one in series],
        "rows": table[::-1],
    }


def _run(request: HttpRequest) -> dict[str, Any]:
    return {
        "run": CoverageRun.objects.order_by("-pk").first(),
        "may_draw": not roles_of(request).isdisjoint(DRAWERS),
        "may_lead": not roles_of(request).isdisjoint(LEADERS),
    }


@role_required(*READERS)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The line that says how far the check is; it asks again by itself until it has ended."""
    context = _run(request)
    answer = render(request, "grids/_coverage_run.html", context)
    if context["run"] is None or not context["run"].is_open:
        answer["HX-Refresh"] = "true"
    return answer


@role_required(*DRAWERS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    services.ask_check(by=signed_in(request), at=timezone.now(), is_full="full" in request.POST)
    return redirect("grids:coverage")


@role_required(*READERS)
@require_safe
def findings(request: HttpRequest) -> JsonResponse:
    """Ground findings as they are, others as a point in their grid, for the map of the page."""
    rows, _kind = _standing(request)
    found = list(rows.select_related("territory", "other").order_by("-area_m2", "pk")[:MOST_SHAPES])
    points = _points_of([row.territory_id for row in found if row.geometry is None])
    features = [
        {
            "type": "Feature",
            "geometry": row.geometry or points[row.territory_id],
            "properties": {
                "tone": TONES.get(FindingKind(row.kind), "overdue"),
                "title": f"{row.get_kind_display()} · {row.territory}",
                "url": f"{reverse('grids:coverage')}?kind={row.kind}#finding-{row.pk}",
                "words": areas.spelled(row.area_m2) if row.geometry else "",
            },
        }
        for row in found
        if row.geometry or row.territory_id in points
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _points_of(territories: list[int]) -> dict[int, dict[str, Any]]:
    rows = Boundary.objects.current(on=timezone.localdate()).filter(territory__in=territories)
    found = {}
    for key, geometry in rows.values_list("territory_id", "geometry"):
        point = shape(geometry).representative_point()
        found[key] = {"type": "Point", "coordinates": [point.x, point.y]}
    return found


def _finding(request: HttpRequest, pk: int) -> CoverageFinding:
    rows = _seen(request).select_related("territory__parent", "other__parent", "unit")
    return get_object_or_404(rows, pk=pk)


@role_required(*DRAWERS)
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: the ground tells whose it should be."""
    found = _finding(request, pk)
    try:
        unit = services.unit_of(found)
        _demand(request, unit)
        services.mend(found, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("Mended inside %(unit)s. You may take it back on the page of its borders.")
        messages.success(request, done % {"unit": unit})
    return redirect("grids:coverage")


def _demand(request: HttpRequest, unit: Territory) -> None:
    if not may(signed_in(request), unit, on=timezone.localdate()):
        raise PermissionDenied


@role_required(*READERS)
@require_POST
def ask_split(request: HttpRequest, pk: int) -> HttpResponse:
    found = _finding(request, pk)
    done = _("Those who draw the borders have been told.")
    acted(request, services.ask_for_split, found, done=done)
    return redirect("grids:coverage")


@role_required(*READERS)
@require_POST
def ask_visit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _finding(request, pk)
    done = _("It is due today, and the grid's workers have been told.")
    acted(request, services.ask_for_visit, found, done=done)
    return redirect("grids:coverage")
