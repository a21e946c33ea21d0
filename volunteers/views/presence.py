"""At the shift: the leader's board with the code, and the volunteer's “I am here”."""

from typing import Any

import segno
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.errors import RuleViolation
from organizations.acting import answer_act
from organizations.http import signed_in
from volunteers import checkin_codes
from volunteers.forms.hours import HereForm
from volunteers.http import person_required
from volunteers.models import Presence, Shift, Signup
from volunteers.services import actors, checking_in, hours
from volunteers.services.counting_hours import hours_rule_on
from volunteers.workflow.activities import COMING, SignupState
from volunteers.workflow.hours import PresenceState


def _led_shift(request: HttpRequest, pk: int) -> Shift:
    """The shift, if who asks leads it; else 403."""
    shift = get_object_or_404(Shift.objects.select_related("activity", "leader"), pk=pk)
    user = signed_in(request)
    if shift.leader_id != user.pk and not actors.leads_work(
        user, shift.activity, at=timezone.now()
    ):
        raise PermissionDenied
    return shift


@never_cache
@require_safe
@person_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a place, who is here, who left; the code, which changes."""
    shift, now = _led_shift(request, pk), timezone.now()
    states = [*COMING, SignupState.MISSED]
    signups = shift.signups.filter(state__in=states).select_related("volunteer__person", "presence")
    rows: list[dict[str, Any]] = [
        {"signup": row, "presence": getattr(row, "presence", None)} for row in signups
    ]
    rows.sort(key=lambda row: (row["presence"] is not None, row["signup"].pk))
    context = {
        "shift": shift,
        "rows": rows,
        "here": sum(
            row["presence"] is not None and row["presence"].state == PresenceState.PRESENT
            for row in rows
        ),
        "waiting": sum(
            row["presence"] is not None and row["presence"].state == PresenceState.LEFT
            for row in rows
        ),
        "code": _code(request, shift),
        "at": now,
    }
    return render(request, "volunteers/board.html", context)


def _code(request: HttpRequest, shift: Shift) -> dict[str, object]:
    now = timezone.now()
    rule = hours_rule_on(timezone.localdate(now))
    code = checkin_codes.code_at(shift, now, seconds=rule.code_seconds)
    address = reverse("volunteers:here", args=[shift.pk])
    picture = segno.make(f"{request.build_absolute_uri(address)}?c={code}", error="m")
    return {
        "picture": picture.svg_inline(scale=6, dark="#000", light="#fff", omitsize=True),
        "letters": checkin_codes.spelled(code),
        "seconds": rule.code_seconds,
    }


@never_cache
@require_safe
@person_required
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the board that changes by itself."""
    shift = _led_shift(request, pk)
    context = {"shift": shift, "code": _code(request, shift)}
    return render(request, "volunteers/_code.html", context)


@require_POST
@person_required
def note(request: HttpRequest, pk: int, signup: int, name: str) -> HttpResponse:
    """The leader notes somebody: `name` is arrive, leave or missed."""
    shift, user, now = _led_shift(request, pk), signed_in(request), timezone.now()
    row = get_object_or_404(shift.signups.select_related("volunteer", "shift__activity"), pk=signup)

    def act() -> object:
        if name == "arrive":
            return checking_in.note_arrival(row, by=user, at=now)
        if name == "missed":
            return checking_in.note_missing(row, by=user, at=now)
        stay = get_object_or_404(Presence, signup=row)
        return checking_in.note_leaving(stay, by=user, at=now)

    back = reverse("volunteers:board", args=[pk])
    return answer_act(request, act, done=pgettext("presence", "Noted."), back=back)


@require_POST
@person_required
def confirm_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm all hours of the shift about which nothing is doubtful."""
    shift, user = _led_shift(request, pk), signed_in(request)
    return answer_act(
        request,
        lambda: hours.confirm_shift(shift, by=user, at=timezone.now()),
        done=_("Confirmed. What is marked is looked at one by one."),
        back=reverse("volunteers:board", args=[pk]),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """I am here; afterwards: I leave. Works from the code's link, and by place."""
    user, now = signed_in(request), timezone.now()
    shift = get_object_or_404(Shift.objects.select_related("activity"), pk=pk)
    mine = Signup.objects.of(user).filter(shift=shift, state__in=COMING)
    signups = list(mine.select_related("volunteer__person", "shift__activity", "presence"))
    chosen = next((row for row in signups if str(row.pk) == request.POST.get("signup")), None)
    begun = {"code": checkin_codes.spelled(request.GET.get("c", "")[:20].replace("-", ""))}
    form = HereForm(request.POST or None, initial=begun)
    if request.method == "POST" and chosen is not None and form.is_valid():
        try:
            _arrive_or_leave(chosen, form, request)
            return redirect("volunteers:here", pk=pk)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
    context = {
        "shift": shift,
        "form": form,
        "rows": [{"signup": row, "presence": getattr(row, "presence", None)} for row in signups],
        "at": now,
    }
    status = 422 if form.errors else 200
    return render(request, "volunteers/here.html", context, status=status)


def _arrive_or_leave(signup: Signup, form: HereForm, request: HttpRequest) -> Presence:
    """What the button said: a repeat of the same changes nothing."""
    who = {"by": signed_in(request), "at": timezone.now(), "key": form.cleaned_data["key"]}
    if request.POST.get("act") == "leave":
        stay = get_object_or_404(Presence.objects.with_names(), signup=signup)
        return checking_in.leave(stay, form.proof, **who)
    return checking_in.arrive(signup, form.proof, **who)
