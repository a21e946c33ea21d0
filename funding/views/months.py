"""Closed months of the bodies, and the interests that a person has declared."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.forms.applications import InterestForm
from funding.forms.instructions import MonthForm
from funding.models import Interest, Line, PeriodClose
from funding.models.budgets import bodies_read_by
from funding.models.lines import READERS
from lib.roles import Role
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import reader, role_required, signed_in
from organizations.models import Body


@role_required(*READERS)
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = PeriodClose.objects.visible_to(user, on=today).select_related("body", "by")
    may_close = Role.FINANCE_CHECKER in user.roles_on(today)
    context = {
        "page": page_of(request, rows),
        "closable": _closable(request) if may_close else [],
    }
    return render(request, "funding/months.html", context)


def _closable(request: HttpRequest) -> list[dict[str, Any]]:
    """Bodies with lines whose next month is over."""
    at = timezone.now()
    bodies = _bodies(request).filter(pk__in=Line.objects.values("body")).order_by("pk")
    pairs = [(body, services.month_to_close(body, at=at)) for body in bodies]
    return [{"body": body, "month": month} for body, month in pairs if month]


def _bodies(request: HttpRequest) -> Any:
    user, today = reader(request)
    return Body.objects.filter(pk__in=bodies_read_by(user, on=today))


@role_required(Role.FINANCE_CHECKER)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    form = MonthForm(request.POST, bodies=_bodies(request))
    if form.is_valid():
        acted(request, services.close_month, done=_("The month is closed."), **form.cleaned_data)
    return redirect("funding:months")


@role_required(*READERS)
@require_http_methods(["GET", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    """One's own declarations; a new one."""
    form = InterestForm(request.POST or None)
    if saved(request, form, services.declare, **content_of(form)) is not None:
        done = _("Declared: others will decide about this party.")
        return onwards(request, "funding:interests", done=done)
    mine = Interest.objects.filter(person=signed_in(request)).order_by("-pk")
    return render(request, "funding/interests.html", {"form": form, "interests": mine})


@role_required(*READERS)
@require_POST
def end_interest(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Interest.objects.filter(person=signed_in(request))
    acted(request, services.end_interest, done=_("Ended."), interest=get_object_or_404(mine, pk=pk))
    return redirect("funding:interests")
