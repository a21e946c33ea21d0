"""Project calls and ideas in the workbench."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation.forms.projects import (
    CALL_ACTIONS,
    IDEA_ACTIONS,
    AssistedIdeaForm,
    CallForm,
    form_of,
    open_on_call,
    open_on_idea,
)
from consultation.models import Idea, ProjectCall
from consultation.models.commitments import CARRIES_OUT
from consultation.models.projects import OVERSEES, ProjectCallQuerySet
from consultation.progress import steps_of_idea, why
from consultation.project_workflow import CALL_MOVES, IDEA_MOVES, CallState
from consultation.services import projects as services
from consultation.services.ideas import WRITES_DOWN
from lib.actions import Action
from lib.roles import Role
from organizations.acting import action_asked_for, content_of, onwards, page_of, saved
from organizations.http import reader, role_required, signed_in

READERS = OVERSEES | CARRIES_OUT


def _calls(request: HttpRequest) -> ProjectCallQuerySet:
    user, on = reader(request)
    return ProjectCall.objects.visible_to(user, on=on)


def _call(request: HttpRequest, pk: int) -> ProjectCall:
    return get_object_or_404(_calls(request).with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    chosen = request.GET.get("state", "")
    rows = _calls(request).with_names().counted()
    if chosen in CallState.values:
        rows = rows.filter(state=chosen)
    chips = [("", _("All")), *CallState.choices]
    context = {
        "page": page_of(request, rows),
        "chips": [
            {"label": label, "url": f"?state={value}", "chosen": value == chosen, "count": None}
            for value, label in chips
        ],
        "may_make": Role.CONSULTATION_HOST in user.roles_on(on),
        "at": timezone.now(),
    }
    return render(request, "consultation/calls.html", context)


@role_required(Role.CONSULTATION_HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), timezone.now()
    form = CallForm(request.POST or None, user=user, at=at)
    made = saved(request, form, services.make_call, **_content(form))
    if made is not None:
        return onwards(request, "consultation:project_call", made.pk, done=_("The draft is kept."))
    return _form_page(request, form, title=_("New project call"))


@role_required(Role.CONSULTATION_HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, at = signed_in(request), timezone.now()
    found = _call(request, pk)
    if found.state != CallState.DRAFT:
        raise PermissionDenied
    form = CallForm(
        request.POST or None, user=user, at=at, is_new=False, initial=CallForm.content_of(found)
    )
    if saved(request, form, services.edit_call, found, **_content(form)) is not None:
        return onwards(request, "consultation:project_call", pk, done=_("The change is kept."))
    return _form_page(request, form, title=_("Change the call"), call=found)


def _content(form: CallForm | AssistedIdeaForm) -> dict[str, Any]:
    return form.content() if form.is_valid() else {}


def _form_page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(
        request, "consultation/project_form.html", {"form": form, **context}, status=status
    )


@role_required(*READERS)
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_call(request, _call(request, pk))


def _show_call(
    request: HttpRequest,
    found: ProjectCall,
    action: Action | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    user, on = reader(request)
    at = timezone.now()
    ideas = Idea.objects.visible_to(user, on=on).filter(call=found).with_names().in_order()
    context = {
        "call": found,
        "actions": open_on_call(user, found, at=at),
        "action": action,
        "form": form,
        "ideas": [(idea, why(idea, found)) for idea in ideas],
        "events": found.events.select_related("by").order_by("-number"),
        "may_edit": found.state == CallState.DRAFT and Role.CONSULTATION_HOST in user.roles_on(on),
        "may_write_down": found.state == CallState.COLLECTING
        and not user.roles_on(on).isdisjoint(WRITES_DOWN),
        "at": at,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "consultation/call.html", context, status=status)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found = _call(request, pk)
    open_now = open_on_call(signed_in(request), found, at=timezone.now())
    action = action_asked_for(
        request, name, CALL_ACTIONS, open_now=open_now, moves=CALL_MOVES, state=found.state
    )
    form = action.form(request.POST if request.method == "POST" else None)
    if saved(request, form, action.serve, found, **content_of(form)) is not None:
        return onwards(request, "consultation:project_call", pk, done=str(action.done))
    return _show_call(request, found, action, form)


@role_required(*WRITES_DOWN)
@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker writes an idea down for a resident; made for a telephone first."""
    found = _call(request, pk)
    form = AssistedIdeaForm(request.POST or None)
    made = saved(request, form, services.bring_idea, found, **_content(form))
    if made is not None:
        return onwards(request, "consultation:idea", made.pk, done=_("The idea is in."))
    return _form_page(request, form, title=_("An idea of a resident"), call=found, picks_place=True)


# -- Ideas ----------------------------------------


def _idea(request: HttpRequest, pk: int) -> Idea:
    user, on = reader(request)
    rows = Idea.objects.visible_to(user, on=on).with_names().select_related("call__community")
    return get_object_or_404(rows, pk=pk)


@role_required(*READERS)
@require_safe
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_idea(request, _idea(request, pk))


def _show_idea(
    request: HttpRequest,
    found: Idea,
    action: Action | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    user, on = reader(request)
    at = timezone.now()
    overseen = ProjectCall.objects.overseen_by(user, on=on).filter(pk=found.call_id).exists()
    context = {
        "idea": found,
        "call": found.call,
        "actions": open_on_idea(user, found, at=at),
        "action": action,
        "form": form,
        "steps": steps_of_idea(found),
        "why": why(found, found.call),
        "knows_author": overseen or user.pk in {found.author_id, found.entered_by_id},
        "points": [{"lon": found.lon, "lat": found.lat, "tone": "work", "title": str(found),
                    "url": "", "words": found.place}] if found.lon is not None else [],
        "at": at,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "consultation/idea.html", context, status=status)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def idea_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found = _idea(request, pk)
    user, on = reader(request)
    open_now = open_on_idea(user, found, at=timezone.now())
    action = action_asked_for(
        request, name, IDEA_ACTIONS, open_now=open_now, moves=IDEA_MOVES, state=found.state
    )
    sent = (request.POST,) if request.method == "POST" else ()
    form = form_of(action, found, *sent, on=on)
    if saved(request, form, action.serve, found, **content_of(form)) is not None:
        return onwards(request, "consultation:idea", pk, done=str(action.done))
    return _show_idea(request, found, action, form)
