"""A resident reports, without an account, and gets a receipt."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import services
from cases.alarms import alarm_for, alarm_in
from cases.models import Case, Channel
from lib.errors import RuleViolation
from organizations.models import User
from portal import throttle
from portal.forms import ReportForm
from routing.models import Category
from routing.suggest import suggest_categories

MOST_AN_HOUR = 20
REMEMBERED = 20
LONGEST_KIND = 120
KINDS, LONGEST, MOST_KINDS_A_MINUTE = 3, 4000, 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        kind = request.GET.get("kind", "")[:LONGEST_KIND]
        return _page(request, ReportForm(initial={"client_key": uuid.uuid4(), "category": kind}))
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    if throttle.count("report", throttle.address_of(request), seconds=3600) > MOST_AN_HOUR:
        form.add_error(None, _("Many reports have come from here within an hour. Try later."))
        return _page(request, form, status=429)
    return _log(request, form)


def _log(request: HttpRequest, form: ReportForm) -> HttpResponse:
    try:
        case = services.log(
            by=author_of(request), at=timezone.now(), channel=Channel.WEB, **form.matter()
        )
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=409)
    remember(request, case)
    return redirect("portal:receipt", number=case.number)


def author_of(request: HttpRequest) -> User:
    """In whose name a resident acts: their own, or the installation's without an account."""
    return request.user if isinstance(request.user, User) else User.objects.system()


def remember(request: HttpRequest, case: Case) -> None:
    """Who has shown number and code, or has just reported, need not type them again."""
    known = [number for number in request.session.get("cases", []) if number != case.number]
    request.session["cases"] = [*known, case.number][-REMEMBERED:]


def remembered(request: HttpRequest, number: str) -> Case:
    """The case, if this browser has proven that it may follow it; 404 otherwise."""
    if number not in request.session.get("cases", []):
        raise Http404
    rows = Case.objects.for_list().select_related("reporter", "kept__lead_body")
    return get_object_or_404(rows, number=number)


def _page(request: HttpRequest, form: ReportForm, *, status: int | None = None) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    return render(request, "portal/report.html", {"form": form}, status=status)


@never_cache
@require_POST
def danger(request: HttpRequest) -> HttpResponse:
    """Whom to call, while somebody writes of danger; nothing is kept."""
    found = alarm_in(request.POST.get("text", ""), on=timezone.localdate())
    return render(request, "cases/_danger.html", {"danger": found})


@never_cache
@require_POST
def kinds(request: HttpRequest) -> HttpResponse:
    """What the words of a report may be about, for the person who is writing it."""
    if throttle.count("kinds", throttle.address_of(request), seconds=60) > MOST_KINDS_A_MINUTE:
        return HttpResponse(status=429)
    on = timezone.localdate()
    text = request.POST.get("text", "")[:LONGEST]
    found = suggest_categories(text, KINDS, on=on)
    names = Category.objects.in_bulk([suggestion.category_id for suggestion in found])
    shown = [(str(names[one.category_id]), one.words[:3]) for one in found]
    return render(request, "portal/_kinds.html", {"kinds": shown})


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    case = remembered(request, number)
    follow_url = request.build_absolute_uri(reverse("portal:follow"))
    slip = services.receipt_of(case, follow_url=follow_url)
    told, words = services.told_of(case)
    shown = {"case": case, "receipt": slip, "danger": alarm_for(case)}
    shown |= {"told": told, "told_words": words}
    return render(request, "portal/receipt.html", shown)
