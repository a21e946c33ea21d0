"""Assembly points, call-outs, and the live screen of answers."""

from typing import Any

import segno
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emergency import checkin_codes
from emergency.forms.orders import CallOutForm, PointForm
from emergency.models import AssemblyPoint, Called, CallOut, Depot, DepotKind, Order
from emergency.models.orders import COMMANDERS, WATCHERS
from emergency.services import assembling, calling
from emergency.views.desk import FORM, GET_POST, led
from emergency.workflow import CalledState
from organizations.acting import acted, answer_act, answer_form, onwards, page_of
from organizations.http import account_required, reader, role_required, signed_in

ON_THE_BOARD = 30
DEPOTS = 6


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    order, user = led(request, pk), signed_in(request)
    form, back = PointForm(request.POST or None), reverse("emergency:lead", args=[pk])

    def write(given: dict[str, Any]) -> str:
        calling.add_point(order, by=user, at=timezone.now(), **given)
        return back

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", back_url=back,
        title=_("New assembly point"),
    )  # fmt: skip


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def callout_new(request: HttpRequest, pk: int) -> HttpResponse:
    order, user = led(request, pk), signed_in(request)
    if not order.points.exists():
        messages.error(request, _("First choose an assembly point."))
        return onwards(request, "emergency:point_new", pk)
    form = CallOutForm(request.POST or None, order=order)

    def write(given: dict[str, Any]) -> str:
        made = calling.open_callout(order, form.asked, given["point"], by=user, at=timezone.now())
        return reverse("emergency:callout", args=[made.pk])

    about = _("Everybody is asked; who says no needs no reason and has no disadvantage.")
    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", title=_("Call people out"),
        act=_("Call now"), back_url=reverse("emergency:lead", args=[pk]), about=about,
    )  # fmt: skip


def _callout(request: HttpRequest, pk: int) -> CallOut:
    user, on = reader(request)
    orders = Order.objects.watched_by(user, on=on).values("pk")
    rows = CallOut.objects.filter(order__in=orders).with_names().with_figures()
    return get_object_or_404(rows, pk=pk)


@never_cache
@role_required(*WATCHERS)
@require_safe
def callout(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes, who cannot, who has not answered: refreshed by itself, every figure opens."""
    template = "emergency/_answers.html" if request.GET.get("part") else "emergency/callout.html"
    return render(request, template, _answers(request, _callout(request, pk)))


def _answers(request: HttpRequest, found: CallOut) -> dict[str, Any]:
    state = request.GET.get("state", "")
    if state and state not in CalledState.values:
        raise Http404
    rows = Called.objects.filter(callout=found).select_related("person", "volunteer")
    here = reverse("emergency:callout", args=[found.pk])
    chips = [
        {"label": label, "url": f"{here}?state={value}", "chosen": value == state,
         "count": getattr(found, f"n_{value}")}
        for value, label in CalledState.choices
    ]  # fmt: skip
    everybody = {"label": _("All"), "url": here, "chosen": not state, "count": found.n_all}  # type: ignore[attr-defined]  # annotated
    return {
        "callout": found,
        "chips": [everybody, *chips],
        "state": state,
        "page": page_of(request, rows.filter(state=state) if state else rows, order=("pk",)),
        "coming": found.n_coming + found.n_arrived,  # type: ignore[attr-defined]  # annotated
        "at": timezone.now(),
    }


@role_required(*COMMANDERS)
@require_POST
def callout_close(request: HttpRequest, pk: int) -> HttpResponse:
    found = _callout(request, pk)
    acted(request, calling.close_callout, found, done=_("Nobody else is called."))
    return onwards(request, "emergency:callout", pk)


# -- Assembly -----------------------------------------------------------------------------------


def _kept(request: HttpRequest, pk: int) -> AssemblyPoint:
    """A point that the reader keeps, or of an order that the reader leads; else 404."""
    user, on = reader(request)
    rows = AssemblyPoint.objects.select_related("order__territory", "keeper")
    point = get_object_or_404(rows, pk=pk)
    if point.keeper_id != user.pk and not (
        Order.objects.led_by(user, on=on).filter(pk=point.order_id).exists()
    ):
        raise Http404
    return point


@never_cache
@account_required
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen at the assembly point: the code, and who is expected and there."""
    point, wanted = _kept(request, pk), request.GET.get("q", "").strip()[:40]
    rows = Called.objects.filter(callout__point=point).select_related("person")
    ahead = rows.filter(state__in=[CalledState.CALLED, CalledState.COMING])
    there = rows.filter(state=CalledState.ARRIVED)
    found = ahead.filter(person__full_name__icontains=wanted) if wanted else ahead
    counted = {"there": there.count(), "ahead": ahead.count()}
    user, on = reader(request)
    depots = Depot.objects.visible_to(user, on=on)
    near = Q(order=point.order_id) | Q(kind=DepotKind.STORE)
    context = {
        "point": point,
        "code": _code(request, point),
        "is_full": point.capacity is not None and counted["there"] >= point.capacity,
        "depots": depots.filter(near).order_by("kind", "pk")[:DEPOTS],
        "wanted": wanted,
        "counts": counted,
        # Who is coming before who has not answered.
        "expected": found.order_by("-state", "minutes", "pk")[:ON_THE_BOARD],
        "there": there.order_by("-arrived_at")[:ON_THE_BOARD],
        "at": timezone.now(),
    }
    template = "emergency/_code.html" if request.GET.get("part") else "emergency/board.html"
    return render(request, template, context)


def _code(request: HttpRequest, point: AssemblyPoint) -> dict[str, Any]:
    code = checkin_codes.code_at(point, timezone.now())
    address = reverse("emergency:here", args=[point.order_id])
    picture = segno.make(f"{request.build_absolute_uri(address)}?c={code}", error="m")
    return {
        "picture": picture.svg_inline(scale=6, dark="#000", light="#fff", omitsize=True),
        "letters": checkin_codes.spelled(code),
        "seconds": checkin_codes.SECONDS // 2,
    }


@account_required
@require_POST
def note(request: HttpRequest, pk: int, called: int, name: str) -> HttpResponse:
    """The keeper notes that somebody has come (arrive) or goes home (leave)."""
    point, user = _kept(request, pk), signed_in(request)
    rows = Called.objects.filter(callout__point=point).with_names()
    row = get_object_or_404(rows, pk=called)
    services = {"arrive": assembling.check_in, "leave": assembling.check_out}
    act = lambda: services[name](row, by=user, at=timezone.now())  # noqa: E731
    return answer_act(
        request,
        act,
        done=pgettext("emergency", "Noted."),
        back=reverse("emergency:board", args=[pk]),
    )
