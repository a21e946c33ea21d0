"""Whether a person holds a role for a body, and how forms of money are answered."""

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from grids.scopes import scopes_of
from lib.errors import RuleViolation
from organizations.http import signed_in
from organizations.models import Body, User


def bodies_of(user: User, roles: Collection[str], *, on: datetime.date) -> set[int]:
    """Keys of the bodies for which `user` holds one of these roles, those below included."""
    return {
        body for scope in scopes_of(user, on=on) if scope.role in roles for body in scope.body_ids
    }


def demand(request: HttpRequest, body: Body, *roles: str) -> User:
    """The person, if they hold one of the roles for this body; else 403."""
    user = signed_in(request)
    if body.pk not in bodies_of(user, roles, on=timezone.localdate()):
        raise PermissionDenied
    return user


def may(request: HttpRequest, body: Body, *roles: str) -> bool:
    return body.pk in bodies_of(signed_in(request), roles, on=timezone.localdate())


def answer_form(
    request: HttpRequest, form: forms.BaseForm, write: Callable[[Any], str], **context: Any
) -> HttpResponse:
    """Show a form, or write what it says and go where `write` answers; refusals stand in it."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(write(form.cleaned_data))
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "funding/form.html", {"form": form, **context}, status=status)


def answer_act(
    request: HttpRequest, act: Callable[[], Any], *, done: str, back: str
) -> HttpResponse:
    """Make one move; either way back to the page, which says what happened."""
    try:
        act()
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back)
