"""Certificates of training: shown, printed, revoked, and verified by anyone who holds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.proof_pages import ProofPages
from organizations.acting import acted
from organizations.http import account_required, signed_in
from talent.certificate_paper import certificate_paper
from talent.models import Certificate
from talent.services import certificates
from talent.services.actors import organises

PAGES = ProofPages(
    "talent",
    gettext_lazy("Certificate of training"),
    gettext_lazy("Check a certificate of training"),
)


def _own(request: HttpRequest, number: str) -> Certificate:
    visible = Certificate.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), number=number)


@never_cache
@require_safe
@account_required
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    found, user, now = _own(request, number), signed_in(request), timezone.now()
    may_revoke = found.enrolment.person_id != user.pk and organises(
        user, found.enrolment.course, at=now
    )
    return PAGES.own(request, found, template="talent/certificate.html", may_revoke=may_revoke)


@require_safe
@account_required
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as PDF, with the picture that leads to its check."""
    found = _own(request, number)
    return certificate_paper(found, PAGES.address(request, found))


@require_POST
@account_required
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    found = _own(request, number)
    reason = request.POST.get("reason", "")[:300]
    acted(request, certificates.revoke, found, reason=reason, done=_("The certificate is revoked."))
    return redirect("talent:certificate", number)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code where the picture cannot be read."""
    return PAGES.ask(request)


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What stands on the certificate, and whether it holds; nothing else."""
    found = Certificate.objects.with_names().filter(code=code.upper()).first()
    return PAGES.verify(request, found)
