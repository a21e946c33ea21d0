"""At the counter: a resident's account is found by its whole number and confirmed."""

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.errors import RuleViolation
from lib.masking import mask_mobile
from lib.moments import midnight
from organizations import services
from organizations.forms.residents import ConfirmForm, FindResidentForm, RevokeForm
from organizations.http import role_required, signed_in
from organizations.identity import level_of
from organizations.models import User, Verification
from organizations.services import quotas, residents
from organizations.services.quotas import Limit
from organizations.services.verifying import CLERKS

LOOKS = Limit("resident-looks", 100, datetime.timedelta(days=1))
FOUND = "residents_found"
REMEMBERED = 20


@never_cache
@role_required(*CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Nothing is listed: only who has the number before them finds the account."""
    form = FindResidentForm(request.POST or None)
    if form.is_valid():
        person = _found(request, form)
        if person is not None:
            kept = [pk for pk in request.session.get(FOUND, []) if pk != person.pk]
            request.session[FOUND] = [*kept, person.pk][-REMEMBERED:]
            return redirect("organizations:resident", pk=person.pk)
    status = 422 if form.errors else 200
    return render(request, "organizations/residents.html", {"form": form}, status=status)


def _found(request: HttpRequest, form: FindResidentForm) -> User | None:
    if not quotas.take(LOOKS, str(signed_in(request).pk), at=timezone.now()):
        form.add_error("phone", _("A hundred looks a day are enough."))
        return None
    person = residents.resident_of(form.cleaned_data["phone"])
    if person is None:
        form.add_error("phone", _("No account has this number. Residents make one themselves."))
    return person


def _resident(request: HttpRequest, pk: int) -> User:
    """One that this session has found by its number; 404 otherwise."""
    known = User.objects.filter(is_resident=True, pk__in=request.session.get(FOUND, []))
    return get_object_or_404(known, pk=pk)


@never_cache
@role_required(*CLERKS)
@require_safe
def resident(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _resident(request, pk), ConfirmForm())


def _page(
    request: HttpRequest, person: User, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    rows = Verification.objects.filter(person=person).with_names().order_by("-pk")
    context = {
        "at": now,
        "resident": person,
        "phone": mask_mobile(person.phone),
        "level": level_of(person, at=now),
        "rows": rows,
        "form": form,
        "revoke_form": RevokeForm(),
    }
    return render(request, "organizations/resident.html", context, status=status)


@role_required(*CLERKS)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = _resident(request, pk), ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form, status=422)
    given, now = form.cleaned_data, timezone.now()
    try:
        services.verify_identity(
            person,
            how=Verification.How.COUNTER,
            by=signed_in(request),
            at=now,
            until=_end_of(given["until"]),
            note=given["note"],
            full_name=given["full_name"],
        )
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return _page(request, person, form, status=409)
    messages.success(request, _("Confirmed."))
    return redirect("organizations:resident", pk=pk)


def _end_of(day: datetime.date | None) -> datetime.datetime | None:
    if day is None:
        return None
    return midnight(day + datetime.timedelta(days=1))


@role_required(*CLERKS)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    known = Verification.objects.filter(person__in=request.session.get(FOUND, []))
    row = get_object_or_404(known.select_related("person"), pk=pk)
    form = RevokeForm(request.POST)
    try:
        reason = form.data.get("reason", "")
        services.revoke_verification(row, reason=reason, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The confirmation is taken back."))
    return redirect("organizations:resident", pk=row.person_id)
