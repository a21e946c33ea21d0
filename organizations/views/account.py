"""A person's own account: posts, password, second factor, tokens."""

import datetime

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib import registry
from lib.errors import RuleViolation
from organizations import services
from organizations.forms.account import CodeForm, TokenForm
from organizations.forms.messages import WishesForm
from organizations.http import signed_in
from organizations.middleware import DONE, SECOND_FACTOR, VERIFY
from organizations.models import AccessToken, Post, Preference
from organizations.services import second_factor, wishes


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    context = {
        "posts": Post.objects.held_by(user, on=today).with_names().order_by("body_id", "role"),
        "has_second_factor": second_factor.is_enrolled(user),
        "tokens": AccessToken.objects.filter(person=user).usable_at(now).order_by("-id"),
        "token_form": TokenForm(),
        "panels": registry.panels.drawn("organizations:account", request, user),
        "at": now,
    }
    return render(request, "organizations/account.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PasswordChangeForm(user, request.POST or None)
    if form.is_valid():
        password = form.cleaned_data["new_password1"]
        changed = services.set_password(user, password=password, by=user, at=timezone.now())
        update_session_auth_hash(request, changed)
        messages.success(request, _("Your password is changed. Other sessions have ended."))
        return redirect("organizations:account")
    return render(request, "organizations/password_change.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which messages reach the person outside, and when."""
    user = signed_in(request)
    known = Preference.objects.filter(person=user).first() or Preference(person=user)
    form = WishesForm(request.POST or None, instance=known)
    if form.is_valid():
        wishes.set_wishes(user, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("organizations:preferences")
    return render(request, "organizations/preferences.html", {"form": form})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_enrol(request: HttpRequest) -> HttpResponse:
    """Show the QR code until the first code from the app is right; then the recovery codes."""
    user = signed_in(request)
    if second_factor.is_enrolled(user):
        return _factor_stands(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = second_factor.confirm(user, code=form.cleaned_data["code"], at=timezone.now())
        except RuleViolation as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session[SECOND_FACTOR] = DONE
            request.session.cycle_key()
            return render(request, "organizations/recovery_codes.html", {"codes": codes})
    device = second_factor.begin(user)
    picture = segno.make(second_factor.address_of(device)).svg_data_uri(scale=5, border=2)
    context = {"form": form, "picture": picture, "secret": second_factor.secret_of(device)}
    return render(request, "organizations/second_factor_enrol.html", context)


def _factor_stands(request: HttpRequest) -> HttpResponse:
    """A new one is no way around the code of the one that stands: that is removed first."""
    if request.session.get(SECOND_FACTOR) != DONE:
        request.session[SECOND_FACTOR] = VERIFY
        return redirect("organizations:second_factor")
    messages.error(request, _("Remove the second factor first, with a code of its app."))
    return redirect("organizations:account")


@login_required
@require_POST
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Only with a present code: somebody else at an open screen must not weaken the account."""
    user = signed_in(request)
    form = CodeForm(request.POST)
    try:
        second_factor.check(user, code=form.data.get("code", ""))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        second_factor.remove(user, by=user, at=timezone.now())
        request.session.pop(SECOND_FACTOR, None)
        messages.success(request, _("The second factor is removed."))
    return redirect("organizations:account")


@login_required
@never_cache
@require_POST
def token_make(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the token a name."))
        return redirect("organizations:account")
    ends = now + datetime.timedelta(days=form.cleaned_data["days"])
    try:
        token, secret = services.make_token(
            user, name=form.cleaned_data["name"], at=now, expires_at=ends
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:account")
    return render(request, "organizations/token_made.html", {"token": token, "secret": secret})


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(AccessToken.objects.filter(person=signed_in(request)), pk=pk)
    services.revoke_token(token, at=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("organizations:account")
