"""Possible duplicates: while a report is typed, and side by side for who may merge them."""

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases import services
from cases.forms.intake import LOGGERS
from cases.forms.whereabouts import CategoryAsked, PlaceAsked
from cases.services import duplicates
from cases.views.detail import visible
from cases.workflow import State
from grids.models import Level
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, signed_in

MERGERS = frozenset({Role.DISPATCHER, Role.ACCEPTOR})
MOST_TYPED, MOST_MERGED = 5, 10


@require_POST
@role_required(*LOGGERS)
def while_typing(request: HttpRequest) -> HttpResponse:
    """Open matters like what is being typed: near by, or in like words."""
    at = timezone.now()
    category = CategoryAsked(request.POST).answer(on=timezone.localdate(at)).chosen
    place = PlaceAsked(request.POST).answer()
    communities = [each.pk for each in place.names if each.level == Level.COMMUNITY]
    report = duplicates.Report(
        words=request.POST.get("text", "").strip(),
        category=category.pk if category else None,
        point=place.point,
        grid=place.grid_id,
        community=communities[0] if communities else None,
        at=at,
    )
    hits = duplicates.likely_of(report, visible(request))[:MOST_TYPED]
    return render(request, "cases/_duplicates.html", {"hits": hits, "at": at})


@require_GET
@role_required(*MERGERS)
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs side by side, and what was merged lately, to be undone."""
    at = timezone.now()
    context = {
        "at": at,
        "pairs": [_shown(pair) for pair in _with_photos(duplicates.pairs(visible(request), at=at))],
        "merged": visible(request)
        .filter(state=State.MERGED)
        .select_related("kept")
        .newest_first()[:MOST_MERGED],
    }
    return render(request, "cases/duplicates.html", context)


def _with_photos(found: list[duplicates.Pair]) -> list[duplicates.Pair]:
    """Their photos in one query."""
    cases = [case for pair in found for case in (pair.case, pair.hit.case)]
    prefetch_related_objects(cases, "photos")
    return found


def _shown(pair: duplicates.Pair) -> dict[str, Any]:
    sides = (pair.case, pair.hit.case)
    points = [
        {"lon": case.lon, "lat": case.lat, "tone": tone, "title": f"{case.number} {case.title}"}
        for case, tone in zip(sides, ("asked", "work"), strict=True)
        if case.lon is not None
    ]
    return {"pair": pair, "points": points, "map": f"pair-{pair.case.pk}-{pair.hit.case.pk}"}


@require_POST
@role_required(*MERGERS)
def tell_apart(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """They are two: the pair is no longer shown."""
    first = get_object_or_404(visible(request), number=number)
    second = get_object_or_404(visible(request), number=other)
    try:
        services.tell_apart(first, second, by=signed_in(request), at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("They stay two cases."))
    return redirect("cases:duplicate_pairs")
