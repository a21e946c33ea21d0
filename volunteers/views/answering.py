"""What pages here have in common: one service, then a sentence, then onwards."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lib import keyset
from lib.errors import NotYours, RuleViolation


def new_key() -> str:
    """A key of a form that was opened just now: sending it twice does one thing."""
    return f"form:{uuid.uuid4()}"


def answer_form(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    write: Callable[[dict[str, Any]], str],
    **context: Any,
) -> HttpResponse:
    """Show a form, or write what it says and go where `write` answers; refusals stand in it.

    What belongs to somebody else is forbidden, not refused.
    """
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
    request: HttpRequest, act: Callable[[], Any], *, done: str, back: str
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


def page_of(
    request: HttpRequest, rows: QuerySet[Any], *, order: tuple[str, ...] = ("-pk",), size: int = 30
) -> keyset.Page[Model]:
    """The page of `rows` that the address asks for."""
    try:
        return keyset.page(rows, order=order, size=size, cursor=request.GET.get("cursor", ""))
    except keyset.BadCursor as error:
        raise BadRequest(str(error)) from error
