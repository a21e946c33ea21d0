"""Pages that stand still: about, privacy, accessibility, site map, offline."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/site_map.html")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser shows without a connection; it asks the database nothing."""
    return render(request, "portal/offline.html")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the offline page; it must stand at the root to serve every page."""
    return render(
        request, "portal/service_worker.js", content_type="text/javascript; charset=utf-8"
    )
