"""How forms are answered: shown, or written by one service, refusals beside them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lib.errors import NotYours, RuleViolation


def answered(
    request: HttpRequest,
    form: forms.BaseForm,
    write: Callable[[Any], str],
    *,
    template: str = "consultation/form.html",
    **context: Any,
) -> HttpResponse:
    """Show `form`, or go where `write` answers; what belongs to somebody else is forbidden."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(write(form.cleaned_data))
        except NotYours as error:
            raise PermissionDenied(str(error)) from error
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
