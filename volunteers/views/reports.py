"""双报到: a unit or a party member reports to a community, takes up tasks, and sees the year."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import signed_in
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.organisations import DoneForm, MemberReportForm, TaskForm, UnitReportForm
from volunteers.forms.people import ReasonForm
from volunteers.http import person_required, reader
from volunteers.models import DoubleReport, ReportTask
from volunteers.services.ways import REPORT, TASK
from volunteers.workflow.organisations import NEEDS_REASON

FORMS = ["GET", "POST"]
MADE: dict[str, tuple[Any, Any, str]] = {
    "member": (MemberReportForm, services.report_member, gettext_noop("Report as party member")),
    "unit": (UnitReportForm, services.report_unit, gettext_noop("Report for a unit")),
}
LABELS = {
    "accept": gettext_noop("Accept the report"),
    "refuse": gettext_noop("Refuse"),
    "end": gettext_noop("End the report"),
    "report": gettext_noop("It is done"),
    "confirm": gettext_noop("Confirm"),
    "reopen": gettext_noop("Not done yet"),
    "drop": gettext_noop("Give back"),
}


@require_safe
@person_required
def reports(request: HttpRequest) -> HttpResponse:
    """One's own reports; to the community's organiser and the secretary all of the place."""
    user, today = reader(request)
    rows = DoubleReport.objects.visible_to(user, on=today).with_names()
    context = {"page": page_of(request, rows), "at": timezone.now()}
    return render(request, "volunteers/reports.html", context)


@require_http_methods(FORMS)
@person_required
def new(request: HttpRequest, kind: str) -> HttpResponse:
    made, service, title = MADE[kind]
    form = made(request.POST or None)
    given = content_of(form)
    row = saved(request, form, service, **given)
    if row is not None:
        done = _("Reported. The community answers.")
        return onwards(request, "volunteers:report", row.pk, done=done)
    return form_page(request, form, title=_(title), back="volunteers:reports")


def _find(request: HttpRequest, pk: int) -> DoubleReport:
    user, today = reader(request)
    return get_object_or_404(DoubleReport.objects.visible_to(user, on=today).with_names(), pk=pk)


@require_safe
@person_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    user, now = signed_in(request), timezone.now()
    year = timezone.localdate(now).year
    tasks = list(row.tasks.order_by("-pk"))
    for task in tasks:
        task.report = row
    context = {
        "row": row,
        "moves": _named(REPORT.open_to(row, by=user, at=now)),
        "tasks": [(task, _named(TASK.open_to(task, by=user, at=now))) for task in tasks],
        "may_take": row.state == "accepted"
        and user.pk in {row.person_id, row.unit.contact_id if row.unit else None},
        "year": year,
        "sums": services.year_of(row, year),
        "at": now,
    }
    return render(request, "volunteers/report.html", context)


def _named(names: list[str]) -> list[dict[str, str]]:
    return [{"name": name, "label": _(LABELS[name])} for name in names]


@require_http_methods(FORMS)
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _find(request, pk)
    return _move(request, row, services.move_report, name, pk)


def _move(request: HttpRequest, row: Any, service: Any, name: str, pk: int) -> HttpResponse:
    if name in NEEDS_REASON:
        form = ReasonForm(request.POST or None)
        reason = request.POST.get("reason", "")
        if saved(request, form, service, row, name, reason=reason) is not None:
            return onwards(request, "volunteers:report", pk, done=_("Done."))
        return _form(request, form, f"{_(LABELS[name])}: {row}", pk)
    if request.method != "POST":
        raise Http404
    acted(request, service, row, name, done=_("Done."))
    return redirect("volunteers:report", pk)


def _form(request: HttpRequest, form: Any, title: str, pk: int) -> HttpResponse:
    return form_page(request, form, title=title, back="volunteers:report", back_pk=pk)


@require_http_methods(FORMS)
@person_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    form = TaskForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.take_up, row, **given) is not None:
        return onwards(request, "volunteers:report", pk, done=_("The task is yours."))
    return _form(request, form, _("Take up a task"), pk)


@require_http_methods(FORMS)
@person_required
def task_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user, today = reader(request)
    mine = DoubleReport.objects.visible_to(user, on=today)
    task = get_object_or_404(ReportTask.objects.filter(report__in=mine), pk=pk)
    if name != "report":
        return _move(request, task, services.move_task, name, task.report_id)
    form = DoneForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.report_done, task, **given) is not None:
        return onwards(request, "volunteers:report", task.report_id, done=_("Done."))
    return _form(request, form, str(task), task.report_id)
