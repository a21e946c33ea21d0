"""Who asks: residents and people who work here alike, both may be volunteers."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from organizations.http import signed_in
from organizations.models import User

View = Callable[..., HttpResponseBase]


def person_required(view: View) -> View:
    """Anybody with an account; strangers get one by their telephone number first."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path(), reverse("organizations:enter"))

    return checked


def frame_of(request: HttpRequest) -> str:
    """What pages of leading are drawn in: a resident who leads has no workbench."""
    return "volunteers/leading.html" if signed_in(request).is_resident else "workbench.html"


def reader(request: HttpRequest) -> tuple[User, datetime.date]:
    """Who reads, and on which day."""
    return signed_in(request), timezone.localdate()
