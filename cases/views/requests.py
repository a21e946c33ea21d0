"""What departments ask for and this person has to answer."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.models import Request
from cases.models.requests import REVIEWS
from organizations.acting import page_of
from organizations.http import roles_of, signed_in


@require_GET
@login_required
def to_review(request: HttpRequest) -> HttpResponse:
    """Pending requests, the oldest first."""
    if REVIEWS.isdisjoint(roles_of(request)):
        raise Http404
    at = timezone.now()
    rows = Request.objects.for_reviewer(signed_in(request), on=timezone.localdate(at))
    page = page_of(request, rows.with_cases(), order=("pk",))
    return render(request, "cases/requests.html", {"page": page, "at": at})
