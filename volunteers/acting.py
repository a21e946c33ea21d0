"""What every page that changes something has in common: one service, then a sentence, onwards."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from lib import keyset
from lib.errors import NotYours, RuleViolation
from organizations.http import signed_in
from volunteers.http import frame_of

ROWS_OF_A_PAGE = 30
Service = Callable[..., Any]


def acted(request: HttpRequest, service: Service, /, *things: Any, done: str, **more: Any) -> Any:
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


def onwards(request: HttpRequest, done: str, to: str, *arguments: Any) -> HttpResponse:
    messages.success(request, done)
    return redirect(to, *arguments)


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    back: str,
    back_pk: int | None = None,
    is_desk: bool = False,
    **context: Any,
) -> HttpResponse:
    """A form alone on its page; `is_desk` draws it where who leads or organises works.

    `back` names the address where "Cancel" leads, with `back_pk` in it where there is one.
    """
    status = 422 if form.errors else 200
    arguments = [] if back_pk is None else [back_pk]
    facts = {"form": form, "title": title, "back_url": reverse(back, args=arguments), **context}
    if not is_desk:
        return render(request, "volunteers/form.html", facts, status=status)
    return render(
        request, "volunteers/desk_form.html", {**facts, "frame": frame_of(request)}, status=status
    )


def page_of(rows: Any, request: HttpRequest, order: tuple[str, ...] = ("-pk",)) -> Any:
    try:
        cursor = request.GET.get("cursor", "")
        return keyset.page(rows, order=order, size=ROWS_OF_A_PAGE, cursor=cursor)
    except keyset.BadCursor as error:
        raise BadRequest(str(error)) from error
