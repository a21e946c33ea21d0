"""Pages of whistles: the list, a new one, one screen for caller and called."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.forms.whereabouts import town_of
from cases.forms.whistles import (
    ArriveForm,
    CallMoreForm,
    CallsForm,
    RateForm,
    ReleaseForm,
    WhistleForm,
)
from cases.models import CallNumber, Case, Whistle, WhistleCall
from cases.models.whistles import WhistleQuerySet
from cases.services import whistles
from cases.views.detail import visible as visible_cases
from cases.whistle_workflow import WHISTLES
from lib.actions import Action, table
from lib.errors import RuleViolation
from organizations.acting import page_of
from organizations.http import role_required, roles_of, signed_in

ACTIONS = table(
    Action("arrive", _("Report arrival"), "map-pin-check", ArriveForm, whistles.arrive,
           _("You are reported as being there.")),
    Action("release", _("Release"), "door-exit", ReleaseForm, whistles.release, _("Released.")),
    Action("rate_response", _("Rate the department"), "star", RateForm,
           partial(whistles.rate, name="rate_response"), _("Rated.")),
    Action("rate_call", _("Rate the call"), "star", RateForm,
           partial(whistles.rate, name="rate_call"), _("Rated.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One department on the screen, with what this person may do there."""

    call: WhistleCall
    late: bool
    actions: list[Action]


def visible(request: HttpRequest) -> WhistleQuerySet:
    return Whistle.objects.visible_to(signed_in(request), on=timezone.localdate())


@require_GET
@login_required
def whistle_list(request: HttpRequest) -> HttpResponse:
    """Those going on first; then the ended ones, the newest first. `?number=`: calls behind it."""
    if "number" in request.GET:
        return _calls_behind(request)
    rows, at = visible(request).for_list(), timezone.now()
    ended = page_of(request, rows.exclude(ended_at=None), order=("-id",))
    context = {
        "at": at,
        "going_on": _counted(rows.going_on().order_by("-id")[:50], at=at),
        "page": ended,
        "ended": _counted(ended.rows, at=at),
        "may_whistle": not WHISTLES.isdisjoint(roles_of(request)),
    }
    return render(request, "cases/whistles.html", context)


def _calls_behind(request: HttpRequest) -> HttpResponse:
    """The departments that a number of whistles counts, the newest first."""
    form, at = CallsForm(request.GET), timezone.now()
    if not form.is_valid():
        raise Http404
    number, body = form.cleaned_data["number"], form.cleaned_data["body"]
    calls = WhistleCall.objects.visible_to(signed_in(request), on=timezone.localdate(at))
    rows = calls.behind(number, body, **form.moments(at)).select_related("whistle", "body")
    page = page_of(request, rows, order=("-id",))
    context = {
        **form.cleaned_data,
        "number": CallNumber(number),
        "page": page,
        "rows": [(call, call.is_late(at)) for call in page.rows],
    }
    return render(request, "cases/whistle_calls.html", context)


def _counted(rows: Any, *, at: Any) -> list[dict[str, Any]]:
    """Each whistle with how many of its departments have come, and whether one is late."""
    return [
        {
            "whistle": row,
            "called": len(row.calls.all()),
            "there": sum(call.arrived_at is not None for call in row.calls.all()),
            "late": any(call.is_late(at) for call in row.calls.all()),
        }
        for row in rows
    ]


@require_http_methods(["GET", "POST"])
@role_required(*WHISTLES)
def blow(request: HttpRequest) -> HttpResponse:
    """A new whistle, for a case (`?case=`) or for a point."""
    user, at = signed_in(request), timezone.now()
    case = _case_asked(request)
    form = WhistleForm(request.POST or None, user=user, on=timezone.localdate(at), case=case)
    if form.is_bound and form.is_valid():
        try:
            whistle = whistles.blow(by=user, at=at, **form.arguments())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(_("The departments have been called.")))
            return redirect("cases:whistle", whistle.pk)
    context = {"form": form, "case": case, "town": town_of(user, on=timezone.localdate(at))}
    return render(request, "cases/whistle_new.html", context, status=422 if form.errors else 200)


def _case_asked(request: HttpRequest) -> Case | None:
    number = request.GET.get("case", "")
    return get_object_or_404(visible_cases(request), number=number) if number else None


@require_GET
@login_required
def whistle(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen: who was called, who is there, since when."""
    found = get_object_or_404(visible(request).for_page(), pk=pk)
    return render(request, "cases/whistle.html", _screen(request, found))


@require_GET
@login_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the screen that asks again by itself while the whistle goes on."""
    found = get_object_or_404(visible(request).for_page(), pk=pk)
    return render(request, "cases/_whistle_board.html", _screen(request, found))


def _screen(request: HttpRequest, found: Whistle) -> dict[str, Any]:
    user, at = signed_in(request), timezone.now()
    rows = [_row(request, call, found) for call in found.calls.all()]
    is_caller = whistles.may_whistle(user, found, at=at)
    return {
        "at": at,
        "whistle": found,
        "rows": rows,
        "there": sum(row.call.arrived_at is not None for row in rows),
        "expected": [row.call for row in rows if _has(row, "arrive")],
        "arrive": ArriveForm(),
        "may_call_more": is_caller and found.ended_at is None,
        "points": [{"lon": found.lon, "lat": found.lat, "tone": "overdue", "title": found.text}],
    }


def _row(request: HttpRequest, call: WhistleCall, found: Whistle) -> Row:
    user, at = signed_in(request), timezone.now()
    call.whistle = found
    names = whistles.call_moves_for(user, call, at=at)
    return Row(call, call.is_late(at), [ACTIONS[name] for name in names])


def _has(row: Row, name: str) -> bool:
    return any(action.name == name for action in row.actions)


@require_http_methods(["GET", "POST"])
@login_required
def call_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Further departments to a whistle that goes on."""
    user, at = signed_in(request), timezone.now()
    found = get_object_or_404(visible(request).for_page(), pk=pk)
    if not whistles.may_whistle(user, found, at=at):
        raise Http404
    form = CallMoreForm(request.POST or None, whistle=found, user=user, on=timezone.localdate(at))
    if form.is_bound and form.is_valid():
        try:
            whistles.call_more(found, by=user, at=at, **form.arguments())
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("cases:whistle", pk)
    context = {"whistle": found, "form": form, "title": _("Call further departments")}
    return render(request, "cases/whistle_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def call_move(request: HttpRequest, pk: int, call: int, name: str) -> HttpResponse:
    """What a person does with one call: its small form, or sent."""
    found = get_object_or_404(visible(request).for_page(), pk=pk)
    one = get_object_or_404(found.calls.select_related("body"), pk=call)
    one.whistle = found
    action, at = ACTIONS.get(name), timezone.now()
    names = whistles.call_moves_for(signed_in(request), one, at=at)
    if action is None or (request.method == "GET" and name not in names):
        raise Http404
    form = action.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            action.serve(one, by=signed_in(request), at=at, **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(action.done))
            return redirect("cases:whistle", pk)
    context = {"whistle": found, "call": one, "action": action, "form": form}
    return render(request, "cases/whistle_form.html", context, status=422 if form.errors else 200)


def panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The whistles of a case, and the way to another, on the page of the case."""
    found = Whistle.objects.filter(case=case).for_list().order_by("-id")
    may = bool(case.desk) and not WHISTLES.isdisjoint(roles_of(request))
    rows = _counted(found, at=timezone.now())
    return {"rows": rows, "may_whistle": may, "case": case} if rows or may else None
