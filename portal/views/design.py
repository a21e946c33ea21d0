"""Every part of the house's pages in all its states: what `docs/look.md` describes, alive."""

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.workflow import State
from lib import tones
from lib.keyset import Page
from lib.tones import Tone
from organizations.http import resident_of


class SampleForm(forms.Form):
    """One field of each kind, to look at."""

    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("One sentence is enough.")
    )
    text = forms.CharField(label=gettext_lazy("Description"), widget=forms.Textarea, required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=[("a", gettext_lazy("Ordinary")), ("b", gettext_lazy("Urgent"))],
    )
    publicity = forms.ChoiceField(
        label=gettext_lazy("Publicity"),
        choices=[("a", gettext_lazy("Public")), ("b", gettext_lazy("Not public"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read the privacy notice"))


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Open to everybody in development, to people who have signed in elsewhere."""
    if resident_of(request):
        raise PermissionDenied
    if not settings.DEBUG:
        return _components_for_people(request)
    return _drawn(request)


@login_required
def _components_for_people(request: HttpRequest) -> HttpResponse:
    return _drawn(request)


def _drawn(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/design.html", _samples(timezone.now()))


def _samples(at: datetime.datetime) -> dict[str, Any]:
    hour = datetime.timedelta(hours=1)
    wrong = SampleForm({"title": "", "urgency": "a"}, prefix="wrong")
    wrong.is_valid()
    return {
        "at": at,
        "states": State.choices,
        "tones": [(name, tone) for name, tone in tones.ALL.items()],
        "limits": [
            (at - 10 * hour, at + 40 * hour, None),
            (at - 40 * hour, at + 5 * hour, None),
            (at - 40 * hour, at - 5 * hour, None),
            (at - 40 * hour, at + 5 * hour, at - 3 * hour),
        ],
        "moments": [
            at,
            at - 24 * hour,
            at + 24 * hour,
            at - 72 * hour,
            at - 400 * hour,
            at - 10_000 * hour,
        ],
        "line": SimpleNamespace(free=4_210_000, reserved=830_050, payable=120_000, spent=2_300_000),
        "loads": [(2, 12), (10, 12), (14, 12)],
        "way": _way(at),
        "chips": _chips(),
        "page": Page(rows=[], next="n", previous="p"),
        "form": SampleForm(),
        "wrong": wrong,
    }


def _way(at: datetime.datetime) -> list[SimpleNamespace]:
    hour = datetime.timedelta(hours=1)

    def step(tone: Tone, title: str, **more: Any) -> SimpleNamespace:
        return SimpleNamespace(tone=tone.name, icon=tone.icon, title=title, **more)

    return [
        step(tones.WAITING, _("Report received"), at=at - 30 * hour, who=_("Resident, online")),
        step(
            tones.WORK,
            _("In work"),
            at=at - 3 * hour,
            who=_("Handler"),
            text=_("The cover was found broken."),
        ),
        step(tones.CHECKING, _("To be checked"), coming=True),
    ]


def _chips() -> list[dict[str, Any]]:
    return [
        {"label": _("All"), "url": "?", "chosen": True, "count": 128},
        {"label": _("In work"), "url": "?", "chosen": False, "count": 17},
        {"label": _("Closed"), "url": "?", "chosen": False, "count": None},
    ]
