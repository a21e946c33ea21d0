"""A form at the desk of training, selection and staff."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from organizations.acting import answer_form


def desk_form(
    request: HttpRequest, form: forms.BaseForm, write: Callable[[Any], str], title: str, back: str
) -> HttpResponse:
    """Alone on its page of the workbench; "Cancel" leads to `back`."""
    return answer_form(
        request, form, write, template="talent/form.html", frame="workbench.html", title=title,
        back_url=back,
    )  # fmt: skip
