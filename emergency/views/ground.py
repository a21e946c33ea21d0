"""Tasks on the map, checks of households, duty reports, the review."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emergency import figures
from emergency.forms.orders import ReportForm, ReviewForm, TaskForm
from emergency.forms.supplies import CheckForm
from emergency.models import Check, Measure, Order, Report, Task
from emergency.models.orders import COMMANDERS, FIELD, WATCHERS
from emergency.models.reference import Ask
from emergency.services import checking, reporting, standing_down, tasking
from emergency.views.desk import FORM, GET_POST, led, watched
from emergency.workflow import TaskState
from grids.models import Boundary
from lib.tones import of_state
from organizations.acting import answer_form, onwards, page_of
from organizations.http import account_required, reader, role_required, signed_in

# Of several tasks in a grid the one that needs most attention colours it.
_FIRST = (TaskState.GIVEN, TaskState.WORKING, TaskState.DONE, TaskState.DROPPED)


@role_required(*WATCHERS)
@require_safe
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    order = watched(request, pk)
    user, on = reader(request)
    rows = Task.objects.filter(order=order).with_names()
    state = request.GET.get("state", "")
    chosen = rows.filter(state=state) if state in TaskState.values else rows
    here = reverse("emergency:tasks", args=[pk])
    chips = [
        {"label": label, "url": f"{here}?state={value}", "chosen": value == state,
         "count": rows.filter(state=value).count()}
        for value, label in TaskState.choices
    ]  # fmt: skip
    every = {"label": _("All"), "url": here, "chosen": not state, "count": rows.count()}
    context = {
        "order": order,
        "chips": [every, *chips],
        "page": page_of(request, chosen),
        "leads": Order.objects.led_by(user, on=on).filter(pk=pk).exists(),
        "at": timezone.now(),
    }
    return render(request, "emergency/tasks.html", context)


@role_required(*WATCHERS)
@require_safe
def tasks_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Grids of the order by state of their tasks, as GeoJSON."""
    order = watched(request, pk)
    by_grid: dict[int, Task] = {}
    for task in Task.objects.filter(order=order).exclude(grid=None).with_names():
        known = by_grid.get(task.grid_id or 0)
        if known is None or _rank(task) < _rank(known):
            by_grid[task.grid_id or 0] = task
    grids = figures.grids_of(order)
    rows = Boundary.objects.current(on=timezone.localdate()).filter(territory__in=grids)
    features = [
        {"type": "Feature", "geometry": row.geometry,
         "properties": _properties(row.territory, by_grid.get(row.territory_id))}
        for row in rows.select_related("territory")
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _rank(task: Task) -> int:
    return _FIRST.index(TaskState(task.state))


def _properties(grid: Any, task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"title": str(grid), "tone": "waiting", "words": _("no task yet"), "url": ""}
    return {
        "title": str(grid),
        "tone": of_state(task.state).name,
        "words": f"{task.kind} · {task.get_state_display()}",
        "url": reverse("emergency:task", args=[task.pk]),
    }


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    order, (user, on) = led(request, pk), reader(request)
    form = TaskForm(request.POST or None, order=order, on=on)
    back = reverse("emergency:tasks", args=[pk])

    def write(given: dict[str, Any]) -> str:
        now, grids = timezone.now(), given.pop("grids")
        kind, called = given.pop("kind"), list(given.pop("called"))
        tasking.give_tasks(order, kind, grids, by=user, at=now, called=called, **given)
        return back

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", back_url=back,
        title=_("Give out tasks"), act=_("Give out"),
    )  # fmt: skip


# -- Checks of households -------------------------------------------------------------------------


@role_required(*WATCHERS, *FIELD)
@require_safe
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = reader(request)
    mine = Order.objects.watched_by(user, on=on) | Order.objects.worked_by(user, on=on)
    order = get_object_or_404(mine.distinct().with_names(), pk=pk)
    rows = Check.objects.visible_to(user, on=on).filter(order=order).with_names()
    context = {
        "order": order,
        "page": page_of(request, rows),
        "measures": [row for row in order.measures.order_by("code") if row.asks],
        "at": timezone.now(),
    }
    return render(request, "emergency/checks.html", context)


@account_required
@require_http_methods(GET_POST)
def check_new(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    user = signed_in(request)
    order = get_object_or_404(Order.objects.in_force(timezone.now()).with_names(), pk=pk)
    measure = get_object_or_404(Measure.objects.filter(orders=order), code=code)
    if not checking.may_check(order, by=user, at=timezone.now()):
        raise Http404
    form = CheckForm(request.POST or None, order=order, measure=measure)

    def write(given: dict[str, Any]) -> str:
        checking.check_household(
            order, measure, given["territory"], address=given["address"], answers=form.answers,
            needs_more=given["needs_more"], by=user, at=timezone.now(),
        )  # fmt: skip
        return reverse("emergency:check_new", args=[pk, code])

    back = reverse("emergency:notice", args=[pk])
    about = _("Ask nothing else. All of it is deleted after the emergency.")
    return answer_form(
        request, form, write, template="volunteers/form.html", back_url=back, about=about,
        title=f"{_('Check a household')} · {measure}", act=_("Save and next"),
    )  # fmt: skip


@never_cache
@role_required(*WATCHERS, *FIELD)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The personal part; that it was read is written down."""
    user, on = reader(request)
    row = get_object_or_404(Check.objects.visible_to(user, on=on).with_names(), pk=pk)
    detail = checking.read_check(row, by=user, at=timezone.now())
    answers = detail.answers if detail else {}
    context = {
        "check": row,
        "detail": detail,
        "answers": [(Ask(name).label, value) for name, value in answers.items()],
        "readings": row.readings.select_related("by").order_by("-pk")[:20],
        "at": timezone.now(),
    }
    return render(request, "emergency/check.html", context)


# -- Reports and review ---------------------------------------------------------------------------


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = reader(request)
    orders = Order.objects.led_by(user, on=on).values("pk")
    row = get_object_or_404(Report.objects.filter(order__in=orders).with_names(), pk=pk)
    form, back = ReportForm(request.POST or None), reverse("emergency:lead", args=[row.order_id])

    def write(given: dict[str, Any]) -> str:
        reporting.make_report(row, by=user, at=timezone.now(), **given)
        return back

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", back_url=back,
        title=f"{row.get_kind_display()} · {row.order}", act=_("Reported"),
    )  # fmt: skip


@role_required(*COMMANDERS)
@require_http_methods(GET_POST)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    order, user = led(request, pk), signed_in(request)
    if order.state != "stood_down":
        return onwards(request, "emergency:lead", pk)
    form, back = ReviewForm(request.POST or None), reverse("emergency:lead", args=[pk])

    def write(given: dict[str, Any]) -> str:
        words = {"went_well": given["went_well"], "to_mend": given["to_mend"]}
        standing_down.review(order, by=user, at=timezone.now(), lessons=form.lessons, **words)
        return back

    return answer_form(
        request, form, write, template=FORM, frame="workbench.html", back_url=back,
        title=f"{_('Review')} · {order}", act=_("Keep the review"),
        about=_("The figures are kept with it. After some days the data collected are deleted."),
    )  # fmt: skip
