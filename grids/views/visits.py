"""Visits: today's route, what was made, one visit with its findings, corrections."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids import services
from grids.forms.visits import AmendForm, CorrectionForm, ReasonForm, RemarkForm
from grids.models import Finding, Visit, VisitKind, VisitPlan
from grids.models.visit_plans import VISITORS
from grids.questions import QuestionType, label_of, shown
from grids.reach import (
    findings_seen_by,
    photos_seen_by,
    plans_of_visitor,
    targets_of_visitor,
    targets_seen_by,
    visits_seen_by,
)
from grids.routes import length_of, nearest_next
from grids.services import findings as finding_services
from grids.services.visit_amending import actors_of
from grids.standing import SEES
from grids.visit_workflow import FINDING_MOVES, VISIT_MOVES
from lib import registry
from lib.coordinates import Point, is_position
from lib.errors import NotYours, RuleViolation
from lib.workflow import moves_open_to
from organizations.acting import page_of
from organizations.http import role_required, signed_in
from organizations.models import User

ON_A_ROUTE = 40
ORDER = ("-at", "-pk")
_NOTE = "\0note"  # no key of a question
DECISIONS: dict[str, Callable[..., Finding]] = {
    "hand_over": services.hand_over,
    "resolve": services.resolve,
    "drop": services.drop,
}
DONE = {
    "hand_over": gettext_lazy("It becomes a case in a moment, with everything filled in."),
    "resolve": gettext_lazy("Counted as settled on the spot."),
    "drop": gettext_lazy("Kept, not pursued."),
}


@role_required(*VISITORS)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is due in my grids, in the order in which one walks; printed as a list."""
    today = timezone.localdate()
    plans = plans_of_visitor(signed_in(request), on=today)
    first = plans.due_by(today).with_names().order_by("due_on", "pk")
    start = _start(request)
    route = nearest_next(list(first[:ON_A_ROUTE]), place_of=_place_of, start=start)
    coming = plans.filter(due_on__gt=today, due_on__lte=today + datetime.timedelta(days=7))
    context = {
        "route": list(enumerate(route, start=1)),
        "more": max(0, plans.due_by(today).count() - len(route)),
        "metres": length_of(map(_place_of, route), start=start),
        "points": list(_points(route, today)),
        "coming": coming.with_names().order_by("due_on", "pk")[:20],
        "today": today,
        "field": _page("field", request),
        "town": route[0].grid.parent.parent if route and route[0].grid.parent else None,
    }
    return render(request, "grids/visits_due.html", context)


def _start(request: HttpRequest) -> Point | None:
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        return None
    return (lon, lat) if is_position(lon, lat) else None


def _place_of(plan: VisitPlan) -> Point | None:
    return plan.target.point


def _points(route: list[VisitPlan], today: datetime.date) -> Iterator[dict[str, Any]]:
    for number, plan in enumerate(route, start=1):
        if (place := plan.target.point) is not None:
            yield {
                "lon": place[0],
                "lat": place[1],
                "tone": "overdue" if plan.due_on < today else "work",
                "title": f"{number}. {plan.target}",
                "words": str(plan.kind),
                "url": "",
            }


def _page(key: str, request: HttpRequest) -> str:
    """A page of a higher app, as the app that owns it names it."""
    found = registry.references.resolve([("page", key)], request.user).get(("page", key))
    return found.url if found and found.url else ""


@role_required(*SEES)
@require_safe
def made(request: HttpRequest) -> HttpResponse:
    """Visits that were made, newest first."""
    rows = visits_seen_by(signed_in(request), on=timezone.localdate()).with_names()
    if kind := request.GET.get("kind"):
        rows = rows.filter(kind__code=kind)
    if grid := request.GET.get("grid"):
        rows = rows.filter(grid__code=grid)
    page = page_of(request, rows, order=ORDER)
    context = {
        "page": page,
        "kinds": _kinds(request),
        "by_others": any(row.by_id != request.user.pk for row in page.rows),
    }
    return render(request, "grids/visits_made.html", context)


def _kinds(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.get("kind", "")
    kinds = [("", _("All kinds")), *((k.code, str(k)) for k in VisitKind.objects.order_by("pk"))]
    return [
        {"url": f"?kind={value}" if value else "?", "label": label, "chosen": value == chosen}
        for value, label in kinds
    ]


@role_required(*SEES)
@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    user, at = signed_in(request), timezone.now()
    actors = actors_of(user, row, at=at)
    findings = [_shown_finding(request, each, at) for each in row.findings.select_related("visit")]
    context = {
        "visit": row,
        "answers": _answers(row),
        "photos": row.photos.filter(finding=None),
        "findings": findings,
        "revisions": list(_revisions(row, user)),
        "moves": moves_open_to(VISIT_MOVES, state=row.state, actors=actors),
    }
    return render(request, "grids/visit.html", context)


def _found(request: HttpRequest, pk: int) -> Visit:
    seen = visits_seen_by(signed_in(request), on=timezone.localdate())
    return get_object_or_404(seen.with_names().select_related("form"), pk=pk)


def _answers(row: Visit) -> list[tuple[str, str]]:
    asked = [each for each in row.form.questions if each["type"] != QuestionType.PHOTO]
    return [(label_of(each), shown(each, row.answers.get(each["key"]))) for each in asked]


def _revisions(row: Visit, user: User) -> Iterator[dict[str, Any]]:
    """Newest first, each with what it changed: (what, before, after)."""
    later, target, at = {**row.answers, _NOTE: row.note}, row.target, row.at
    names = [*((each["key"], each) for each in row.form.questions), (_NOTE, None)]
    seen = set(targets_seen_by(user, on=timezone.localdate()).values_list("pk", flat=True))
    for each in row.revisions.select_related("by", "target__grid").order_by("-number"):
        former = {**each.answers, _NOTE: each.note}
        changed = [
            (label_of(asked) if asked else _("Note"), _said(asked, former.get(key)),
             _said(asked, later.get(key)))
            for key, asked in names
            if former.get(key) != later.get(key)
        ]  # fmt: skip
        if each.target is not None and each.visited_at is not None:
            if each.target != target:
                whom = str(each.target) if each.target_id in seen else _("not yours to read")
                changed.append((_("Visited"), whom, str(target)))
            if each.visited_at != at:
                changed.append((_("When"), _spelled(each.visited_at), _spelled(at)))
            target, at = each.target, each.visited_at
        later = former
        yield {"row": each, "changed": changed}


def _said(asked: dict[str, Any] | None, value: Any) -> str:
    return shown(asked, value) if asked else str(value or "—")


def _spelled(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _shown_finding(request: HttpRequest, row: Finding, at: datetime.datetime) -> dict[str, Any]:
    user = signed_in(request)
    actors = finding_services.actors_of(user, row, at=at)
    key = ("case", row.case_key)
    case = registry.references.resolve([key], user).get(key) if row.case_key else None
    return {
        "row": row,
        "moves": set(moves_open_to(FINDING_MOVES, state=row.state, actors=actors)),
        "case": case,
        "photos": list(row.photos.all()),
        "panels": registry.panels.drawn("grids:finding", request, row) if actors else [],
    }


@role_required(*VISITORS)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk, "correct")
    questions = row.form.questions
    begun = {**CorrectionForm.of(questions, row.answers), "note": row.note}
    form = CorrectionForm(request.POST or None, questions=questions, initial=begun)
    return _written(request, form, row, services.correct, _("Correct the visit"))


@role_required(*VISITORS)
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Another household or another time than was checked in."""
    row = _mine(request, pk, "amend")
    day = timezone.localdate(row.at)
    seen = targets_of_visitor(signed_in(request), on=timezone.localdate())
    targets = seen.filter(kind=row.target.kind).going_on_after(day).with_names()
    form = AmendForm(request.POST or None, visit=row, targets=targets.order_by("name", "pk"))
    return _written(request, form, row, services.amend, _("Another household or time"))


@role_required(*VISITORS)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    row = _mine(request, pk, "void")
    form = ReasonForm(request.POST or None)
    return _written(request, form, row, services.declare_void, _("Declare the visit void"))


def _mine(request: HttpRequest, pk: int, move: str) -> Visit:
    row = _found(request, pk)
    if not VISIT_MOVES[move].is_for(actors_of(signed_in(request), row, at=timezone.now())):
        raise PermissionDenied
    return row


def _written(request: HttpRequest, form: Any, row: Visit, service: Any, title: str) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            service(row, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept, with what stood there before."))
            return redirect("grids:visit", row.pk)
    status = 422 if form.errors else 200
    shown_ = {"form": form, "title": title, "visit": row}
    return render(request, "grids/visit_form.html", shown_, status=status)


@role_required(*VISITORS)
@require_POST
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A finding is handed over, settled, or not pursued."""
    seen = findings_seen_by(signed_in(request), on=timezone.localdate())
    row = get_object_or_404(seen.select_related("visit"), pk=pk)
    if name not in DECISIONS:
        raise Http404
    said: dict[str, str] = {}
    if name != "hand_over":
        form = RemarkForm(request.POST)
        said["remark"] = form.cleaned_data["remark"] if form.is_valid() else ""
    try:
        DECISIONS[name](row, by=signed_in(request), at=timezone.now(), **said)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE[name])
    return redirect("grids:visit", row.visit_id)


@require_safe
@cache_control(private=True, max_age=3600, immutable=True)
def photo(request: HttpRequest, pk: int, size: str) -> FileResponse:
    row = get_object_or_404(photos_seen_by(request.user, on=timezone.localdate()), pk=pk)
    stored = row.thumbnail if size == "small" else row.image
    try:
        return FileResponse(stored.open("rb"), content_type="image/jpeg")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
