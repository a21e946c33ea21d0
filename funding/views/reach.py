"""Whether a person holds a role for a body, and how forms of money are answered."""

import datetime
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from grids.scopes import scopes_of
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
