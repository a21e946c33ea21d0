"""Pages that stand still: about, privacy, accessibility, site map, offline."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# What the offline page and the page for the street are drawn with.
KEPT_FILES = (
    "npm/@tabler/core/dist/css/tabler.min.css",
    "gongzhi/tokens.css",
    "gongzhi/parts.css",
    "gongzhi/faces.css",
    "gongzhi/print.css",
    "gongzhi/preferences.js",
    "gongzhi/pages.js",
    "gongzhi/device.js",
    "gongzhi/photos.js",
    "gongzhi/queue.js",
    "gongzhi/emblem.svg",
    "portal/field.css",
    "portal/field.js",
    "portal/field_forms.js",
)


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
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that answers without a connection; it must stand at the root to serve every page.

    Its version changes with the files that it keeps and with the language of the pages.
    """
    named = " ".join([*map(static, KEPT_FILES), get_language() or ""])
    version = hashlib.sha256(named.encode()).hexdigest()[:12]
    kept = {"files": KEPT_FILES, "version": version}
    kind = "text/javascript; charset=utf-8"
    return render(request, "portal/service_worker.js", kept, content_type=kind)
