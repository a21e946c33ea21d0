"""What everybody may read: what one can apply for, what to bring, and at which counters."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.finding import words_in
from lib.registry import references
from organizations.acting import page_of
from routing.models import CentreStandard, ServiceCentre, ServiceItem

WORDS = 40
PAGES = (("page", "report"), ("page", "follow"))


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """By large class; with words, those in which they stand."""
    words = request.GET.get("q", "").strip()[:WORDS]
    rows = ServiceItem.objects.open_on(timezone.localdate())
    context = {"rows": rows.about(words) if words else rows, "q": words}
    return render(request, "routing/service_items.html", context)


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One matter on one page, to print and take along."""
    today = timezone.localdate()
    found = get_object_or_404(ServiceItem.objects.open_on(today), code=code)
    pages = references.resolve(PAGES, None)
    report, follow = (pages.get(page) for page in PAGES)
    context = {"item": found, "report": report, "follow": follow}
    return render(request, "routing/service_item.html", context)


@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """Where and when, beside what the standard of the level asks for."""
    words, today = request.GET.get("q", "").strip()[:WORDS], timezone.localdate()
    rows = ServiceCentre.objects.open_on(today)
    if words:
        named = words_in(words, ("name", "name_en", "address"))
        rows = rows.filter(named | Q(territory__name=words))
    page = page_of(request, rows, order=("territory__code", "code"))
    standards = {row.level: row for row in CentreStandard.objects.valid_on(today)}
    shown = [(row, row.shortfalls(standards.get(row.territory.level))) for row in page.rows]
    context = {"page": page, "shown": shown, "standards": standards.values(), "q": words}
    return render(request, "routing/service_centres.html", context)
