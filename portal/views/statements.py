"""Pages that stand still: about, privacy, accessibility, site map, offline."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lib.registry import Text
from portal.shell import Shell

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
    "portal/field_file.js",
    "portal/field_forms.js",
)

# Site map: what stands below the entries of the main menu.
BELOW: dict[str, tuple[tuple[str, Text], ...]] = {
    "consultation:published": (
        ("consultation:propose", _("Propose a topic")),
        ("consultation:public_topics", _("Proposed topics")),
        ("consultation:published_commitments", _("What was promised")),
        ("consultation:published_calls", _("Project calls")),
        ("consultation:calendar", pgettext_lazy("site map", "Sessions and votes to come")),
        ("consultation:follow", _("Follow what you sent")),
        ("consultation:verify", _("Is this what was published?")),
    ),
    "volunteers:activities": (
        ("volunteers:wishes", _("Small wishes")),
        ("volunteers:organisations", pgettext_lazy("site map", "Social organisations")),
        ("volunteers:figures", pgettext_lazy("site map", "Voluntary service in figures")),
        ("volunteers:verify_ask", pgettext_lazy("site map", "Verify a certificate of service")),
    ),
    "portal:money": (
        ("portal:money_statements", _("Monthly statements")),
        ("portal:money_donations", _("Donations")),
        ("portal:money_questions", _("Questions and answers")),
        ("portal:money_standards", _("Pay and services")),
        ("portal:money_proofs", _("Is it true?")),
        ("portal:money_data", _("Open data")),
    ),
}


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
    found = [(entry, _below(entry.url)) for entry in Shell(request).public_menu]
    return render(request, "portal/site_map.html", {"for_residents": found})


def _below(address: str) -> list[tuple[str, Text]]:
    """The pages that stand below one of the main menu, with their addresses."""
    pages = next((rows for name, rows in BELOW.items() if reverse(name) == address), ())
    return [(reverse(name), label) for name, label in pages]


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
