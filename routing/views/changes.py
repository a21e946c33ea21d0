"""Changes of the duty list: drafted, reviewed by another, in force from a day on."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.finding import words_in
from lib.registry import panels
from organizations.acting import answer_act, content_of, onwards, page_of, saved
from organizations.http import role_required, roles_of, signed_in
from routing import rights, services
from routing.forms.duties import ChangeForm, ListStepForm, ReasonForm, StepForm
from routing.models import (
    CommunityDuty,
    DutyChange,
    DutyChangeItem,
    DutyEntry,
    ListChangeItem,
)
from routing.services.ways import CHANGE

FOUND = 20
M = TypeVar("M", bound=Model)


@role_required(*rights.READERS)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    rows = DutyChange.objects.with_names()
    context = {
        "page": page_of(request, rows),
        "may_draft": not roles_of(request).isdisjoint(rights.DRAFTERS),
    }
    return render(request, "routing/changes.html", context)


@role_required(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = ChangeForm(request.POST or None, initial={"force_on": timezone.localdate()})
    made = saved(request, form, services.draft_change, **content_of(form))
    if made:
        return onwards(request, "routing:change", made.pk)
    context = {"form": form, "title": _("Draft a change"), "back": reverse("routing:changes")}
    return render(request, "routing/form.html", context, status=422 if form.errors else 200)


@role_required(*rights.READERS)
@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(DutyChange.objects.with_names(), pk=pk)
    steps = found.items.select_related("category", "territory", "lead", "payer", "entry")
    ends = "ends__lead", "ends__category", "ends__territory", "assistants"
    moves = set(CHANGE.open_to(found, by=signed_in(request), at=timezone.now()))
    context = {
        "change": found,
        "steps": steps.prefetch_related(*ends).order_by("pk"),
        "list_steps": found.list_items.select_related("body", "category", "ends").order_by("pk"),
        "moves": moves,
        "reason_form": ReasonForm(),
        "events": found.events.select_related("by").order_by("number"),
        "panels": panels.drawn("routing:change", request, found),
    }
    return render(request, "routing/change.html", context)


@role_required(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(DutyChange, pk=pk)
    form = ChangeForm(request.POST or None, instance=DutyChange.objects.get(pk=pk))
    if saved(request, form, services.edit_change, found, **content_of(form)):
        return onwards(request, "routing:change", pk)
    context = {
        "form": form, "title": _("Edit the draft"), "back": reverse("routing:change", args=[pk]),
    }  # fmt: skip
    return render(request, "routing/form.html", context, status=422 if form.errors else 200)


@role_required(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """A new entry, or one in the place of `entry`; `q` finds entries to replace."""
    found = get_object_or_404(DutyChange, pk=pk)
    entry = _asked(request, _entries())
    form = StepForm(
        request.POST or None, initial=_begun(entry), entries=[entry.pk] if entry else []
    )
    posted = request.method == "POST" and form.is_valid()
    if posted and saved(request, form, services.add_step, found, form.step):
        return onwards(request, "routing:change", pk, done=_("Added to the draft."))
    matching = _found(request, _entries(), "territory__name", "lead__name")
    context = {"form": form, "change": found, "entry": entry, "found": matching}
    return render(request, "routing/step.html", context, status=422 if form.errors else 200)


@role_required(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def list_step(request: HttpRequest, pk: int) -> HttpResponse:
    """On a list of communities from then on, or in the place of `entry`; `q` finds entries."""
    found = get_object_or_404(DutyChange, pk=pk)
    entry = _asked(request, _entries_of_lists())
    names = ("body", "category", "list", "legal_basis")
    begun = {name: getattr(entry, name) for name in names} if entry else {}
    form = ListStepForm(request.POST or None, initial=begun, entry=entry)
    posted = request.method == "POST" and form.is_valid()
    if posted and saved(request, form, services.add_list_step, found, form.step):
        return onwards(request, "routing:change", pk, done=_("Added to the draft."))
    matching = _found(request, _entries_of_lists(), "body__name", "body__name_en")
    context = {"form": form, "change": found, "entry": entry, "found": matching}
    return render(request, "routing/list_step.html", context, status=422 if form.errors else 200)


def _entries() -> QuerySet[DutyEntry]:
    return DutyEntry.objects.going_on_after(timezone.localdate()).with_names()


def _entries_of_lists() -> QuerySet[CommunityDuty]:
    rows = CommunityDuty.objects.going_on_after(timezone.localdate())
    return rows.select_related("body", "category")


def _asked(request: HttpRequest, rows: QuerySet[M]) -> M | None:
    """The entry that the step is about, where the address names one."""
    key = request.GET.get("entry", "")
    return get_object_or_404(rows, pk=key) if key.isdigit() else None


def _found(request: HttpRequest, rows: QuerySet[M], *names: str) -> list[M]:
    """Entries whose category, or one of whose `names`, has the words that are looked for."""
    words = request.GET.get("q", "").strip()
    columns = ("category__name", "category__name_en", *names)
    return list(rows.filter(words_in(words, columns)).order_by("pk")[:FOUND]) if words else []


@role_required(*rights.DRAFTERS)
@require_POST
def list_drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _dropped(request, ListChangeItem.objects.all(), pk)


def _begun(entry: DutyEntry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    names = ("category", "territory", "lead", "payer", "legal_basis")
    begun = {name: getattr(entry, name) for name in names}
    return {**begun, "assistants": list(entry.assistants.all()), "ends": [entry.pk]}


@role_required(*rights.DRAFTERS)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _dropped(request, DutyChangeItem.objects.all(), pk)


def _dropped(request: HttpRequest, steps: QuerySet[Any], pk: int) -> HttpResponse:
    item = get_object_or_404(steps.select_related("change"), pk=pk)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    return answer_act(
        request, lambda: services.drop_step(item, **who), done=_("Taken out."),
        back=reverse("routing:change", args=[item.change_id]),
    )  # fmt: skip


@role_required(*rights.DRAFTERS)
@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: submit, adopt, send_back, refuse or withdraw."""
    found = get_object_or_404(DutyChange, pk=pk)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]
    acts = {
        "submit": lambda: services.submit_change(found, **who),
        "adopt": lambda: services.adopt_change(found, **who),
        "send_back": lambda: services.return_change(found, reason=reason, **who),
        "refuse": lambda: services.refuse_change(found, reason=reason, **who),
        "withdraw": lambda: services.withdraw_change(found, **who),
    }
    back = reverse("routing:change", args=[pk])
    return answer_act(request, acts[name], done=_("Done."), back=back)
