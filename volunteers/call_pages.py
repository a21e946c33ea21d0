"""A page and a panel for higher apps: something of theirs calls for volunteers.

Whether the reader may call for it is for the higher app to know; here is only how it is asked.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.locate import Place
from organizations.acting import acted, onwards, saved
from organizations.http import signed_in
from organizations.models import Body
from volunteers import services
from volunteers.forms.activities import WantedForm
from volunteers.models import Call


@dataclass(frozen=True, slots=True)
class Caller:
    """What calls: named by (kind, key), with the body that asks, its place, and where to return."""

    kind: str
    key: str
    body: Body
    place: Place
    back: str
    title: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None


def call_page(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The form of a call; `withdraw` takes the one that is open back."""
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, caller)
    initial = {
        "title": caller.title, "address": caller.address, "lon": caller.lon, "lat": caller.lat,
    }  # fmt: skip
    form = WantedForm(request.POST or None, initial=initial)
    if saved(request, form, _call, caller, form=form) is not None:
        return onwards(request, caller.back, done=_("The organisers of the place are told."))
    title = _("Call for volunteers")
    facts = {"form": form, "title": title, "back_url": caller.back, "frame": "workbench.html"}
    status = 422 if form.errors else 200
    return render(request, "volunteers/desk_form.html", facts, status=status)


def _call(caller: Caller, *, form: WantedForm, **who: Any) -> Call:
    return services.call_for(
        caller.kind, caller.key, form.wanted, body=caller.body, place=caller.place, **who
    )


def _withdraw(request: HttpRequest, caller: Caller) -> HttpResponse:
    rows = Call.objects.about(caller.kind, caller.key).open().filter(by=signed_in(request))
    if call := rows.first():
        acted(request, services.withdraw_call, call, done=_("The call is taken back."))
    return redirect(caller.back)


def calls_of(request: HttpRequest, kind: str, key: str, *, url: str) -> dict[str, Any] | None:
    """The panel of what called: its calls with their answers; `url` "" where nobody may call."""
    calls = list(Call.objects.about(kind, key).with_names().order_by("-pk"))
    if not calls and not url:
        return None
    is_open = any(call.state == "open" for call in calls)
    return {
        "calls": calls,
        "url": url,
        "may_call": bool(url) and not is_open,
        "may_withdraw": bool(url)
        and any(call.state == "open" and call.by_id == request.user.pk for call in calls),
        "at": timezone.now(),
    }
