"""A resident's own page: what is new, what they took part in, what is kept of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib import registry
from lib.errors import RuleViolation
from lib.masking import mask_mobile
from organizations import services
from organizations.forms.residents import (
    EnterCodeForm,
    EnterForm,
    EraseForm,
    NewPasswordForm,
    ProfileForm,
)
from organizations.http import resident_required, signed_in
from organizations.identity import Level, level_of
from organizations.models import Message, Verification
from organizations.services import inbox as inbox_service
from organizations.services import residents
from organizations.views import enter
from organizations.views.inbox import lines_of

SHOWN_MESSAGES = 20
FORMS = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
@resident_required
def me(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    news = list(Message.objects.of(user)[:SHOWN_MESSAGES])
    context = {
        "at": now,
        "phone": mask_mobile(user.phone),
        "level": level_of(user, at=now),
        "levels": Level,
        "confirmed": Verification.objects.filter(person=user).valid_at(now).first(),
        "lines": lines_of(news, user),
        "panels": registry.panels.drawn("organizations:me", request, user),
    }
    return render(request, "organizations/me.html", context)


@never_cache
@require_http_methods(FORMS)
@resident_required
def profile(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    known = {"nickname": user.nickname, "full_name": user.full_name}
    form = ProfileForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            residents.change_profile(user, **form.cleaned_data)
        except RuleViolation as refusal:
            field = "full_name" if refusal.code == "confirmed" else "nickname"
            form.add_error(field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organizations:me")
    return _form_page(request, form, _("Your names"), _("Save"))


@never_cache
@require_http_methods(FORMS)
@resident_required
def number(request: HttpRequest) -> HttpResponse:
    """The new number gets a code, as at the door."""
    form = EnterForm(request.POST or None)
    if form.is_valid():
        try:
            enter.send(request, form.cleaned_data["phone"])
        except RuleViolation as refusal:
            form.add_error("phone", str(refusal))
        else:
            return redirect("organizations:me_number_code")
    return _form_page(request, form, _("Your new number"), _("Send a code"))


@never_cache
@require_http_methods(FORMS)
@resident_required
def number_code(request: HttpRequest) -> HttpResponse:
    entering = request.session.get(enter.ENTERING)
    if entering is None:
        return redirect("organizations:me_number")
    form = EnterCodeForm(request.POST or None)
    if form.is_valid() and enter.prove(request, form):
        del request.session[enter.ENTERING]
        try:
            residents.change_number(signed_in(request), entering["phone"])
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("From now on you sign in with the new number."))
        return redirect("organizations:me")
    return _form_page(request, form, _("The code that came to the new number"), _("Change"))


@never_cache
@require_http_methods(FORMS)
@resident_required
def password(request: HttpRequest) -> HttpResponse:
    """Optional: a code always opens the account."""
    user = signed_in(request)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data["password"]
        try:
            changed = services.set_password(user, password=given, by=user, at=timezone.now())
        except RuleViolation as refusal:
            form.add_error("password", str(refusal))
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("Your password is changed. Other sessions have ended."))
            return redirect("organizations:me")
    return _form_page(request, form, _("A password, if you like"), _("Save"))


@never_cache
@require_safe
@resident_required
def data(request: HttpRequest) -> HttpResponse:
    context = {"form": EraseForm(), "since": signed_in(request).resident}
    return render(request, "organizations/me_data.html", context)


@never_cache
@require_safe
@resident_required
def data_file(request: HttpRequest) -> HttpResponse:
    kept = residents.export(signed_in(request), at=timezone.now())
    answer = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@never_cache
@require_POST
@resident_required
def erase(request: HttpRequest) -> HttpResponse:
    user, form = signed_in(request), EraseForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "since": user.resident}
        return render(request, "organizations/me_data.html", context, status=422)
    try:
        residents.erase(user, at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:me_data")
    logout(request)
    messages.success(request, _("Your account is erased."))
    return redirect("/")


@require_POST
@resident_required
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go to what it is about."""
    user = signed_in(request)
    message = get_object_or_404(Message.objects.of(user), pk=pk)
    inbox_service.mark_read([message], by=user, at=timezone.now())
    reference = lines_of([message], user)[0].reference
    return redirect(reference.url if reference and reference.url else "organizations:me")


def _form_page(request: HttpRequest, form: Any, title: str, button: str) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, "button": button}
    return render(request, "organizations/me_form.html", context, status=status)
