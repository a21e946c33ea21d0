"""Rules of a session: what must be done first, and how many a person may have."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.roles import ADMINISTRATORS
from organizations.http import is_for_staff, resident_of
from organizations.models import User

SECOND_FACTOR, TICKET = "second_factor", "ticket"
VERIFY, DONE = "verify", "done"
# Signing out and choosing the language are always open.
_ALWAYS = ("organizations:sign_out", "set_language")


class Sessions(SessionMiddleware):
    """Django's sessions, but only a request that ended the session takes its cookie away.

    Signing in gives the session a new name. A request that left before, with the old name, finds
    nothing; Django's answer to it would delete the cookie, which by then names the new session.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.session.is_empty() and not request.session.modified:
            return response
        return super().process_response(request, response)


class SessionRules:
    """Send a signed-in person to the step that comes first: code, new password, enrolment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "_auth_user_id" not in request.session or not isinstance(request.user, User):
            return self.get_response(request)
        if settings.ONE_SESSION and request.session.get(TICKET) != request.user.session_ticket:
            logout(request)
            messages.warning(request, _("You have signed in elsewhere; this session has ended."))
            return redirect(settings.LOGIN_URL)
        step = first_step(request, request.user, timezone.now())
        if step is None or request.path in {reverse(name) for name in (step, *_ALWAYS)}:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            raise PermissionDenied
        return redirect(step)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Sequence[Any], _kwargs: Mapping[str, Any]
    ) -> None:
        """Pages of those who work here stay closed to residents, whatever their address."""
        if "_auth_user_id" in request.session and resident_of(request) and is_for_staff(view):
            raise PermissionDenied


def first_step(request: HttpRequest, user: User, now: datetime.datetime) -> str | None:
    """The page that comes before all others, or None."""
    if user.is_resident:
        return None
    factor = request.session.get(SECOND_FACTOR)
    if factor == VERIFY:
        return "organizations:second_factor"
    if user.must_change_password or _password_is_old(user, now):
        return "organizations:password_change"
    if settings.SECOND_FACTOR_REQUIRED and factor != DONE:
        administers = user.roles_on(timezone.localdate(now)) & ADMINISTRATORS
        return "organizations:second_factor_enrol" if administers else None
    return None


def _password_is_old(user: User, now: datetime.datetime) -> bool:
    if not settings.PASSWORD_DAYS or user.password_changed_at is None:
        return False
    return now - user.password_changed_at > datetime.timedelta(days=settings.PASSWORD_DAYS)
