"""A commitment that many hands would help calls for volunteers, who answer on their own desk."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consultation.commitment_workflow import OPEN
from consultation.models import Commitment
from consultation.models.commitments import CARRIES_OUT, READERS, SUBJECT
from consultation.services.carriers import holds_here, works_for
from grids.locate import Place
from lib.roles import Role
from organizations.http import reader, role_required, signed_in
from volunteers.call_pages import Caller, call_page, calls_of

CALLERS = CARRIES_OUT | {Role.CONSULTATION_HOST}


def panel(request: HttpRequest, commitment: Commitment) -> dict[str, Any] | None:
    """Calls of the commitment with what became of them, and the way to a new one."""
    url = reverse("consultation:call_volunteers", args=[commitment.pk])
    return calls_of(
        request, SUBJECT, str(commitment.pk), url=url if _may(request, commitment) else ""
    )


def _may(request: HttpRequest, commitment: Commitment) -> bool:
    """Who carries it out, or holds such a post where it lies: not who only reads of it."""
    user, at = signed_in(request), timezone.now()
    is_theirs = works_for(user, CALLERS, commitment.owner_id, at=at)
    return commitment.state in OPEN and (is_theirs or holds_here(user, CALLERS, commitment, at=at))


@role_required(*READERS)
@require_http_methods(["GET", "POST"])
def call_volunteers(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = reader(request)
    seen = Commitment.objects.visible_to(user, on=on).with_names()
    commitment = get_object_or_404(seen, pk=pk)
    if not _may(request, commitment):
        raise PermissionDenied
    caller = Caller(
        kind=SUBJECT,
        key=str(commitment.pk),
        body=commitment.owner,
        place=Place(commitment.town_id, commitment.community_id, None),
        back=reverse("consultation:commitment", args=[commitment.pk]),
        title=commitment.title[:80],
        address=str(commitment.community or ""),
    )
    return call_page(request, caller)
