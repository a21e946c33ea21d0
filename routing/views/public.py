"""What everybody may read: what was admitted to communities, and the three lists of each."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.registry import references
from organizations.acting import page_of
from organizations.models import Body
from organizations.models.bodies import Nature
from routing.models import AdmissionApplication, AdmissionShare, CommunityDuty
from routing.models.duty import CommunityList


@require_safe
def admitted(request: HttpRequest) -> HttpResponse:
    """Admitted matters with what they bring, and what communities say of them."""
    rows = AdmissionApplication.objects.in_force().rated().with_names()
    return render(request, "routing/admitted.html", {"page": page_of(request, rows)})


def _communities() -> QuerySet[Body]:
    rows: QuerySet[Body] = Body.objects.valid_on(timezone.localdate())
    return rows.filter(kind__nature=Nature.COMMUNITY)


@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    rows = _communities()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words))
    page = ("page", "open-data")
    data = references.resolve([page], None).get(page)
    context = {"page": page_of(request, rows, order=("code",)), "q": words, "data": data}
    return render(request, "routing/communities.html", context)


@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Its own duties, what it helps with, what it may not be given, and what was admitted."""
    found, today = get_object_or_404(_communities(), code=code), timezone.localdate()
    rows = CommunityDuty.objects.valid_on(today).filter(Q(body=found) | Q(body=None))
    named = list(rows.select_related("category").order_by("category__code", "pk"))
    shares = AdmissionShare.objects.filter(
        community=found, application__in=AdmissionApplication.objects.in_force()
    )
    context = {
        "community": found,
        "lists": [(one, [row for row in named if row.list == one.value]) for one in CommunityList],
        "shares": shares.select_related(
            "application__category", "application__department"
        ).order_by("pk"),
    }
    return render(request, "routing/community.html", context)
