"""What the duty list lacks: gaps, overlaps and misplacements, each with a way to mend it."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.models import Boundary, Territory
from lib.errors import RuleViolation
from organizations.acting import onwards, page_of
from organizations.http import reader, role_required, roles_of, signed_in
from routing import rights, services
from routing.forms.duties import MendForm
from routing.models import DutyChange, DutyFinding, DutyFlaw, DutyRun
from routing.models.findings import DutyFindingQuerySet
from routing.services.proposals import proposed_step
from routing.tables import Counts, by_community, counted_by_town

TONES = {DutyFlaw.GAP: "overdue", DutyFlaw.OVERLAP: "checking", DutyFlaw.MISPLACED: "asked"}
# A table with more cells than this is counted by town instead.
MOST_CELLS = 4000


def _standing(request: HttpRequest) -> tuple[DutyFindingQuerySet, dict[str, str]]:
    """What stands, as narrowed: `kind`, `town` and `class` (codes)."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "town", "class")}
    if asked["kind"] and asked["kind"] not in DutyFlaw.values:
        raise BadRequest(_("There is no such kind."))
    user, today = reader(request)
    rows: DutyFindingQuerySet = DutyFinding.objects.standing().visible_to(user, on=today)
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["town"]:
        rows = rows.filter(town__code=asked["town"])
    if asked["class"]:
        rows = rows.filter(category__code=asked["class"]) | rows.filter(
            category__parent__code=asked["class"]
        )
    return rows, asked


@role_required(*rights.READERS)
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    rows, asked = _standing(request)
    user, today = reader(request)
    counts = DutyFinding.objects.standing().visible_to(user, on=today).counted()
    context = {
        "page": page_of(request, rows.with_names(), order=("kind", "category_id", "pk")),
        "kinds": [(one, counts.get(one, 0)) for one in DutyFlaw],
        "asked": asked,
        "table": _table(rows, asked),
        "town": Territory.objects.filter(code=asked["town"]).first() if asked["town"] else None,
        "tones": TONES,
        **_run(request),
    }
    return render(request, "routing/findings.html", context)


def _table(rows: DutyFindingQuerySet, asked: dict[str, str]) -> dict[str, Any]:
    """By town, and of one town (or where all lies in one) by community."""
    towns = set(rows.order_by().values_list("town", flat=True).distinct()[:2])
    named = rows.with_names()
    if asked["town"] or len(towns) == 1:
        return {"is_fine": True, "counts": by_community(named[:MOST_CELLS])}
    counts: Counts = counted_by_town(named.iterator(2000))
    return {"is_fine": False, "counts": counts}


def _run(request: HttpRequest) -> dict[str, Any]:
    return {
        "run": DutyRun.objects.order_by("-pk").first(),
        "may_draft": not roles_of(request).isdisjoint(rights.DRAFTERS),
    }


@role_required(*rights.READERS)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The line that says how far the check is; it asks again by itself until it has ended."""
    context = _run(request)
    answer = render(request, "routing/_run.html", context)
    if context["run"] is None or not context["run"].is_open:
        answer["HX-Refresh"] = "true"
    return answer


@role_required(*rights.DRAFTERS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    services.ask_duty_check(
        by=signed_in(request), at=timezone.now(), is_full="full" in request.POST
    )
    return redirect("routing:findings")


@role_required(*rights.READERS)
@require_safe
def shapes(request: HttpRequest) -> JsonResponse:
    """Communities in which something is to be mended, in the colour of the worst of it."""
    rows, _asked = _standing(request)
    found: dict[int, list[DutyFinding]] = {}
    for row in rows.select_related("community", "town").only("kind", "community", "town"):
        found.setdefault(row.community_id, []).append(row)
    outlines = Boundary.objects.current(on=timezone.localdate()).filter(territory__in=found)
    features = [
        _feature(found[key], geometry)
        for key, geometry in outlines.values_list("territory_id", "geometry")
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _feature(rows: list[DutyFinding], geometry: Any) -> dict[str, Any]:
    kinds = {row.kind for row in rows}
    worst = next(kind for kind in DutyFlaw if kind in kinds)
    town = rows[0].town.code if rows[0].town else ""
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "tone": TONES[worst],
            "title": str(rows[0].community),
            "url": reverse("routing:findings", query={"town": town}) + "#list",
            "words": _("%(count)s matters to mend") % {"count": len(rows)},
        },
    }


@role_required(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor with everything filled in that can be known."""
    found = get_object_or_404(DutyFinding.objects.standing().with_names(), pk=pk)
    user, day = reader(request)
    step = proposed_step(found, on=day)
    drafts = DutyChange.objects.drafts_of(user)
    initial = {
        "category": step.category, "territory": step.territory, "lead": step.lead,
        "assistants": list(step.assistants), "payer": step.payer, "legal_basis": step.legal_basis,
        "ends": [entry.pk for entry in step.ends], "change": drafts.first(), "force_on": day,
    }  # fmt: skip
    form = MendForm(request.POST or None, initial=initial, entries=found.entries, drafts=drafts)
    if request.method == "POST" and form.is_valid():
        made = _mended(request, found, form)
        if made is not None:
            return onwards(request, "routing:change", made.pk, done=_("Added to the draft."))
    context = {"form": form, "finding": found, "tones": TONES}
    return render(request, "routing/mend.html", context, status=422 if form.errors else 200)


def _mended(request: HttpRequest, found: DutyFinding, form: MendForm) -> DutyChange | None:
    user, at = signed_in(request), timezone.now()
    given = form.cleaned_data
    try:
        change = given["change"] or services.draft_change(
            title=f"{found.get_kind_display()} · {found.category}"[:100],
            force_on=given["force_on"], by=user, at=at,
        )  # fmt: skip
        services.add_step(change, form.step, by=user, at=at)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None
    found_change: DutyChange = change
    return found_change
