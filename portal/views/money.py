"""Where the money goes: the flow, a line, a reservation, and all money for one matter."""

import dataclasses
from typing import Any

from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from funding.models import Donation, Entry, Hold, Line, MonthTotal, Purpose, Source
from funding.synopsis import Flows
from lib.masking import mask_payee
from organizations.acting import page_of
from organizations.models import Body
from portal.flow import Picture, Wanted, picture_of
from portal.money_subjects import public_subjects

PAGE = 30
# The totals themselves are at most a minute behind.
FRESH_SECONDS = 30


@require_safe
def money(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    picture = _remembered(wanted)
    context = {
        "at": timezone.now(),
        "wanted": wanted,
        "picture": picture,
        "years": _years(wanted),
        "sources": _source_chips(wanted),
        "body": Body.objects.filter(code=wanted.body).first(),
        "all_url": wanted.url(body=""),
    }
    return render(request, "portal/money.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    this_year = timezone.localdate().year
    try:
        year = int(request.GET.get("year", this_year))
    except ValueError as error:
        raise BadRequest("year") from error
    if not 2000 <= year <= this_year:
        raise Http404
    return Wanted(year, request.GET.get("source", "")[:50], request.GET.get("body", "")[:50])


def _remembered(wanted: Wanted) -> Picture:
    language = translation.get_language()
    key = f"portal:flow:{language}:" + ":".join(map(str, dataclasses.astuple(wanted)))
    known: Picture | None = cache.get(key)
    if known is None:
        known = picture_of(wanted)
        cache.set(key, known, timeout=FRESH_SECONDS)
    return known


def _years(wanted: Wanted) -> list[dict[str, Any]]:
    """From the first year in which anything moved to this one."""
    first = MonthTotal.objects.order_by("month").values_list("month", flat=True).first()
    this_year = timezone.localdate().year
    years = range(this_year, (first.year if first else this_year) - 1, -1)
    return [
        {"label": year, "url": wanted.url(year=year), "chosen": year == wanted.year}
        for year in years
    ]


def _source_chips(wanted: Wanted) -> list[dict[str, Any]]:
    codes = [("", _("All kinds of money"))]
    codes += [(source.code, str(source)) for source in Source.objects.order_by("rank")]
    return [
        {"label": label, "url": wanted.url(source=code), "chosen": code == wanted.source}
        for code, label in codes
    ]


@require_safe
def line(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Line.objects.with_names(), code=code)
    wanted = _wanted(request)
    holds = Hold.objects.filter(line=found).select_related("purpose")
    page = page_of(request, holds, size=PAGE)
    context = {
        "at": timezone.now(),
        "line": found,
        "wanted": wanted,
        "money_url": wanted.url(source="", body=""),
        "body_url": wanted.url(source="", body=found.body.code),
        "months": _months(found, wanted),
        "purposes": Purpose.objects.filter(lines__line=found).order_by("pk"),
        "page": page,
        "rows": _with_subjects(page.rows),
        "decisions": found.decisions.select_related("document").order_by("-held_on"),
        "gifts": Donation.objects.received().filter(line=found).count(),
        "questions": found.questions.published().order_by("-pk")[:5],
    }
    return render(request, "portal/money_line.html", context)


def _with_subjects(holds: list[Hold]) -> list[dict[str, Any]]:
    subjects = public_subjects((hold.subject_kind, hold.subject_key) for hold in holds)
    return [
        {"hold": hold, "subject": subjects.get((hold.subject_kind, hold.subject_key))}
        for hold in holds
    ]


def _months(found: Line, wanted: Wanted) -> list[dict[str, Any]]:
    """In and out of each month of the year in which something moved."""
    months: dict[Any, Flows] = {}
    totals = MonthTotal.objects.filter(line=found).between(wanted.first, wanted.end)
    for total in totals.order_by("month"):
        flows = months.setdefault(total.month, Flows())
        step = (total.source_bucket, total.target_bucket)
        flows.moved(total.kind, step, total.purpose_id, total.amount)
    return [{"month": month, "flows": flows} for month, flows in months.items()]


@require_safe
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """One reservation: what it was for, each movement, and back to its line."""
    found = get_object_or_404(
        Hold.objects.select_related("line__source", "line__body", "purpose"), pk=pk
    )
    entries = Entry.objects.filter(hold=found).select_related("posting__payment__application")
    context = {
        "at": timezone.now(),
        "hold": found,
        "subject": _with_subjects([found])[0]["subject"],
        "entries": [
            {"entry": entry, "payee": _payee(entry)} for entry in entries.order_by("number")
        ],
    }
    return render(request, "portal/money_hold.html", context)


def _payee(entry: Entry) -> str:
    payment = getattr(entry.posting, "payment", None)
    return mask_payee(payment.application.payee_name) if payment else ""


@require_safe
def subject(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """All money that was kept and paid for one matter, with the lines that it came from."""
    shown = public_subjects([(kind, key)]).get((kind, key))
    if shown is None:
        raise Http404
    holds = Hold.objects.filter(subject_kind=kind, subject_key=key)
    rows = list(holds.select_related("line__source", "line__body", "purpose").order_by("pk"))
    context = {"at": timezone.now(), "subject": shown, "holds": rows}
    return render(request, "portal/money_subject.html", context)
