"""What every page that changes something has in common: one service, then a sentence, onwards."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from volunteers.http import frame_of


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
