"""The guardian's page behind the link in a text message: no account is needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lib.errors import RuleViolation
from volunteers import services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """What the child wants, and one button: to consent."""
    row = services.by_code(code)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            row = services.consent_by_link(code, at=timezone.now())
        except RuleViolation as refusal:
            raise Http404 from refusal
    return render(request, "volunteers/consent.html", {"row": row, "at": timezone.now()})
