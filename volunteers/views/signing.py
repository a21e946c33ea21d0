"""Signing up, waiting, taking an offered place, giving a place back: one thumb, one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organizations.acting import acted, onwards, saved
from organizations.http import signed_in
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.activities import CancelForm, SignUpForm
from volunteers.http import person_required
from volunteers.models import Shift, Signup, Volunteer, WaitingPlace
from volunteers.workflow.people import PRESENT


def _shift(pk: int) -> Shift:
    return get_object_or_404(Shift.objects.public().with_activity(), pk=pk)


@require_http_methods(["GET", "POST"])
@person_required
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself or one's child; on a full shift the same page joins the waiting list."""
    shift = _shift(pk)
    people = Volunteer.objects.of(signed_in(request)).filter(state__in=PRESENT).with_names()
    if not people:
        messages.info(request, _("Register as a volunteer first: it takes three minutes."))
        return redirect("volunteers:register")
    form = SignUpForm(request.POST or None, people=people)
    wants_to_wait = request.POST.get("wait") == "yes"
    service = _wait if wants_to_wait else _sign
    if saved(request, form, service, shift, form=form) is not None:
        done = _("You are on the waiting list.") if wants_to_wait else _("You have signed up.")
        return onwards(request, "volunteers:mine", done=done)
    shift.refresh_from_db(fields=["taken", "places"])
    context = {"form": form, "shift": shift, "at": timezone.now()}
    status = 422 if form.errors else 200
    return render(request, "volunteers/sign_up.html", context, status=status)


def _sign(shift: Shift, *, form: SignUpForm, **who: Any) -> Signup:
    given = form.cleaned_data
    return services.sign_up(
        shift, given["volunteer"], remark=given["remark"], tight=given["tight"], **who
    )


def _wait(shift: Shift, *, form: SignUpForm, **who: Any) -> WaitingPlace:
    return services.join_waiting_list(shift, form.cleaned_data["volunteer"], **who)


@require_http_methods(["GET", "POST"])
@person_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    signup = get_object_or_404(Signup.objects.of(signed_in(request)).with_names(), pk=pk)
    form = CancelForm(request.POST or None)
    reason = request.POST.get("reason", "")
    if saved(request, form, services.cancel, signup, reason=reason) is not None:
        return onwards(request, "volunteers:mine", done=_("Your place is free for somebody else."))
    said = _("You can cancel freely until %(until)s; later a reason is needed, and it is counted.")
    until = timezone.localtime(services.free_until(signup.shift)).strftime("%Y-%m-%d %H:%M")
    title = _("Cancel: %(title)s") % {"title": signup.shift.activity}
    about = said % {"until": until}
    return form_page(request, form, title=title, back="volunteers:mine", about=about)


@require_POST
@person_required
def take_offer(request: HttpRequest, pk: int) -> HttpResponse:
    waiting = _waiting(request, pk)
    tight = request.POST.get("tight") == "yes"
    acted(request, services.take_offer, waiting, done=_("The place is yours."), tight=tight)
    return redirect("volunteers:mine")


@require_POST
@person_required
def leave_list(request: HttpRequest, pk: int) -> HttpResponse:
    waiting = _waiting(request, pk)
    acted(request, services.leave_waiting_list, waiting, done=_("You have left the list."))
    return redirect("volunteers:mine")


def _waiting(request: HttpRequest, pk: int) -> WaitingPlace:
    rows = WaitingPlace.objects.of(signed_in(request)).select_related("shift", "volunteer")
    return get_object_or_404(rows, pk=pk)
