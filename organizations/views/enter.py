"""The residents' door: a number, a code, and at the first time a name."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_cookie

from lib.errors import RuleViolation
from lib.masking import mask_mobile
from organizations.forms.residents import (
    EnterCodeForm,
    EnterForm,
    EnterPasswordForm,
    WelcomeForm,
)
from organizations.http import address_of, resident_of
from organizations.identity import phone_key
from organizations.middleware import TICKET
from organizations.models import User
from organizations.services import codes, people, residents, sign_in

ENTERING, NEXT, PROVEN = "entering", "enter_next", "proven_number"
KNOWN = "known_resident"
BACKEND = "django.contrib.auth.backends.ModelBackend"
_SALT = "organizations.known-resident"
# Both forms of the page ask for the number: their fields have different ids.
BESIDE = "id_known_%s"


@never_cache
@vary_on_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the number; whether it has an account is never told."""
    if resident_of(request):
        return redirect("organizations:me")
    if request.method != "POST":
        request.session[NEXT] = request.GET.get("next", "")
    form = EnterForm(request.POST or None)
    if form.is_valid():
        try:
            send(request, form.cleaned_data["phone"])
        except RuleViolation as refusal:
            form.add_error("phone", str(refusal))
        else:
            return redirect("organizations:enter_code")
    context = {"form": form, "password_form": EnterPasswordForm(auto_id=BESIDE)}
    return render(request, "organizations/enter.html", context, status=_status(form))


def send(request: HttpRequest, phone: str) -> None:
    """A code for this browser. Raises RuleViolation."""
    ticket = secrets.token_urlsafe(24)
    known = _is_known(request, phone)
    codes.send_code(
        phone, ticket=ticket, address=address_of(request), at=timezone.now(), known=known
    )
    request.session[ENTERING] = {"phone": phone, "ticket": ticket}


def _is_known(request: HttpRequest, phone: str) -> bool:
    try:
        mark = signing.loads(request.COOKIES.get(KNOWN, ""), salt=_SALT)
    except signing.BadSignature:
        return False
    return bool(mark == phone_key(phone))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    entering = request.session.get(ENTERING)
    if entering is None:
        return redirect("organizations:enter")
    form = EnterCodeForm(request.POST or None)
    if form.is_valid() and prove(request, form):
        del request.session[ENTERING]
        return _let_in(request, entering["phone"])
    context = {"form": form, "phone": mask_mobile(entering["phone"])}
    return render(request, "organizations/enter_code.html", context, status=_status(form))


def prove(request: HttpRequest, form: EnterCodeForm) -> bool:
    """Whether the code is right; if not, the form says why."""
    entering, address = request.session[ENTERING], address_of(request)
    try:
        codes.check_code(
            entering["phone"],
            form.cleaned_data["code"],
            ticket=entering["ticket"],
            address=address,
            at=timezone.now(),
        )
    except RuleViolation as refusal:
        form.add_error("code", str(refusal))
        return False
    return True


def _let_in(request: HttpRequest, phone: str) -> HttpResponse:
    person = residents.resident_of(phone)
    if person is None:
        request.session[PROVEN] = phone
        return redirect("organizations:welcome")
    if not person.is_active:
        return render(request, "organizations/enter_closed.html", status=403)
    return open_session(request, person)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """For who has set one; a wrong pair is told without saying which of the two is wrong."""
    form = EnterPasswordForm(request.POST or None, auto_id=BESIDE)
    if form.is_valid() and (person := _with_password(request, **form.cleaned_data)):
        return open_session(request, person)
    if form.is_valid():
        form.add_error(None, _("Number or password is wrong. You may have a code sent instead."))
    context = {"form": EnterForm(), "password_form": form}
    return render(request, "organizations/enter.html", context, status=_status(form))


def _with_password(request: HttpRequest, *, phone: str, password: str) -> User | None:
    """Tries are counted by name and address as at the other door, also for unknown numbers."""
    known = residents.resident_of(phone)
    name = known.username if known else f"r-{phone_key(phone)[:16]}"
    if sign_in.is_closed(name, mark="", at=timezone.now()):
        return None
    found = authenticate(request, username=name, password=password)
    return found if isinstance(found, User) and found.is_resident else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The number is proven and new here: a name, the notice, and the account is made."""
    phone = request.session.get(PROVEN)
    if phone is None:
        return redirect("organizations:enter")
    form = WelcomeForm(request.POST or None)
    if form.is_valid():
        try:
            person = residents.join(phone, at=timezone.now(), **form.cleaned_data)
        except RuleViolation as refusal:
            form.add_error("nickname", str(refusal))
        else:
            del request.session[PROVEN]
            return open_session(request, person)
    return render(request, "organizations/welcome.html", {"form": form}, status=_status(form))


def open_session(request: HttpRequest, person: User) -> HttpResponse:
    after = request.session.pop(NEXT, "")
    login(request, person, backend=BACKEND)
    request.session[TICKET] = secrets.token_hex(16)
    people.note_sign_in(person, ticket=request.session[TICKET])
    if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        after = "organizations:me"
    response = redirect(after)
    response.set_cookie(
        KNOWN,
        signing.dumps(phone_key(person.phone), salt=_SALT),
        max_age=sign_in.KNOWN_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _status(form: Any) -> int:
    return 422 if form.errors else 200
