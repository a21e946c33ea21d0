"""Cases that everybody may see: the list, one case, its photos, its history's proof."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cases.models import Case, CaseEvent, ChainRoot, Photo
from cases.models.queries import CaseQuerySet
from cases.workflow import OPEN, State
from lib.chain import first_break
from organizations.acting import page_of
from portal import publication
from portal.forms import PublishedFilter, VerifyForm
from portal.progress import progress_of
from portal.views.report import remembered

PAGE = 20
STATES = {"open": OPEN, "done": {State.CLOSED}}


def narrowed(cases: CaseQuerySet, wanted: dict[str, Any], at: Any) -> CaseQuerySet:
    """The filters of the list; the figures of the home page count with the same."""
    if wanted.get("state"):
        cases = cases.filter(state__in=STATES[wanted["state"]])
    if wanted.get("days"):
        cases = cases.filter(created_at__gte=publication.since(at, wanted["days"]))
    if wanted.get("community"):
        cases = cases.filter(community=wanted["community"])
    if wanted.get("category"):
        cases = cases.filter(category=wanted["category"])
    if wanted.get("month"):
        cases = cases.ended_in_month(wanted["month"])
    return cases.published_with(wanted["q"]) if wanted.get("q") else cases


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    form = PublishedFilter(request.GET)
    form.is_valid()
    cases = narrowed(publication.listed(Case.objects.published()), form.cleaned_data, at)
    page = page_of(request, cases, order=("-id",), size=PAGE)
    rows = [publication.shown(case) for case in page.rows]
    context = {"form": form, "page": page, "rows": rows, "chips": _chips(request), "at": at}
    context["points"] = publication.points(cases)
    return render(request, "portal/published.html", context)


def _chips(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.get("state", "")
    chips = []
    for value, label in PublishedFilter.STATES.items():
        query = request.GET.copy()
        query.pop("cursor", None)
        query["state"] = value
        chips.append({"label": label, "url": f"?{query.urlencode()}", "chosen": chosen == value})
    return chips


def _published_case(number: str) -> Case:
    return get_object_or_404(publication.listed(Case.objects.published()), number=number)


@require_safe
def published_case(request: HttpRequest, number: str) -> HttpResponse:
    case = _published_case(number)
    point = publication.point_of(case)
    context = {
        "at": timezone.now(),
        "row": publication.shown(case),
        "progress": progress_of(case, to_reporter=False),
        "photos": publication.public_photos(case),
        "points": [{**point, "url": ""}] if point else [],
    }
    return render(request, "portal/published_case.html", context)


@require_safe
@cache_control(private=True, max_age=3600)
def photo(request: HttpRequest, number: str, pk: int, size: str) -> FileResponse:
    """A released photo of a case that is published, or that this browser may follow.

    `size`: "small" or "large".
    """
    case = Case.objects.published().filter(number=number).first() or remembered(request, number)
    found = get_object_or_404(Photo, case=case, pk=pk, is_public=True)
    file = found.thumbnail if size == "small" else found.image
    try:
        return FileResponse(file.open("rb"), content_type="image/jpeg")
    except (FileNotFoundError, ValueError) as error:  # gone, or erased
        raise Http404 from error


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a published case's history is whole: each event holds the hash of the one before."""
    form = VerifyForm(request.GET if "number" in request.GET else None)
    context: dict[str, Any] = {"form": form, "at": timezone.now()}
    if form.is_valid():
        context |= _proof(form.cleaned_data["number"].strip())
    return render(request, "portal/verify.html", context)


def _proof(number: str) -> dict[str, Any]:
    case = Case.objects.published().filter(number=number).first()
    if case is None:
        return {"unknown": True}
    events = list(CaseEvent.objects.filter(case=case).order_by("number"))
    broken = first_break(events)
    whole = broken is None and bool(events) and events[-1].hash == case.head
    roots = ChainRoot.objects.order_by("-day")[:7]
    return {"case": case, "events": events, "broken": broken, "whole": whole, "roots": roots}
