"""Selections at the desk: prepared, closed, published, decided, appointed; objections answered."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.acting import acted, answer_form, page_of
from organizations.http import reader, role_required, signed_in
from talent.acting import desk_form
from talent.forms.selection import (
    AnswerForm,
    AppointForm,
    CriteriaForm,
    JudgeForm,
    PublishForm,
    SelectionForm,
)
from talent.models import Candidate, Objection, Selection
from talent.models.chain import ORGANISERS, bodies_ruled_by
from talent.services import candidates, selections, shortlisting
from talent.services.selections import Wanted
from talent.services.ways import CANDIDATE, OBJECTION, SELECTION


@require_safe
@role_required(*ORGANISERS)
def desk(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    context = {
        "page": page_of(request, Selection.objects.led_by(user, on=today).with_names()),
        "objections": Objection.objects.to_answer(user, on=today).with_names().order_by("pk")[:50],
        "at": timezone.now(),
    }
    return render(request, "talent/desk_selections.html", context)


def _led(request: HttpRequest, pk: int) -> Selection:
    led = Selection.objects.led_by(signed_in(request), on=timezone.localdate())
    return get_object_or_404(led.with_names(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = SelectionForm(request.POST or None, bodies=bodies_ruled_by(user, on=today))

    def write(given: dict[str, Any]) -> str:
        community = given.pop("community")
        made = selections.draft_selection(Wanted(**given), community, by=user, at=timezone.now())
        return reverse("talent:choosing", args=[made.pk])

    return desk_form(
        request, form, write, _("Begin a selection"), reverse("talent:desk_selections")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _led(request, pk), reader(request)
    begun = {name: getattr(found, name) for name in Wanted.__dataclass_fields__}
    form = SelectionForm(
        request.POST or None,
        initial={**begun, "community": found.community_id},
        bodies=bodies_ruled_by(user, on=today),
    )
    form.fields["community"].disabled = True

    def write(given: dict[str, Any]) -> str:
        given.pop("community")
        selections.edit_selection(found, Wanted(**given), by=user, at=timezone.now())
        return reverse("talent:choosing", args=[pk])

    return desk_form(request, form, write, _("Change the selection"), _back(pk))


def _back(pk: int) -> str:
    return reverse("talent:choosing", args=[pk])


@require_safe
@role_required(*ORGANISERS)
def choosing(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one selection for who organises it."""
    found, user, now = _led(request, pk), signed_in(request), timezone.now()
    rows = found.candidates.select_related("person", "recommended_by", "selection", "post__body")
    objections = Objection.objects.filter(candidate__selection=found).with_names()
    context = {
        "selection": found,
        "criteria": found.criteria.order_by("pk"),
        "judges": found.judges.select_related("person").order_by("pk"),
        "moves": SELECTION.open_to(found, by=user, at=now),
        "rows": [
            {"row": row, "moves": CANDIDATE.open_to(row, by=user, at=now)}
            for row in rows.order_by("rank", "pk")
        ],
        "objections": [
            {"row": row, "moves": OBJECTION.open_to(row, by=user, at=now)}
            for row in objections.order_by("pk")
        ],
        "publish_form": PublishForm(),
        "events": found.events.select_related("by").order_by("number"),
        "at": now,
    }
    return render(request, "talent/choosing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def criteria(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _led(request, pk), signed_in(request)
    rows = found.criteria.order_by("pk").values_list("name", "points")
    begun = {"criteria": "\n".join(f"{name} {points}" for name, points in rows)}
    form = CriteriaForm(request.POST or None, initial=begun)

    def write(given: dict[str, Any]) -> str:
        selections.set_criteria(found, given["criteria"], by=user, at=timezone.now())
        return _back(pk)

    return desk_form(request, form, write, _("Criteria"), _back(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _led(request, pk), signed_in(request)
    form = JudgeForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        selections.name_judge(found, given["person"], by=user, at=timezone.now())
        return _back(pk)

    return desk_form(request, form, write, _("Name a judge"), _back(pk))


@require_POST
@role_required(*ORGANISERS)
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: open, close, decide or cancel."""
    found = _led(request, pk)
    if name == "cancel":
        reason = request.POST.get("reason", "")[:300]
        acted(request, selections.cancel_selection, found, reason=reason, done=_("Cancelled."))
        return redirect("talent:choosing", pk)
    service = {
        "open": selections.open_selection,
        "close": selections.close_selection,
        "decide": shortlisting.decide,
    }[name]
    acted(request, service, found, done=_("Done."))
    return redirect("talent:choosing", pk)


@require_POST
@role_required(*ORGANISERS)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _led(request, pk), PublishForm(request.POST)
    if form.is_valid():
        done = _("The short list is published.")
        acted(request, shortlisting.publish, found, done=done, **form.cleaned_data)
    return redirect("talent:choosing", pk)


def _candidate(request: HttpRequest, pk: int) -> Candidate:
    led = Selection.objects.led_by(signed_in(request), on=timezone.localdate()).values("pk")
    return get_object_or_404(Candidate.objects.filter(selection__in=led).with_names(), pk=pk)


@require_POST
@role_required(*ORGANISERS)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    row = _candidate(request, pk)
    reason = request.POST.get("reason", "")[:300]
    acted(request, candidates.exclude, row, reason=reason, done=_("Excluded, and told why."))
    return redirect("talent:choosing", row.selection_id)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _candidate(request, pk), signed_in(request)
    form = AppointForm(request.POST or None, initial={"valid_from": timezone.localdate()})

    def write(given: dict[str, Any]) -> str:
        shortlisting.appoint(row, by=user, at=timezone.now(), **given)
        return _back(row.selection_id)

    title = _("Appoint %(name)s") % {"name": row.name}
    return desk_form(request, form, write, title, _back(row.selection_id))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    led = Selection.objects.led_by(signed_in(request), on=timezone.localdate()).values("pk")
    rows = Objection.objects.filter(candidate__selection__in=led).with_names()
    row, user = get_object_or_404(rows, pk=pk), signed_in(request)
    form = AnswerForm(request.POST or None)
    back = _back(row.candidate.selection_id)

    def write(given: dict[str, Any]) -> str:
        upheld = given["upheld"] == "yes"
        shortlisting.answer(row, upheld=upheld, reason=given["reason"], by=user, at=timezone.now())
        return back

    return answer_form(
        request, form, write, template="talent/answer.html", objection=row, back_url=back
    )
