"""Who was called, on the telephone: answer, the way, checking in, tasks, released."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emergency.forms.orders import AnswerForm, ProgressForm, ProofForm, ReasonForm
from emergency.models import Called, Task, TaskPhoto
from emergency.services import assembling, calling, tasking
from emergency.services.ways import TASK
from lib.errors import RuleViolation
from organizations.acting import answer_act, answer_form
from organizations.http import account_required, reader, signed_in

MINUTES = (5, 15, 30, 60)


def _mine(request: HttpRequest, order: int) -> Called:
    rows = Called.objects.of(signed_in(request)).with_names()
    return get_object_or_404(rows.select_related("callout__order__territory"), order=order)


@never_cache
@account_required
@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """My call for one order, with the one thing that I can do next."""
    row = _mine(request, pk)
    user, on = reader(request)
    point = row.callout.point
    words = {"tone": "work", "title": point.name, "words": point.address}
    context = {
        "row": row,
        "order": row.callout.order,
        "point": point,
        "points": [{"lon": point.lon, "lat": point.lat, **words}],
        "minutes": MINUTES,
        "tasks": Task.objects.of(user, on=on).filter(order=pk).with_names().order_by("pk"),
        "at": timezone.now(),
    }
    return render(request, "emergency/mine.html", context)


@account_required
@require_POST
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: accept (with minutes), decline, leave."""
    row, user, now = _mine(request, pk), signed_in(request), timezone.now()
    form = AnswerForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else -1
    acts = {
        "accept": lambda: calling.accept(row, minutes=minutes, by=user, at=now),
        "decline": lambda: calling.decline(row, by=user, at=now),
        "leave": lambda: assembling.check_out(row, by=user, at=now),
    }
    words = {
        "accept": _("Thank you! You are expected."),
        "decline": _("Thank you for telling us. That is quite all right."),
        "leave": _("Thank you for your help!"),
    }
    back = reverse("emergency:mine", args=[pk])
    return answer_act(request, acts[name], done=words[name], back=back)


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the code of the assembly point leads; letters can be typed as well."""
    row, user = _mine(request, pk), signed_in(request)
    code, refused = request.POST.get("code") or request.GET.get("c", ""), ""
    if request.method == "POST":
        try:
            assembling.check_in(row, by=user, at=timezone.now(), code=code[:20])
        except RuleViolation as error:
            refused = str(error)
        else:
            return redirect("emergency:mine", pk)
    context = {"row": row, "order": row.callout.order, "code": code[:20], "refused": refused}
    status = 422 if refused else 200
    return render(request, "emergency/here.html", context, status=status)


# -- Tasks --------------------------------------------------------------------------------------


def _task(request: HttpRequest, pk: int) -> Task:
    user, on = reader(request)
    return get_object_or_404(Task.objects.visible_to(user, on=on).with_names(), pk=pk)


@never_cache
@account_required
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task, for those who have it and for those who lead."""
    found, user, now = _task(request, pk), signed_in(request), timezone.now()
    context = {
        "task": found,
        "order": found.order,
        "moves": TASK.open_to(found, by=user, at=now),
        "proofs": found.proofs.select_related("by").prefetch_related("photos").order_by("pk"),
        "progress_form": ProgressForm(initial={"progress": found.progress}),
        "measure": found.kind.measure,
        "events": found.events.select_related("by").order_by("number"),
        "at": now,
    }
    return render(request, "emergency/task.html", context)


@account_required
@require_POST
def task_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: begin, progress."""
    found, user, now = _task(request, pk), signed_in(request), timezone.now()
    form = ProgressForm(request.POST)
    progress = form.cleaned_data["progress"] if form.is_valid() else -1
    acts = {
        "begin": lambda: tasking.begin_task(found, by=user, at=now),
        "progress": lambda: tasking.note_progress(found, progress=progress, by=user, at=now),
    }
    back = reverse("emergency:task", args=[pk])
    return answer_act(request, acts[name], done=pgettext("emergency", "Noted."), back=back)


_FORMS: dict[str, Any] = {"finish": ProofForm, "reopen": ReasonForm, "drop": ReasonForm}
_SERVICES: dict[str, Any] = {
    "finish": tasking.finish_task,
    "reopen": tasking.reopen_task,
    "drop": tasking.drop_task,
}


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_end(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: finish (with proof), reopen, drop (with a reason)."""
    found, user = _task(request, pk), signed_in(request)
    form = _FORMS[name](request.POST or None, request.FILES or None)
    back = reverse("emergency:task", args=[pk])
    titles = {"finish": _("Done"), "reopen": _("Open again"), "drop": _("Drop the task")}

    def write(given: dict[str, Any]) -> str:
        _SERVICES[name](found, by=user, at=timezone.now(), **given)
        return back

    return answer_form(
        request, form, write, template="volunteers/form.html", title=titles[name], back_url=back,
        act=titles[name],
    )  # fmt: skip


@never_cache
@account_required
@require_safe
def task_photo(request: HttpRequest, pk: int, size: str) -> FileResponse:
    """A photo of a proof, for who may see the task; `size`: small or full."""
    row = get_object_or_404(TaskPhoto.objects.select_related("proof"), pk=pk)
    _task(request, row.proof.task_id)
    stored = row.thumbnail if size == "small" else row.image
    try:
        return FileResponse(stored.open("rb"), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
