"""What every page that changes something has in common: one service, then a sentence, onwards."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from lib import keyset
from lib.actions import Action
from lib.errors import NotYours, RuleViolation
from lib.workflow import Move
from organizations.http import signed_in

ROWS_OF_A_PAGE = 30
Service = Callable[..., Any]


def new_key() -> str:
    """A key of a form that was opened just now: sending it twice does one thing."""
    return f"form:{uuid.uuid4()}"


def acted(request: HttpRequest, service: Service, /, *things: Any, done: Any, **more: Any) -> Any:
    """What the service answered, said with `done`; None where a rule refused, said with its words.

    What belongs to somebody else is forbidden, not refused.
    """
    try:
        answer = service(*things, by=signed_in(request), at=timezone.now(), **more)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return answer


def saved(
    request: HttpRequest, form: forms.BaseForm, service: Service, /, *things: Any, **more: Any
) -> Any:
    """As `acted` for a form: a refusal stands on it. None also where the form is not in order."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return service(*things, by=signed_in(request), at=timezone.now(), **more)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


def action_asked_for(
    request: HttpRequest,
    name: str,
    actions: Mapping[str, Action],
    *,
    open_now: Sequence[Action],
    moves: Mapping[str, Move],
    state: str,
) -> Action:
    """What is not open to this person is not asked for; what has just closed, the service says."""
    if name not in actions:
        raise Http404
    if actions[name] in open_now:
        return actions[name]
    if request.method != "POST":
        raise Http404
    if moves[name].starts_from(state):
        raise PermissionDenied
    return actions[name]


def content_of(form: forms.BaseForm) -> dict[str, Any]:
    """What a form that is in order says, by field; nothing of another."""
    return dict(form.cleaned_data) if form.is_valid() else {}


def answer_form(
    request: HttpRequest,
    form: forms.BaseForm,
    write: Callable[[Any], str],
    *,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show a form, or write what it says and go where `write` answers; refusals stand in it."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(write(form.cleaned_data))
        except NotYours as error:
            raise PermissionDenied(str(error)) from error
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def answer_act(
    request: HttpRequest, act: Callable[[], Any], *, done: Any, back: str
) -> HttpResponse:
    """Make one move; either way back to the page, which says what happened."""
    try:
        act()
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back)


def onwards(request: HttpRequest, to: str, *arguments: Any, done: Any = "") -> HttpResponse:
    if done:
        messages.success(request, done)
    return redirect(to, *arguments)


def page_of(
    request: HttpRequest,
    rows: Any,
    *,
    order: Sequence[str] = ("-pk",),
    size: int = ROWS_OF_A_PAGE,
) -> Any:
    """The page of `rows` that the address asks for (`lib.keyset.Page`)."""
    try:
        return keyset.page(rows, order=order, size=size, cursor=request.GET.get("cursor", ""))
    except keyset.BadCursor as error:
        raise BadRequest(str(error)) from error
