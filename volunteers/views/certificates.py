"""Certificates: asked for, printed, and verified by anyone who holds one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.proof_pages import ProofPages
from organizations.acting import answer_form
from organizations.http import signed_in
from volunteers.certificate_paper import certificate_paper, rows_of
from volunteers.forms.hours import CertificateForm
from volunteers.http import person_required
from volunteers.models import Certificate, Volunteer
from volunteers.services import certificates

PAGES = ProofPages(
    "volunteers",
    gettext_lazy("Certificate of volunteer service"),
    gettext_lazy("Check a certificate"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a certificate: at once, free, as often as wished."""
    user = signed_in(request)
    visible = Volunteer.objects.visible_to(user, on=timezone.localdate())
    volunteer = get_object_or_404(visible.with_names(), pk=pk)
    bodies = certificates.bodies_of(volunteer)
    form = CertificateForm(request.POST or None, bodies=[body for body, _sum in bodies])

    def write(given: dict[str, Any]) -> str:
        body = given.pop("body")
        made = certificates.issue(volunteer, body, by=user, at=timezone.now(), **given)
        return reverse("volunteers:certificate", args=[made.number])

    context = {"volunteer": volunteer, "bodies": bodies}
    return answer_form(request, form, write, **context, template="volunteers/certificate_new.html")


def _own(request: HttpRequest, number: str) -> Certificate:
    visible = Certificate.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), number=number)


@never_cache
@require_safe
@person_required
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    found = _own(request, number)
    return PAGES.own(request, found, rows=rows_of(found))


@require_safe
@person_required
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as PDF, with the picture that leads to its check."""
    found = _own(request, number)
    return certificate_paper(found, PAGES.address(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code where the picture cannot be read."""
    return PAGES.ask(request)


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What stands on the certificate, and whether it holds; nothing else."""
    found = Certificate.objects.with_names().filter(code=code.upper()).first()
    return PAGES.verify(request, found, rows=rows_of(found) if found else [])
