"""Commitments in the workbench: the list, one with its moves; the tab of a consultation."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.commitment_workflow import MOVES, OPEN, State
from consultation.forms.commitments import (
    ACTIONS,
    AdoptionForm,
    DecideForm,
    MoneyForm,
    PromiseForm,
    open_to,
)
from consultation.models import Commitment, Consultation, Milestone, Reopening
from consultation.models.commitments import READERS, CommitmentQuerySet
from consultation.progress import steps_of
from consultation.services import carrying, committing, reopening
from consultation.services.committing import paying_bodies
from consultation.services.rating import summary
from consultation.views.reach import visible
from consultation.workflow import READERS as CONSULTATION_READERS
from lib import registry
from lib.actions import Action
from lib.errors import NotYours
from organizations.acting import acted, action_asked_for, content_of, onwards, page_of, saved
from organizations.http import reader, role_required, signed_in

CHIPS = (
    ("", pgettext_lazy("a commitment", "In work")),
    ("overdue", gettext_lazy("Overdue")),
    ("reported", gettext_lazy("To be checked")),
    ("done", gettext_lazy("Done")),
    ("dropped", gettext_lazy("Given up")),
)


def _mine(request: HttpRequest) -> CommitmentQuerySet:
    user, on = reader(request)
    return Commitment.objects.visible_to(user, on=on)


def _find(request: HttpRequest, pk: int) -> Commitment:
    return get_object_or_404(_mine(request).with_names(), pk=pk)


@role_required(*READERS)
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """All that the reader may see, the next deadline first."""
    _user, on = reader(request)
    chosen = request.GET.get("state", "")
    rows = _mine(request).with_names()
    if chosen == "overdue":
        rows = rows.overdue(on=on)
    elif chosen in State.values:
        rows = rows.filter(state=chosen)
    else:
        rows = rows.filter(state__in=OPEN)
    context = {
        "page": page_of(request, rows, order=("due_on", "pk")),
        "chips": [
            {"label": label, "url": f"?state={value}", "chosen": value == chosen, "count": None}
            for value, label in CHIPS
        ],
        "today": on,
        "at": timezone.now(),
    }
    return render(request, "consultation/commitments.html", context)


@role_required(*READERS)
@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


def _show(
    request: HttpRequest,
    found: Commitment,
    action: Action | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    user, on = reader(request)
    at = timezone.now()
    actions = open_to(user, found, at=at)
    context = {
        "commitment": found,
        "actions": actions,
        "action": action,
        "form": form,
        "may_reach": "photo" in {one.name for one in actions},
        "milestones": found.milestones.all(),
        "photos": found.photos.all(),
        "steps": steps_of(found),
        "rating": summary(found),
        "panels": registry.panels.drawn("consultation:commitment", request, found),
        "words": found.ratings.exclude(words="").order_by("-at")[:20],
        "is_overdue": found.is_overdue(on=on),
        "at": at,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "consultation/commitment.html", context, status=status)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of a move (GET), or the move itself (POST)."""
    found = _find(request, pk)
    now_open = open_to(signed_in(request), found, at=timezone.now())
    action = action_asked_for(
        request, name, ACTIONS, open_now=now_open, moves=MOVES, state=found.state
    )
    form = _form(request, action, found)
    if saved(request, form, action.serve, found, **content_of(form)) is not None:
        return onwards(request, "consultation:commitment", pk, done=str(action.done))
    return _show(request, found, action, form)


def _form(request: HttpRequest, action: Action, found: Commitment) -> forms.Form:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    if action.form is MoneyForm:
        user, on = reader(request)
        bodies = paying_bodies(found, by=user, at=timezone.now())
        return MoneyForm(*sent, bodies=bodies, on=on)
    return action.form(*sent)


@role_required(*READERS)
@require_POST
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """A milestone is done."""
    row = get_object_or_404(
        Milestone.objects.filter(commitment__in=_mine(request)).select_related("commitment"), pk=pk
    )
    acted(request, carrying.reach, done=_("The milestone is done."), milestone=row)
    return redirect("consultation:commitment", row.commitment_id)


# -- The tab of a consultation ----------------------------------------


@role_required(*CONSULTATION_READERS)
@require_safe
def carrying_out(request: HttpRequest, number: str) -> HttpResponse:
    return _tab(request, visible(request, number))


def _tab(
    request: HttpRequest,
    found: Consultation,
    *,
    adoption: forms.Form | None = None,
    promise: forms.Form | None = None,
) -> HttpResponse:
    _user, on = reader(request)
    adopted = found.adoptions.order_by("-number")
    context = {
        "consultation": found,
        "here": "carrying_out",
        "adoptions": adopted,
        "adoption_form": adoption or AdoptionForm(),
        "promise_form": promise or _promise_form(request, found),
        "commitments": found.commitments.with_names().order_by("due_on", "pk"),
        "wishes": found.reopenings.select_related("asked_by").order_by("-pk"),
        "decide_form": DecideForm(),
        "is_host": _is_host(request, found),
        "today": on,
        "at": timezone.now(),
    }
    wrong = (adoption and adoption.errors) or (promise and promise.errors)
    return render(request, "consultation/carrying_out.html", context, status=422 if wrong else 200)


def _is_host(request: HttpRequest, found: Consultation) -> bool:
    try:
        committing.demand_host(found, by=signed_in(request), at=timezone.now())
    except NotYours:
        return False
    return True


def _promise_form(request: HttpRequest, found: Consultation, *sent: Any) -> PromiseForm:
    user, on = reader(request)
    like = Commitment(
        consultation=found, owner=found.body, town=found.town, community=found.community
    )
    bodies = paying_bodies(like, by=user, at=timezone.now())
    return PromiseForm(*sent, bodies=bodies, on=on, initial={"owner": found.body_id})


@role_required(*CONSULTATION_READERS)
@require_POST
def adopt(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    form = AdoptionForm(request.POST)
    if form.is_valid() and acted(
        request, committing.adopt, done=_("What became of the result is published."),
        consultation=found, **form.cleaned_data,
    ):  # fmt: skip
        return redirect("consultation:carrying_out", number)
    return _tab(request, found, adoption=form)


@role_required(*CONSULTATION_READERS)
@require_POST
def promise(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    form = _promise_form(request, found, request.POST)
    if form.is_valid():
        made = acted(
            request, committing.promise, done=_("Promised: everybody sees it now."),
            consultation=found, **form.content(),
        )  # fmt: skip
        if made is not None:
            return redirect("consultation:commitment", made.pk)
    return _tab(request, found, promise=form)


@role_required(*CONSULTATION_READERS)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether there is anything new in a matter that was concluded."""
    user, on = reader(request)
    seen = Consultation.objects.visible_to(user, on=on)
    wish = get_object_or_404(
        Reopening.objects.filter(consultation__in=seen).select_related("consultation"), pk=pk
    )
    form = DecideForm(request.POST)
    if form.is_valid():
        acted(
            request, reopening.decide_reopening, done=_("Decided."), reopening=wish,
            **form.cleaned_data,
        )  # fmt: skip
    return redirect("consultation:carrying_out", wish.consultation.number)
