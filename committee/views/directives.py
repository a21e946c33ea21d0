"""Tasks given by decisions: lists, one task with its progress, its moves, its proofs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.acting import form_about
from committee.forms.directives import DirectiveForm, ExtendForm, ProgressForm
from committee.forms.meetings import ReasonForm
from committee.models import Decision, Directive, Meeting, Proof
from committee.services import directives
from committee.services.actors import MEETING, TASK, sitting_about
from committee.workflow import DirectiveState
from organizations.acting import acted, answer_form, onwards, page_of
from organizations.http import reader, signed_in

WRITES = ["GET", "HEAD", "POST"]
WITH_REASON = frozenset({"send_back", "drop"})


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """`show`: mine, late, reported, ended; else everything that goes on."""
    user, today = reader(request)
    seen = Directive.objects.visible_to(user, on=today)
    rows = {
        "mine": seen.going_on() & Directive.objects.owned_by(user, on=today),
        "late": seen.overdue(today),
        "reported": seen.filter(state=DirectiveState.REPORTED),
        "ended": seen.exclude(pk__in=seen.going_on().values("pk")),
    }
    show = request.GET.get("show", "")
    page = page_of(request, rows.get(show, seen.going_on()).with_names(), order=("due_on", "pk"))
    looks = [
        ("", _("Going on")), ("mine", _("For me")), ("late", _("Overdue")),
        ("reported", _("Reported back")), ("ended", _("Ended")),
    ]  # fmt: skip
    context = {"page": page, "looks": looks, "show": show, "today": today, "at": timezone.now()}
    return render(request, "committee/directives.html", context)


def _visible(request: HttpRequest, pk: int) -> Directive:
    user, today = reader(request)
    return get_object_or_404(Directive.objects.visible_to(user, on=today).with_names(), pk=pk)


@login_required
@require_safe
def directive(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _visible(request, pk), reader(request)
    source = found.decision.item.meeting
    seen = Meeting.objects.visible_to(user, on=today).filter(pk=source.pk).exists()
    entries = found.progress.select_related("by").prefetch_related("proofs").order_by("-pk")
    context = {
        "task": found,
        "moves": set(TASK.open_to(found, by=user, at=timezone.now())),
        "meeting": source if seen else None,
        "sitting": sitting_about(found).first(),
        "entries": entries,
        "is_late": found.is_late(today),
        "reason_form": ReasonForm(),
        "events": found.events.select_related("by").order_by("number"),
        "at": timezone.now(),
    }
    return render(request, "committee/directive.html", context)


@login_required
@require_http_methods(WRITES)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A task out of a decision."""
    user, today = reader(request)
    seen = Meeting.objects.visible_to(user, on=today).values("pk")
    rows = Decision.objects.with_names().filter(item__meeting__in=seen)
    decision = get_object_or_404(rows, pk=pk)
    meeting = decision.item.meeting
    if "instruct" not in MEETING.open_to(meeting, by=user, at=timezone.now()):
        raise PermissionDenied
    begun = {"title": decision.item.title[:120]}
    form = DirectiveForm(request.POST or None, initial=begun, user=user, day=today)

    def write(_given: Any) -> str:
        made = directives.issue(decision, form.wanted, by=user, at=timezone.now())
        return reverse("committee:directive", args=[made.pk])

    return answer_form(
        request, form, write, template="committee/form.html", title=_("Give a task"),
        back_url=reverse("committee:meeting", args=[meeting.pk]), about=decision.text,
    )  # fmt: skip


def _form(
    request: HttpRequest, found: Directive, name: str, form: Any, act: Any, title: str
) -> HttpResponse:
    if name not in TASK.open_to(found, by=signed_in(request), at=timezone.now()):
        raise PermissionDenied
    return form_about(
        request, form, act, title=title, about=found.title,
        back=reverse("committee:directive", args=[found.pk]),
    )  # fmt: skip


@login_required
@require_http_methods(WRITES)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    begun = {"percent": found.percent}
    form = ProgressForm(request.POST or None, request.FILES or None, initial=begun)

    def act(**given: Any) -> None:
        files = [(file, file.name) for file in given.pop("proofs")]
        directives.add_progress(found, files=files, **given)

    return _form(request, found, "progress", form, act, _("Enter progress"))


@login_required
@require_http_methods(WRITES)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = ExtendForm(request.POST or None)

    def act(**given: Any) -> None:
        directives.extend(found, **given)

    return _form(request, found, "extend", form, act, _("Give more time"))


@require_POST
@login_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: accept, report, confirm, send_back or drop."""
    found = _visible(request, pk)
    acts: dict[str, tuple[Any, Any]] = {
        "accept": (directives.accept, _("Accepted: enter your progress here.")),
        "report": (directives.report_back, _("Reported back: others confirm it now.")),
        "confirm": (directives.confirm, _("Confirmed as done.")),
        "send_back": (directives.send_back, _("Sent back.")),
        "drop": (directives.drop, _("Dropped.")),
    }
    service, done = acts[name]
    more = {"reason": request.POST.get("reason", "")} if name in WITH_REASON else {}
    acted(request, service, found, done=done, **more)
    return onwards(request, "committee:directive", pk)


@login_required
@require_safe
def proof(request: HttpRequest, pk: int) -> FileResponse:
    """A photo or paper, for who may see the task."""
    row = get_object_or_404(Proof.objects.select_related("progress"), pk=pk)
    _visible(request, row.progress.directive_id)
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, content_type=row.mime, filename=row.name, as_attachment=not row.is_picture
    )
