"""Selections as everybody reads them: applying, recommending, the short list, objecting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.acting import acted, answer_form, page_of
from organizations.http import account_required, signed_in
from talent.forms.selection import ApplyForm, ObjectForm, RecommendForm
from talent.models import Candidate, Objection, Selection
from talent.services import candidates, shortlisting
from talent.services.ways import CANDIDATE
from talent.workflow.selection import CandidateState, SelectionState


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    page = page_of(request, Selection.objects.public().with_names())
    return render(request, "talent/selections.html", {"page": page, "at": timezone.now()})


def _visible(request: HttpRequest, pk: int) -> Selection:
    visible = Selection.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_safe
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """Names stand here from the publication on; how far one's own application is."""
    found, now, user = _visible(request, pk), timezone.now(), request.user
    own = Candidate.objects.of(user).filter(selection=found).select_related("selection").first()
    until = found.objections_until
    context = {
        "selection": found,
        "criteria": found.criteria.order_by("pk"),
        "judges": found.judges.count(),
        "own": own,
        "own_moves": CANDIDATE.open_to(own, by=signed_in(request), at=now) if own else [],
        "may_apply": found.state == SelectionState.OPEN and now < found.apply_until and not own,
        "named": found.candidates.named().order_by("rank", "pk"),
        "may_object": found.state == SelectionState.PUBLISHED and until and now < until,
        "objections": Objection.objects.filter(person=user.pk or 0, candidate__selection=found)
        .select_related("candidate")
        .order_by("pk"),
        "leads": Selection.objects.led_by(user, on=timezone.localdate(now)).filter(pk=pk).exists(),
        "at": now,
    }
    return render(request, "talent/selection.html", context)


def _form(
    request: HttpRequest, found: Selection, form: Any, write: Any, title: str, act: str
) -> HttpResponse:
    return answer_form(
        request, form, write, template="talent/form.html", frame="public.html", title=title,
        act=act, back_url=reverse("talent:selection", args=[found.pk]),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _visible(request, pk), signed_in(request)
    form = ApplyForm(request.POST or None, initial={"name": user.full_name})

    def write(given: dict[str, Any]) -> str:
        candidates.apply(found, by=user, at=timezone.now(), **given)
        return reverse("talent:selection", args=[pk])

    title = _("Apply: %(title)s") % {"title": found}
    return _form(request, found, form, write, title, pgettext("talent", "Apply"))


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who works here; the person is asked before anything else happens."""
    found, user = _visible(request, pk), signed_in(request)
    form = RecommendForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        candidates.recommend(
            found, given["person"], statement=given["statement"], by=user, at=timezone.now()
        )
        return reverse("talent:selection", args=[pk])

    title = _("Recommend: %(title)s") % {"title": found}
    return _form(request, found, form, write, title, _("Recommend"))


@require_POST
@account_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One's own candidacy; `name`: agree or withdraw."""
    row = get_object_or_404(Candidate.objects.of(request.user).with_names(), pk=pk)
    service = {"agree": candidates.agree, "withdraw": candidates.withdraw}[name]
    acted(request, service, row, done=_("Done."))
    return redirect("talent:selection", row.selection_id)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    named = Candidate.objects.filter(state=CandidateState.PROPOSED).with_names()
    row, user = get_object_or_404(named, pk=pk), signed_in(request)
    form = ObjectForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        shortlisting.object_to(row, by=user, at=timezone.now(), **given)
        return reverse("talent:selection", args=[row.selection_id])

    title = _("Object to %(name)s on the short list") % {"name": row.name}
    return _form(request, row.selection, form, write, title, _("Object"))
