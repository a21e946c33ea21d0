"""Who asks: the signed-in person, with the type that the rest of the code expects."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from organizations.models import User

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """The person behind a request of a view that needs one (`@login_required`)."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


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
