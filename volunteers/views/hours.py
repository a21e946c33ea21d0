"""Hours: one's own with stars, what an organiser has to confirm, objections and their answers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.acting import answer_act, answer_form, page_of
from organizations.http import signed_in
from volunteers.figures import by_month, chart_of
from volunteers.forms.hours import ObjectForm, ReasonForm, RevokeForm, TimesForm
from volunteers.http import person_required
from volunteers.models import Certificate, Objection, Presence, TimeAccount, Volunteer
from volunteers.services import hours, saving
from volunteers.services.ways import OBJECTION, PRESENCE
from volunteers.standing import standings_of


@never_cache
@require_safe
@person_required
def my_hours(request: HttpRequest) -> HttpResponse:
    """My hours and my children's, what they add up to, stars, certificates, time account."""
    user, today = signed_in(request), timezone.localdate()
    stays = Presence.objects.of(user)
    months = by_month(stays, on=today)
    standings = standings_of(user, on=today)
    certificates = Certificate.objects.filter(volunteer__in=[one.volunteer for one in standings])
    context = {
        "standings": standings,
        "page": page_of(request, stays.with_names(), order=("-arrived_at", "-pk")),
        "months": months,
        "chart": chart_of(months) if any(month.minutes for month in months) else None,
        "certificates": certificates.select_related("body", "revocation").order_by("-pk")[:20],
        "account": TimeAccount.objects.with_names().filter(person=user).first(),
        "at": timezone.now(),
    }
    return render(request, "volunteers/my_hours.html", context)


@require_safe
@person_required
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for me: hours to confirm, objections to answer."""
    user, today = signed_in(request), timezone.localdate()
    rows = Presence.objects.led_by(user, on=today).waiting().with_names()
    context = {
        "page": page_of(request, rows, order=("due_at", "pk")),
        "objections": Objection.objects.to_answer(user, on=today).with_names().order_by("due_at"),
        "at": timezone.now(),
    }
    return render(request, "volunteers/hours_waiting.html", context)


def _stay(request: HttpRequest, pk: int) -> Presence:
    visible = Presence.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_safe
@person_required
def stay(request: HttpRequest, pk: int) -> HttpResponse:
    """One stay with its history, and what may be done with it."""
    found, user, now = _stay(request, pk), signed_in(request), timezone.now()
    moves = set(PRESENCE.open_to(found, by=user, at=now))
    objections = list(found.objections.select_related("by").order_by("-pk"))
    for row in objections:
        row.presence = found
    times = {"arrived": found.arrived_at, "left": found.left_at}
    is_own = Volunteer.objects.of(user).filter(pk=found.volunteer_id).exists()
    context = {
        "stay": found,
        "moves": moves,
        "events": found.events.select_related("by").order_by("number"),
        "objections": [
            {"row": row, "moves": set(OBJECTION.open_to(row, by=user, at=now))}
            for row in objections
        ],
        "may_object": is_own
        and found.state in {"confirmed", "refused"}
        and all(row.state != "open" for row in objections),
        "times_form": TimesForm(initial=times),
        "reason_form": ReasonForm(),
        "revoke_form": RevokeForm(),
        "object_form": ObjectForm(),
        "account": TimeAccount.objects.filter(person=user).first() if is_own else None,
        "saved": saving.is_saved(str(found.pk)),
        "at": now,
    }
    return render(request, "volunteers/stay.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Other times, with the reason."""
    found = _stay(request, pk)
    begun = {"arrived": found.arrived_at, "left": found.left_at}
    form = TimesForm(request.POST or None, initial=begun)

    def write(given: dict[str, Any]) -> str:
        who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
        hours.correct(found, form.times, reason=given["reason"], **who)
        return reverse("volunteers:stay", args=[pk])

    return answer_form(
        request,
        form,
        write,
        stay=found,
        title=_("Correct the times"),
        template="volunteers/stay_form.html",
    )


@require_POST
@person_required
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: confirm, refuse or revoke."""
    found, back = _stay(request, pk), reverse("volunteers:stay", args=[pk])
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]

    def act() -> object:
        if name == "confirm":
            return hours.confirm(found, **who)
        if name == "refuse":
            return hours.refuse(found, reason=reason, **who)
        form = RevokeForm(request.POST)
        years = form.cleaned_data["years"] if form.is_valid() else 0
        return hours.revoke(found, reason=reason, years=years, **who)

    return answer_act(request, act, done=_("Done."), back=back)


@require_POST
@person_required
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    found = _stay(request, pk)
    text, who = request.POST.get("text", ""), signed_in(request)
    return answer_act(
        request,
        lambda: hours.object_to(found, text=text, by=who, at=timezone.now()),
        done=_("Your objection waits for an answer."),
        back=reverse("volunteers:stay", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """An objection: grant it with times, decline it, or withdraw it."""
    user, now = signed_in(request), timezone.now()
    visible = Objection.objects.visible_to(user, on=timezone.localdate(now)).with_names()
    found = get_object_or_404(visible, pk=pk)
    if name not in OBJECTION.open_to(found, by=user, at=now):
        raise PermissionDenied
    back = reverse("volunteers:stay", args=[found.presence_id])
    if name == "withdraw":
        if request.method == "POST":
            hours.withdraw_objection(found, by=user, at=now)
        return redirect(back)
    stay = found.presence
    begun = {"arrived": stay.arrived_at, "left": stay.left_at}
    form = (
        TimesForm(request.POST or None, initial=begun)
        if name == "grant"
        else ReasonForm(request.POST or None)
    )

    def write(given: dict[str, Any]) -> str:
        if isinstance(form, TimesForm):
            hours.grant(found, form.times, answer=given["reason"], by=user, at=now)
        else:
            hours.decline(found, answer=given["reason"], by=user, at=now)
        return back

    title = _("The volunteer is right") if name == "grant" else _("The hours stay")
    return answer_form(
        request,
        form,
        write,
        stay=stay,
        title=title,
        objection=found,
        template="volunteers/stay_form.html",
    )


@require_POST
@person_required
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save confirmed hours in the time bank."""
    found, user = _stay(request, pk), signed_in(request)
    return answer_act(
        request,
        lambda: saving.save_stay(found, by=user, at=timezone.now()),
        done=_("Saved in the time bank."),
        back=reverse("volunteers:stay", args=[pk]),
    )
