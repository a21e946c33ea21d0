"""What every page that changes money has in common: one service, then a sentence, then onwards."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from lib import keyset
from lib.errors import NotYours, RuleViolation
from organizations.http import signed_in
from organizations.models import User

ROWS_OF_A_PAGE = 30
Service = Callable[..., Any]


def acted(request: HttpRequest, service: Service, done: str, **arguments: Any) -> Any:
    """What the service answered, said with `done`; None where a rule refused, said with its words.

    What belongs to somebody else is forbidden, not refused.
    """
    try:
        answer = service(by=signed_in(request), at=timezone.now(), **arguments)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return answer


def saved(request: HttpRequest, form: forms.Form, service: Service, **arguments: Any) -> Any:
    """As `acted` for a form: a refusal stands on it. None also where the form is not in order."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return service(by=signed_in(request), at=timezone.now(), **arguments, **form.cleaned_data)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


def onwards(request: HttpRequest, to: str, *arguments: Any, done: str = "") -> HttpResponse:
    if done:
        messages.success(request, done)
    return redirect(to, *arguments)


def page_of(rows: Any, request: HttpRequest, order: tuple[str, ...] = ("-pk",)) -> Any:
    try:
        cursor = request.GET.get("cursor", "")
        return keyset.page(rows, order=order, size=ROWS_OF_A_PAGE, cursor=cursor)
    except keyset.BadCursor as error:
        raise BadRequest(str(error)) from error


def reader(request: HttpRequest) -> tuple[User, datetime.date]:
    """Who reads, and on which day."""
    return signed_in(request), timezone.localdate()
