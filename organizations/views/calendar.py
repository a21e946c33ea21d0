"""The working calendar: a year with its holidays, the hours, and how long a limit would be."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.roles import Role
from lib.worktime import is_continuous
from organizations.calendars import USUAL_PERIODS, horizon_warning, working_calendar, year_of
from organizations.forms.calendar import LimitForm
from organizations.http import roles_of
from organizations.models import WorkingPeriod

FIRST_YEAR, LAST_YEAR = 2015, 2100


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    year = _year(request, today)
    form = LimitForm.of(request.GET, at=now)
    context = {
        "year": year,
        "months": year_of(year),
        "today": today,
        "periods": WorkingPeriod.objects.valid_on(today).order_by("starts") or USUAL_PERIODS,
        "ends": horizon_warning(today),
        "form": form,
        "answer": _answer(form) if form.is_bound and form.is_valid() else None,
        "edits": Role.SYSTEM_ADMIN in roles_of(request),
        "at": now,
    }
    return render(request, "organizations/calendar.html", context)


def _year(request: HttpRequest, today: datetime.date) -> int:
    asked = request.GET.get("year", "") or str(today.year)
    if not asked.isdecimal() or not FIRST_YEAR <= int(asked) <= LAST_YEAR:
        raise Http404
    return int(asked)


def _answer(form: LimitForm) -> dict[str, Any]:
    """When the limit ends, when its clock begins, and how long that is on the wall."""
    given, hours = form.cleaned_data, working_calendar()
    start, unit = given["start"], given["unit"]
    due = hours.deadline(start, given["amount"], unit)
    return {
        "due": due,
        "begins": start if is_continuous(unit) else hours.next_working(start),
        "waits": not is_continuous(unit) and not hours.is_working(start),
    }
