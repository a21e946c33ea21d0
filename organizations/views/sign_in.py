"""Signing in and out, the second step, and what a locked-out person reads."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from lib.errors import RuleViolation
from organizations.forms.account import CodeForm, SignInForm
from organizations.http import signed_in
from organizations.middleware import DONE, SECOND_FACTOR, TICKET, VERIFY
from organizations.services import people, second_factor, sign_in

AFTER = "after_second_factor"
KNOWN_BROWSER = "known_browser"


class SignIn(LoginView):
    """Name and password. Who has a second factor is asked for it on the next page."""

    template_name = "organizations/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, mark = request.POST.get("username", ""), request.COOKIES.get(KNOWN_BROWSER, "")
        if sign_in.is_closed(name, mark=mark, at=timezone.now()):
            return locked_out(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user, session = signed_in(self.request), self.request.session
        session[TICKET] = secrets.token_hex(16)
        people.note_sign_in(user, ticket=session[TICKET])
        if second_factor.is_enrolled(user):
            session[SECOND_FACTOR] = VERIFY
            session[AFTER] = self.get_success_url()
        response.set_cookie(
            KNOWN_BROWSER,
            sign_in.mark_of(user),
            max_age=datetime.timedelta(days=sign_in.KNOWN_DAYS),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


@login_required
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    if request.session.get(SECOND_FACTOR) != VERIFY:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.check(signed_in(request), code=form.cleaned_data["code"])
        except RuleViolation as refusal:
            form.add_error("code", str(refusal))
        else:
            return _let_in(request)
    return render(request, "organizations/second_factor.html", {"form": form})


def _let_in(request: HttpRequest) -> HttpResponse:
    """A session past the second step gets a new key, so that an old copy of it opens nothing."""
    request.session[SECOND_FACTOR] = DONE
    after = request.session.pop(AFTER, settings.LOGIN_REDIRECT_URL)
    request.session.cycle_key()
    if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        after = settings.LOGIN_REDIRECT_URL
    return redirect(after)


def locked_out(
    request: HttpRequest,
    credentials: dict[str, Any] | None = None,  # noqa: ARG001 -- django-axes passes it
    *args: Any,  # noqa: ARG001 -- the same
    **kwargs: Any,  # noqa: ARG001 -- the same
) -> HttpResponse:
    """After too many failures: how long to wait and whom to ask."""
    context = {"minutes": round(settings.AXES_COOLOFF_TIME * 60), "at": timezone.now()}
    return render(request, "organizations/locked_out.html", context, status=429)
