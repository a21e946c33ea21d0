"""Those who lead: the list of orders, a new one, one with everything that follows from it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from emergency import figures
from emergency.forms.orders import ExtendForm, LevelForm, OrderForm, ReasonForm
from emergency.models import Called, CallOut, Check, Depot, Order, Report, Review, Task
from emergency.models.orders import COMMANDERS, FIELD, WATCHERS
from emergency.services import ordering, standing_down
from emergency.services.ways import ORDER
from organizations.acting import answer_act, answer_form, page_of
from organizations.http import reader, role_required, signed_in

FORM = "volunteers/desk_form.html"
GET_POST = ["GET", "HEAD", "POST"]


@role_required(*WATCHERS, *FIELD)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Orders of the reader's places: to confirm, in force, over."""
    user, on = reader(request)
    rows = Order.objects.watched_by(user, on=on) | Order.objects.worked_by(user, on=on)
    orders = rows.distinct().with_names()
    now = timezone.now()
    late = Report.objects.visible_to(user, on=on).late(now).with_names()
    context = {
        "waiting": orders.filter(state="draft").order_by("-pk"),
        "running": orders.filter(state="in_force").order_by("level", "-pk"),
        "page": page_of(request, orders.exclude(state__in=["draft", "in_force"])),
        "late": late.order_by("due_at")[:20],
        "tasks": Task.objects.of(user, on=on).open().with_names().order_by("pk")[:50],
        "may_order": bool(user.roles_on(on) & COMMANDERS),
        "at": now,
    }
    return render(request, "emergency/desk.html", context)


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def new(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    form = OrderForm(request.POST or None, user=user, on=on)

    def write(_given: dict[str, Any]) -> str:
        made = ordering.draft(form.wanted, by=user, at=timezone.now())
        return reverse("emergency:lead", args=[made.pk])

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", title=_("Draw up an order"),
        act=_("Send to be confirmed"), back_url=reverse("emergency:desk"),
        about=_("Another person confirms it; only then is it in force and published."),
    )  # fmt: skip


def watched(request: HttpRequest, pk: int) -> Order:
    user, on = reader(request)
    rows = Order.objects.watched_by(user, on=on).with_names()
    return get_object_or_404(rows, pk=pk)


def led(request: HttpRequest, pk: int) -> Order:
    """An order of a place where the reader gives orders; else 404."""
    user, on = reader(request)
    return get_object_or_404(Order.objects.led_by(user, on=on).with_names(), pk=pk)


@role_required(*WATCHERS)
@require_safe
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one order on one page."""
    order, now, user = watched(request, pk), timezone.now(), signed_in(request)
    context = {
        "order": order,
        "moves": [_MOVES[name] for name in ORDER.open_to(order, by=user, at=now) if name in _MOVES],
        "leads": Order.objects.led_by(user, on=timezone.localdate(now)).filter(pk=pk).exists(),
        "figures": figures.of_order(order),
        "measures": order.measures.order_by("code"),
        "callouts": CallOut.objects.filter(order=order).with_names().with_figures().order_by("-pk"),
        "points": order.points.order_by("pk"),
        "reports": _reports(order, now),
        "unsettled": figures.unsettled(order),
        "field": _field(order),
        "review": Review.objects.filter(order=order).prefetch_related("lessons__body").first(),
        "proof": getattr(order, "deletion", None),
        "people": Called.objects.filter(order=order).figures(),
        "checks": Check.objects.filter(order=order).count(),
        "events": order.events.select_related("by").order_by("-number"),
        "at": now,
    }
    return render(request, "emergency/lead.html", context)


def _reports(order: Order, now: Any) -> list[dict[str, Any]]:
    rows = order.reports.select_related("by").order_by("due_at", "pk")
    return [{"row": row, "late": row.is_late(now)} for row in rows]


def _field(order: Order) -> Any:
    depot = Depot.objects.filter(order=order).first()
    return depot.stocks.exclude(balance=0).select_related("item") if depot else []


_MOVES: dict[str, dict[str, Any]] = {
    "confirm": {"name": "confirm", "label": gettext_lazy("Confirm: in force now"),
                "icon": "check", "first": True},
    "withdraw": {"name": "withdraw", "label": gettext_lazy("Withdraw"), "icon": "x"},
    "extend": {"name": "extend", "label": gettext_lazy("Extend"), "icon": "clock-plus"},
    "raise": {"name": "level", "label": gettext_lazy("Raise or lower"), "icon": "arrows-up-down"},
    "stand_down": {"name": "stand_down", "label": gettext_lazy("Stand down"), "icon": "flag-off"},
    "review": {"name": "review", "label": gettext_lazy("Review"), "icon": "report-search"},
}  # fmt: skip
_FORMS: dict[str, Any] = {
    "withdraw": ReasonForm,
    "stand_down": ReasonForm,
    "extend": ExtendForm,
    "level": LevelForm,
}
_TITLES = {
    "withdraw": gettext_lazy("Withdraw"),
    "stand_down": gettext_lazy("Stand down"),
    "extend": gettext_lazy("Extend"),
    "level": gettext_lazy("Raise or lower"),
}
_SERVICES: dict[str, Any] = {
    "withdraw": ordering.withdraw,
    "stand_down": standing_down.stand_down,
    "extend": ordering.extend,
    "level": ordering.change_level,
}


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: confirm (at once), withdraw, extend, level or stand_down (with a reason)."""
    order, user = led(request, pk), signed_in(request)
    back = reverse("emergency:lead", args=[pk])
    if name == "confirm":
        if request.method != "POST":
            return redirect(back)
        act = lambda: ordering.confirm(order, by=user, at=timezone.now())  # noqa: E731
        return answer_act(request, act, done=_("In force, and published."), back=back)
    if name not in _FORMS:
        raise Http404
    form = _FORMS[name](request.POST or None, initial={"until": order.until, "level": order.level})

    def write(given: dict[str, Any]) -> str:
        _SERVICES[name](order, by=user, at=timezone.now(), **given)
        return back

    title = f"{_TITLES[name]} · {order}"
    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", title=title, back_url=back,
        act=_TITLES[name],
    )  # fmt: skip
