"""The editor of borders: list of units, drawing with a preview, saving, taking back; premises."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids import services
from grids.forms.borders import EditForm, PremisesImportForm
from grids.geometry import area_m2, geojson_of
from grids.models import BorderEdit, Level, Premises, Territory
from grids.outlines import parts_geojson
from grids.rights import DRAWERS, may
from grids.services.premises import refuse_unreadable
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, signed_in

_LARGEST_FILE = 5 * 1024 * 1024
_EDITS_SHOWN = 10


@role_required(*DRAWERS)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Communities that the person may draw in, with what stands in each."""
    user, day = signed_in(request), timezone.localdate()
    living = Q(children__valid_to=None) | Q(children__valid_to__gt=day)
    rows = (
        Territory.objects.at_level(Level.COMMUNITY)
        .valid_on(day)
        .filter(boundaries__valid_to=None, boundaries__isnull=False)
        .select_related("parent__parent")
        .annotate(
            grids=Count("children", filter=living, distinct=True),
        )
        .order_by("code")
    )
    sought = request.GET.get("q", "").strip()
    if sought:
        rows = rows.filter(Q(name__contains=sought) | Q(code__startswith=sought))
    mine = [row for row in rows if may(user, row, on=day)][:200]
    counts = _premises_by_community(mine)
    context = {"rows": [(row, counts.get(row.pk, {})) for row in mine], "sought": sought}
    return render(request, "grids/borders.html", context)


def _premises_by_community(communities: list[Territory]) -> dict[int, dict[str, int]]:
    rows = (
        Premises.objects.valid_on(timezone.localdate())
        .filter(community__in=communities)
        .order_by()
        .values("community")
        .annotate(
            number=Count("pk"),
            places=Count("pk", filter=Q(is_key=True)),
            living=Sum("households"),
        )
        .values_list("community", "number", "places", "living")
    )
    found = {
        key: {"premises": number, "key": places, "households": households or 0}
        for key, number, places, households in rows
    }
    for key, households in _households_by_community(communities):
        found.setdefault(key, {})["households"] = households
    return found


def _households_by_community(communities: list[Territory]) -> list[tuple[int, int]]:
    """What the grids themselves say; only where none does are premises added up."""
    grids = Territory.objects.valid_on(timezone.localdate()).filter(
        parent__in=communities, households__isnull=False
    )
    counted = grids.order_by().values("parent").annotate(number=Sum("households"))
    return list(counted.values_list("parent", "number"))


def drawn_unit(request: HttpRequest, code: str) -> Territory:
    """What the person may draw in, or 403."""
    rows = Territory.objects.select_related("parent__parent")
    unit: Territory = get_object_or_404(rows, code=code)
    if not may(signed_in(request), unit, on=timezone.localdate()):
        raise PermissionDenied
    return unit


@role_required(*DRAWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest, code: str) -> HttpResponse:
    unit = drawn_unit(request, code)
    parts = _parts(unit)
    form = EditForm(
        request.POST or None,
        parts=[(row.pk, f"{row.code[-3:]} {row}") for row in parts],
        initial={
            "kind": "split",
            "day": timezone.localdate(),
            "territories": request.GET.getlist("grid"),
        },
    )
    plan = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST and _saved(request, unit, form):
            return redirect("grids:editor", unit.code)
        plan = _planned(unit, form)
    context = {
        "unit": unit,
        "form": form,
        "plan": plan,
        **_shown(unit, parts),
    }
    return render(request, "grids/editor.html", context, status=422 if form.errors else 200)


def _parts(unit: Territory) -> list[Territory]:
    living = Territory.objects.filter(parent=unit).going_on_after(timezone.localdate())
    return list(living.order_by("code"))


def _shown(unit: Territory, parts: list[Territory]) -> dict[str, Any]:
    day = timezone.localdate()
    counts = Premises.objects.counted_by_grid(on=day)
    areas = dict(
        Territory.objects.filter(parent=unit, boundaries__valid_to=None).values_list(
            "pk", "boundaries__area_m2"
        )
    )
    return {
        "rows": [(row, areas.get(row.pk), counts.get(row.pk, {})) for row in parts],
        "edits": BorderEdit.objects.filter(unit=unit).with_names().order_by("-pk")[:_EDITS_SHOWN],
        "last": BorderEdit.objects.standing().filter(unit=unit).order_by("-pk").first(),
    }


def _saved(request: HttpRequest, unit: Territory, form: EditForm) -> bool:
    try:
        services.save_edit(
            unit,
            form.asked(),
            day=form.cleaned_data["day"],
            by=signed_in(request),
            at=timezone.now(),
        )
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The borders are saved. You may take the change back below."))
    return True


def _planned(unit: Territory, form: EditForm) -> dict[str, Any] | None:
    """What the preview shows: sizes before and after, what is wrong and where."""
    try:
        plan = services.plan_edit(unit, form.asked(), day=form.cleaned_data["day"])
    except RuleViolation as refusal:
        if not form.non_field_errors():
            form.add_error(None, str(refusal))
        return None
    names = {row.pk: row for row in Territory.objects.filter(parent=unit)}
    rows: list[tuple[Territory | None, float, float]] = [
        (names[key], area_m2(plan.before[key]), area_m2(shape))
        for key, shape in sorted(plan.after.items())
    ]
    rows += [(None, 0, area_m2(shape)) for shape, _origin in plan.new]
    rows += [(names[key], area_m2(plan.before[key]), 0) for key in plan.ended]
    return {
        "rows": rows,
        "faults": services.fault_words(plan),
        "shapes": [geojson_of(s) for s in [*plan.after.values(), *(s for s, _o in plan.new)]],
    }


@role_required(*DRAWERS)
@require_safe
def outlines(request: HttpRequest, code: str) -> JsonResponse:
    """Exact outlines of the unit's parts, on a day (`on`), for the editor and to take away."""
    unit = drawn_unit(request, code)
    day = parse_date(request.GET.get("on", "")) or timezone.localdate()
    return JsonResponse(parts_geojson(unit, day=day))


@role_required(*DRAWERS)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    edit = get_object_or_404(BorderEdit.objects.select_related("unit__parent__parent"), pk=pk)
    if not may(signed_in(request), edit.unit, on=timezone.localdate()):
        raise PermissionDenied
    try:
        services.undo_edit(edit, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The change is taken back."))
    return redirect("grids:editor", edit.unit.code)


@role_required(Role.SYSTEM_ADMIN, Role.DISPATCHER)
@require_http_methods(["GET", "HEAD", "POST"])
def premises_import(request: HttpRequest) -> HttpResponse:
    """Premises from a CSV file; first only checked."""
    form = PremisesImportForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = _imported(request, form)
    if report is not None and report.written:
        number = report.added + report.changed
        words = ngettext("%(n)d row is in.", "%(n)d rows are in.", number)
        messages.success(request, words % {"n": number})
        return redirect("grids:borders")
    context = {"form": form, "report": report}
    status = 422 if form.errors else 200
    return render(request, "grids/premises_import.html", context, status=status)


def _refuse_large(size: int) -> None:
    if size > _LARGEST_FILE:
        raise RuleViolation(_("Send at most five megabytes at once."))


def _imported(request: HttpRequest, form: PremisesImportForm) -> services.PremisesReport | None:
    file = form.cleaned_data["file"]
    try:
        _refuse_large(file.size)
        rows = csv.DictReader(io.StringIO(file.read().decode("utf-8-sig")))
        refuse_unreadable(rows.fieldnames or ())
        return services.import_premises(
            rows, dry_run=form.cleaned_data["dry_run"], by=signed_in(request), at=timezone.now()
        )
    except UnicodeDecodeError:
        form.add_error("file", _("Save the file as CSV in UTF-8."))
    except RuleViolation as refusal:
        form.add_error("file", str(refusal))
    return None
