"""What residents do: bring an idea, choose, rate what was done, bring new facts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consultation.forms.participation import ChoiceForm, NewFactsForm, RatingForm
from consultation.forms.projects import IdeaForm
from consultation.project_workflow import IdeaState
from consultation.services import projects as services
from consultation.services.rating import rate as give_rating
from consultation.services.reopening import ask_to_reopen
from consultation.views.published import (
    call_context,
    commitment_context,
    page_context,
    public_call,
    public_commitments,
)
from consultation.views.reach import public
from lib.errors import NotYours, RuleViolation
from organizations.http import resident_required, signed_in


def _served(form: forms.Form, service: Any, *rows: Any, **said: Any) -> Any:
    """What the service answered; a refusal stands on the form, what is others' is forbidden."""
    try:
        return service(*rows, at=timezone.now(), **said)
    except NotYours as error:
        raise PermissionDenied(str(error)) from error
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return None


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    """A resident's own idea, in one page made for a telephone."""
    found = public_call(pk)
    form = IdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.content()
        if _served(form, services.bring_idea, found, by=signed_in(request), **said) is not None:
            messages.success(
                request,
                _("Thank you. A person looks at it; you hear of every step in your messages."),
            )
            return redirect("consultation:published_call", pk)
    context = {"form": form, "call": found, "at": timezone.now()}
    status = 422 if form.errors else 200
    return render(request, "consultation/public/idea_form.html", context, status=status)


@resident_required
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole sheet; it may be sent again until the vote closes."""
    found = public_call(pk)
    form = ChoiceForm(request.POST, rows=found.ideas.filter(state=IdeaState.FEASIBLE))
    if form.is_valid():
        ideas = list(form.cleaned_data["ideas"])
        if _served(form, services.choose, found, ideas, by=signed_in(request)) is not None:
            messages.success(request, _("Your choice counts. You may change it until the end."))
            return redirect("consultation:published_call", pk)
    context = {**call_context(request, found), "form": form}
    return render(request, "consultation/public/call.html", context, status=422)


@resident_required
@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(public_commitments(), pk=pk)
    form = RatingForm(request.POST)
    if form.is_valid():
        made = _served(form, give_rating, found, by=signed_in(request), **form.cleaned_data)
        if made is not None:
            messages.success(request, _("Thank you for your rating."))
            return redirect("consultation:published_commitment", pk)
    context = {**commitment_context(request, found), "rating_form": form}
    return render(request, "consultation/public/commitment.html", context, status=422)


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_facts(request: HttpRequest, number: str) -> HttpResponse:
    """A concluded matter is taken up again only where there is something new."""
    found = public(number)
    form = NewFactsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _served(form, ask_to_reopen, found, by=signed_in(request), **form.cleaned_data)
        if made is not None:
            messages.success(request, _("It is with the host; you hear the decision."))
            return redirect("consultation:published_consultation", number)
    context = {**page_context(request, found), "form": form}
    status = 422 if form.errors else 200
    return render(request, "consultation/public/new_facts.html", context, status=status)
