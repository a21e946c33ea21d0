"""What left the house and what did not: the system administrator sees why, and sends again."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lib.roles import Role
from organizations.acting import page_of
from organizations.forms.messages import DeliveryFilter
from organizations.http import role_required, signed_in
from organizations.models import Delivery
from organizations.services import delivering


@role_required(Role.SYSTEM_ADMIN)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    chosen = request.GET if {"state", "channel"} & request.GET.keys() else {"state": "failed"}
    form = DeliveryFilter(chosen)
    rows = form.narrowed(Delivery.objects.for_page())
    page = page_of(request, rows, order=("-id",), size=50)
    counts = dict(Delivery.objects.values_list("state").annotate(Count("pk")).order_by("state"))
    context = {
        "form": form,
        "page": page,
        "figures": [
            (label, counts.get(state, 0), f"?state={state}")
            for state, label in Delivery.State.choices
        ],
        "failed": form.narrowed(Delivery.objects.filter(state=Delivery.State.FAILED)).count(),
        "at": timezone.now(),
    }
    return render(request, "organizations/deliveries.html", context)


@role_required(Role.SYSTEM_ADMIN)
@require_POST
def delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=pk)
    return _again(request, Delivery.objects.filter(pk=found.pk))


@role_required(Role.SYSTEM_ADMIN)
@require_POST
def deliveries_again(request: HttpRequest) -> HttpResponse:
    """All that were given up among those that the page shows."""
    return _again(request, DeliveryFilter(request.POST).narrowed(Delivery.objects.all()))


def _again(request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse:
    count = delivering.send_again(rows, by=signed_in(request), at=timezone.now())
    sentence = ngettext(
        "%(count)d message goes out again.", "%(count)d messages go out again.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect(f"{reverse('organizations:deliveries')}?state=pending")
