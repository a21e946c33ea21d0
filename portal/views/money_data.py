"""Open data: the page that explains every column, and the downloads."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.open_data import BY_KEY, SETS, as_csv, as_json

WRITERS = {"csv": as_csv, "json": as_json}


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    context = {"sets": SETS, "year": year, "years": range(timezone.localdate().year, 2023, -1)}
    return render(request, "portal/money_data.html", context)


@require_safe
def download(request: HttpRequest, key: str, kind: str) -> StreamingHttpResponse:
    if key not in BY_KEY or kind not in WRITERS:
        raise Http404
    return WRITERS[kind](BY_KEY[key], _year(request))


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else timezone.localdate().year
    if not 2000 <= year <= timezone.localdate().year:
        raise Http404
    return year
