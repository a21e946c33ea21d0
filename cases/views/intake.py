"""Logging a case, and the receipt that follows."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from cases import services
from cases.alarms import alarm_for
from cases.forms.intake import LOGGERS, LogForm
from cases.forms.whereabouts import CategoryAsked, PlaceAsked, town_of
from cases.models import Case
from cases.services.findings import make_case
from cases.views.detail import find, is_part
from cases.views.findings import finding_asked, known_of
from cases.views.why import why
from grids.models import Finding
from lib import registry
from lib.errors import RuleViolation
from organizations.http import role_required, roles_of, signed_in


@require_http_methods(["GET", "POST"])
@role_required(*LOGGERS)
def log(request: HttpRequest) -> HttpResponse:
    finding = finding_asked(request)
    form = LogForm(
        request.POST or None,
        request.FILES or None,
        roles=roles_of(request),
        initial=known_of(finding) if finding else None,
    )
    if form.is_bound and form.is_valid():
        try:
            case = _log(request, form, finding)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to_receipt(request, case)
    return _form_again(request, form)


def _log(request: HttpRequest, form: LogForm, finding: Finding | None) -> Case:
    by, at, said = signed_in(request), timezone.now(), form.arguments()
    if finding is None:
        return services.log(by=by, at=at, **said)
    del said["channel"], said["client_key"]
    return make_case(finding, by=by, at=at, **said)


def wants_json(request: HttpRequest) -> bool:
    """The queue of a telephone that was without a connection asks for data, not for pages."""
    return request.headers.get("Accept", "") == "application/json"


def _to_receipt(request: HttpRequest, case: Case) -> HttpResponse:
    answer = redirect("cases:receipt", case.number)
    if wants_json(request):
        return JsonResponse({"number": case.number, "url": answer.url}, status=201)
    return HttpResponseClientRedirect(answer.url) if is_part(request) else answer


def _form_again(request: HttpRequest, form: LogForm) -> HttpResponse:
    """The page, or after an error only what is wrong: the form stays, with its photos."""
    if form.is_bound and wants_json(request):
        words = [str(word) for words in form.errors.values() for word in words]
        return JsonResponse({"detail": " ".join(words)}, status=422)
    template = "cases/_log_errors.html" if is_part(request) else "cases/log.html"
    status = 422 if form.is_bound else 200
    town = town_of(signed_in(request), on=timezone.localdate())
    shown = {"form": form, "town": town, **_choices(form)}
    return render(request, template, shown, status=status)


def _choices(form: LogForm) -> dict[str, Any]:
    """What the parts that arrive while typing show at first, so that nothing typed is lost."""
    given = {name: form[name].value() or "" for name in form.fields if name != "photos"}
    category, place = CategoryAsked(given), PlaceAsked(given)
    on = timezone.localdate()
    return {"category": category.answer(on=on), "place": place.answer()}


@require_POST
@role_required(*LOGGERS)
def categories(request: HttpRequest) -> HttpResponse:
    """Small classes for what is being typed: by the search field, else by the text."""
    answer = CategoryAsked(request.POST).answer(on=timezone.localdate())
    return render(request, "cases/_categories.html", {"category": answer})


@require_POST
@role_required(*LOGGERS)
def place(request: HttpRequest) -> HttpResponse:
    """Which grid or community a point or an address means."""
    answer = PlaceAsked(request.POST).answer()
    return render(request, "cases/_place.html", {"place": answer})


@require_GET
@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """For the person who logged it: number, query code, the way to the progress page."""
    mine = Case.objects.filter(logged_by=signed_in(request)).for_page()
    case = get_object_or_404(mine, number=number)
    receipt = services.receipt_of(case, follow_url=_follow_url(request))
    told, words = services.told_of(case)
    shown: dict[str, Any] = {"told": told, "told_words": words, "danger": alarm_for(case)}
    shown |= {"case": case, "receipt": receipt, "qr": mark_safe(receipt.qr_svg()), "why": why(case)}  # noqa: S308 -- our own drawing
    return render(request, "cases/receipt.html", shown)


def _follow_url(request: HttpRequest) -> str:
    """The public progress page, as the app that owns it names it."""
    found = registry.references.resolve([("page", "follow")], request.user)
    page = found.get(("page", "follow"))
    return request.build_absolute_uri(page.url if page and page.url else "/")


@require_GET
@login_required
def routed(request: HttpRequest, number: str) -> HttpResponse:
    """Where the case has gone; the part asks again by itself while the router owes an answer."""
    case = find(request, number)
    return render(request, "cases/_routed.html", {"case": case, "why": why(case)})
