"""Who asks: the signed-in person, with the type that the rest of the code expects, and from where.

Two doors: who works here signs in by name, residents by telephone. Neither opens the other's pages.
"""

import datetime
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organizations.models import User

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """The person behind a request of a view that needs one (`@login_required`)."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def reader(request: HttpRequest) -> tuple[User, datetime.date]:
    """Who reads, and on which day."""
    return signed_in(request), timezone.localdate()


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The roles that the person holds today; none for somebody who has not signed in."""
    user = request.user
    return user.roles_on(timezone.localdate()) if isinstance(user, User) else frozenset()


def role_required(*roles: str) -> Callable[[View], View]:
    """Sign-in first, then one of these roles today; otherwise 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            demand_role(request, roles)
            return view(request, *args, **kwargs)

        return login_required(checked)

    return decorate


def demand_role(request: HttpRequest, roles: Iterable[str]) -> None:
    if roles_of(request).isdisjoint(roles):
        raise PermissionDenied


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy, what the proxy named in the configured header."""
    header = settings.CLIENT_ADDRESS_HEADER
    named = request.META.get(header, "").split(",")[-1].strip() if header else ""
    return named or request.META.get("REMOTE_ADDR", "")


def resident_of(request: HttpRequest) -> User | None:
    """The resident who has signed in, or None: also where somebody who works here has."""
    user = request.user
    return user if isinstance(user, User) and user.is_resident else None


def resident_required(view: View) -> View:
    """Residents' own pages; strangers sign in first, who works here has an account page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if resident_of(request):
            return view(request, *args, **kwargs)
        if isinstance(request.user, User):
            return redirect("organizations:account")
        return redirect_to_login(request.get_full_path(), reverse("organizations:enter"))

    return checked


def account_required(view: View) -> View:
    """Pages of whoever is meant by name, residents or not: invited people, voters, volunteers.

    Strangers are led to the residents' door, from which the other is one step away.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path(), reverse("organizations:enter"))

    return checked


def is_for_staff(view: Any) -> bool:
    """Whether a view wants a sign-in (Django and DRF say so on it) without naming residents."""
    api = getattr(view, "cls", None)
    if api is not None:
        wanted = {permission.__name__ for permission in getattr(api, "permission_classes", ())}
        return "IsAuthenticated" in wanted and not getattr(api, "open_to_residents", False)
    return hasattr(view, "login_url")
