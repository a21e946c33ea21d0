"""Depots and what they hold: lists, movements, forms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from emergency.forms.orders import territories_of
from emergency.forms.supplies import (
    DepotForm,
    FieldLotForm,
    LotForm,
    TransferForm,
    orders_with_a_field,
)
from emergency.models import Depot, Movement
from emergency.models.orders import COMMANDERS
from emergency.models.supplies import KEEPERS, stores_near
from emergency.services import supplying
from emergency.views.desk import FORM, GET_POST
from organizations.acting import answer_form, page_of
from organizations.http import reader, role_required, signed_in

MOVERS = COMMANDERS | {"grid_worker", "community_worker"}


@role_required(*KEEPERS)
@require_safe
def depots(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    rows = Depot.objects.visible_to(user, on=on).stores().select_related("town", "community")
    context = {
        "page": page_of(request, rows.prefetch_related("stocks__item"), order=("pk",)),
        "may_open": bool(user.roles_on(on) & COMMANDERS),
        "at": timezone.now(),
    }
    return render(request, "emergency/depots.html", context)


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def depot_new(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    rows = territories_of(user, on=on).exclude(level="city")
    form, back = DepotForm(request.POST or None, territories=rows), reverse("emergency:depots")

    def write(given: dict[str, Any]) -> str:
        made = supplying.open_depot(by=user, at=timezone.now(), **given)
        return reverse("emergency:depot", args=[made.pk])

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", back_url=back,
        title=_("New depot"),
    )  # fmt: skip


@role_required(*KEEPERS)
@require_safe
def depot(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = reader(request)
    rows = Depot.objects.visible_to(user, on=on).stores().select_related("town", "community")
    found = get_object_or_404(rows, pk=pk)
    movements = Movement.objects.of_depot(found).with_names()
    context = {
        "depot": found,
        "stocks": found.stocks.select_related("item").order_by("item__code"),
        "page": page_of(request, movements),
        "acts": _ACTS.items() if stores_near(user, on=on).filter(pk=pk).exists() else (),
        "at": timezone.now(),
    }
    return render(request, "emergency/depot.html", context)


_ACTS = {
    "receive": pgettext_lazy("supplies", "Came in"),
    "hand_out": gettext_lazy("Hand out"),
    "take_back": pgettext_lazy("supplies", "Take back"),
    "use_up": gettext_lazy("Used up in the field"),
    "transfer": gettext_lazy("To another depot"),
    "lose": gettext_lazy("Lost or spoilt"),
}
_IN_THE_FIELD = {"hand_out", "take_back", "use_up"}


@role_required(*MOVERS)
@require_http_methods(GET_POST)
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: one of `_ACTS`."""
    user, on = reader(request)
    found = get_object_or_404(stores_near(user, on=on), pk=pk)
    form, back = _form(request, name, pk), reverse("emergency:depot", args=[pk])

    def write(given: dict[str, Any]) -> str:
        act = getattr(supplying, name)
        between = [given[field] for field in ("order", "to") if field in given]
        act(found, *between, form.lot, by=user, at=timezone.now())
        return back

    title = f"{_ACTS[name]} · {found}"
    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", title=title, back_url=back
    )


def _form(request: HttpRequest, name: str, pk: int) -> Any:
    user, on = reader(request)
    data = request.POST or None
    if name in _IN_THE_FIELD:
        return FieldLotForm(data, on=on, orders=orders_with_a_field(signed_in(request), on=on))
    if name == "transfer":
        return TransferForm(data, on=on, user=user, depot=pk)
    return LotForm(data, on=on)
