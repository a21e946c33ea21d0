"""One case: what is known of it, why it lies where it lies, and what this person may do with it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from cases import services
from cases.forms.actions import ACTIONS, actions_for
from cases.forms.moves import MoveForm
from cases.models import Case, Request
from cases.models.queries import CaseQuerySet
from cases.views.disputes import sides_of
from cases.views.offers import offers
from cases.views.shown import masked
from cases.views.timeline import steps
from cases.views.why import why
from lib import registry, tones
from lib.actions import Action
from lib.errors import RuleViolation
from organizations.http import roles_of, signed_in


def visible(request: HttpRequest) -> CaseQuerySet:
    """What this person works with; pages of everybody show residents their own reports."""
    if not roles_of(request):
        return Case.objects.none()
    return Case.objects.visible_to(signed_in(request), on=timezone.localdate())


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def find(request: HttpRequest, number: str) -> Case:
    """The case, if it is there for this person; a stranger gets 404."""
    return get_object_or_404(visible(request).for_page(), number=number)


@require_GET
@login_required
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The page; beside a list only its essence."""
    template = "cases/_beside.html" if is_part(request) else "cases/detail.html"
    return render(request, template, page_of(request, find(request, number)))


def page_of(request: HttpRequest, case: Case) -> dict[str, Any]:
    user, at = signed_in(request), timezone.now()
    moves, reasons = services.moves_for(user, case, at=at), why(case)
    knows = services.may_know_reporter(user, case, at=at)
    return {
        "case": case,
        "at": at,
        "actions": actions_for(moves, refusal=case.refusal),
        "why": reasons,
        "offers": offers(case, reasons, moves),
        "points": [] if case.lon is None else [_point(case)],
        "reporter": masked(case, user, at=at),
        "knows": knows,
        "steps": steps(case, knows=knows),
        "sides": sides_of(case, knows=knows),
        "looks": case.verifications.select_related("asked_by", "answered_by").order_by("-id"),
        **_asked(case),
        "tasks": case.tasks.for_page(),
        "photos": case.photos.order_by("id"),
        "panels": registry.panels.drawn("cases:detail", request, case),
    }


def _asked(case: Case) -> dict[str, Any]:
    """The requests of a case, and the pause that was granted."""
    rows = list(case.requests.for_page())
    granted = [row for row in rows if row.until and row.state == Request.State.GRANTED]
    return {"requests": rows, "pause": granted[0] if granted else None}


def _point(case: Case) -> dict[str, Any]:
    """The case on its map, as `map.js` reads it."""
    tone = tones.of_state(case.state).name
    return {"lon": case.lon, "lat": case.lat, "tone": tone, "title": case.title}


@require_http_methods(["GET", "POST"])
@login_required
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The small form of a move: asked for (GET), sent (POST), or shown again with what is wrong."""
    case = find(request, number)
    action = _open_action(request, case, name)
    form = _form(request, action, case)
    if request.method == "POST" and form.is_valid():
        try:
            action.serve(case, by=signed_in(request), at=timezone.now(), **form.arguments())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(action.done))
            return redirect(_onward(request, case))
    return _show(request, case, action, form)


def _open_action(request: HttpRequest, case: Case, name: str) -> Action:
    """What is not open to this person is not there; what has just closed, the service says."""
    if name not in ACTIONS:
        raise Http404
    moves = services.moves_for(signed_in(request), case, at=timezone.now())
    if request.method == "GET" and name not in moves:
        raise Http404
    return ACTIONS[name]


def _form(request: HttpRequest, action: Action, case: Case) -> MoveForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = request.GET.dict() if request.method == "GET" else {}
    return cast("type[MoveForm]", action.form)(
        *sent,
        initial=initial,
        move=action.name,
        case=case,
        user=signed_in(request),
        on=timezone.localdate(),
    )


def _show(request: HttpRequest, case: Case, action: Action, form: MoveForm) -> HttpResponse:
    opened = {"case": case, "action": action, "form": form}
    if is_part(request):
        return render(request, "cases/_move.html", opened)
    status = 422 if form.is_bound else 200
    return render(request, "cases/detail.html", page_of(request, case) | opened, status=status)


def _onward(request: HttpRequest, case: Case) -> str:
    """Back to the list where the person stood, else to the case."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}):
        return asked
    return reverse("cases:detail", args=[case.number])
