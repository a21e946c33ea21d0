"""A form about something of a committee: one service, then back to its page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from organizations.acting import answer_form
from organizations.http import signed_in


def form_about(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[..., Any],
    *,
    title: str,
    about: str,
    back: str,
    **context: Any,
) -> HttpResponse:
    """`act` gets what the form says by its fields, and `by` and `at`."""

    def write(given: dict[str, Any]) -> str:
        act(by=signed_in(request), at=timezone.now(), **given)
        return back

    return answer_form(
        request, form, write, template="committee/form.html", title=title, about=about,
        back_url=back, **context,
    )  # fmt: skip
