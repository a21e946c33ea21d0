"""Donations as everybody may read them, and to the donor what became of the gift."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.documents import donation_receipt
from funding.models import Donation, DonationList, DonationProject, UseReport
from funding.services import due_reports
from funding.services.disclosing import figures_of
from organizations.acting import page_of
from portal import throttle
from portal.money_forms import MyDonationForm

PAGE = 30
WINDOW = 600
MOST_TRIES = 10


@require_safe
def donations(request: HttpRequest) -> HttpResponse:
    """Projects with their next report, all gifts as their donors wished, lists of others."""
    received = Donation.objects.received()
    page = page_of(
        request, received.select_related("line__project", "line__body", "purpose"), size=PAGE
    )
    today = timezone.localdate()
    context = {
        "at": timezone.now(),
        "page": page,
        "sums": received.aggregate(sum=Sum("amount"), count=Count("pk")),
        "projects": [
            {"due": due, "overdue": due.is_overdue(today)} for due in due_reports(on=today)
        ],
        "lists": DonationList.objects.order_by("-pk")[:20],
    }
    return render(request, "portal/money_donations.html", context)


@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(DonationProject.objects.with_names(), line__code=code)
    today = timezone.localdate()
    [due] = [due for due in due_reports(on=today) if due.project.pk == found.pk]
    context = {
        "at": timezone.now(),
        "project": found,
        "due": due,
        "overdue": due.is_overdue(today),
        "figures": figures_of(found.line),
        "reports": UseReport.objects.filter(project=found).order_by("-number"),
    }
    return render(request, "portal/money_project.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_donation(request: HttpRequest) -> HttpResponse:
    """With number and code of the receipt: what became of the gift (慈善法 art. 42)."""
    form = MyDonationForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "at": timezone.now()}
    if request.method == "POST" and form.is_valid():
        found = _found(request, form)
        if isinstance(found, HttpResponse):
            return found
        if found is not None:
            return render(request, "portal/money_my_donation.html", {**context, **_told(found)})
        form.add_error(
            None, _("No donation has this number and code. Compare both with the receipt.")
        )
    status = 422 if form.errors else 200
    return render(request, "portal/money_my_donation.html", context, status=status)


def _found(request: HttpRequest, form: MyDonationForm) -> Donation | HttpResponse | None:
    address = throttle.address_of(request)
    if throttle.tries("my-donation", address) >= MOST_TRIES:
        form.add_error(None, _("Too many tries. Wait ten minutes and try again."))
        return render(request, "portal/money_my_donation.html", {"form": form}, status=429)
    wanted = form.cleaned_data
    found = Donation.objects.received().with_names().filter(**wanted).first()
    if found is None:
        throttle.count("my-donation", address, seconds=WINDOW)
    elif "receipt" in form.data:
        return donation_receipt(found)
    return found


def _told(donation: Donation) -> dict[str, Any]:
    line = donation.line
    reports = UseReport.objects.filter(project__line=line, at__gte=donation.decided_at)
    paid = line.holds.filter(paid__gt=0).select_related("purpose").order_by("-pk")[:50]
    return {
        "donation": donation,
        "figures": figures_of(line),
        "reports": reports.order_by("-number"),
        "paid": paid,
    }
