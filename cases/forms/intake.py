"""Logging a case: one form for workers, counters and hotline, for any community of the city."""

import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import PhotosField
from cases.models import Channel, Urgency
from grids.models import Level, Territory
from lib.roles import Role
from routing.models import Category, FilingStandard

TITLE_LENGTH = 40
# The draft in the browser keeps these hidden fields, and forgets what names a person.
KEPT = {"data-draft": ""}
FORGOTTEN = {"autocomplete": "off", "data-no-draft": ""}
LOGGERS = frozenset(
    {
        Role.GRID_WORKER,
        Role.COMMUNITY_WORKER,
        Role.ACCEPTOR,
        Role.DISPATCHER,
        Role.DUTY_OFFICER,
        Role.VERIFIER,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
    }
)
# Who takes reports of other people, and through which channels.
COUNTER = frozenset({Role.ACCEPTOR, Role.COMMUNITY_WORKER, Role.DISPATCHER, Role.DUTY_OFFICER})
COUNTER_CHANNELS = (
    Channel.WINDOW,
    Channel.HOTLINE,
    Channel.VISIT,
    Channel.MEDIA,
    Channel.VIDEO,
    Channel.SUPERIOR,
    Channel.DEPARTMENT,
)


class LogForm(forms.Form):
    """`category`, `standard` and `territory` are drawn as choices that arrive while typing."""

    client_key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    finding = forms.IntegerField(required=False, widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photos"), required=False)
    lon = forms.FloatField(
        required=False, min_value=-180, max_value=180, widget=forms.HiddenInput(KEPT)
    )
    lat = forms.FloatField(
        required=False, min_value=-90, max_value=90, widget=forms.HiddenInput(KEPT)
    )
    address = forms.CharField(
        label=_("Address or community"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    territory: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.filter(level__in=[Level.COMMUNITY, Level.GRID]), required=False
    )
    text = forms.CharField(
        label=_("What is the matter?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    typed = forms.CharField(
        label=_("Find a category"),
        help_text=_("Type Chinese, pinyin initials (jg) or English."),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    category = forms.ModelChoiceField(Category.objects.small_classes(), required=False)
    standard = forms.ModelChoiceField(FilingStandard.objects.all(), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=Urgency.choices,
        initial=Urgency.ORDINARY,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label=_("How it came in"), choices=[(c.value, c.label) for c in COUNTER_CHANNELS]
    )
    reporter_name = forms.CharField(
        label=_("Reporter's name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(FORGOTTEN),
    )
    reporter_phone = forms.CharField(
        label=_("Reporter's telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", **FORGOTTEN}),
    )

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_counter = not COUNTER.isdisjoint(roles)
        self.fields["client_key"].initial = uuid.uuid4().hex
        if not self.at_counter:
            for name in ("channel", "reporter_name", "reporter_phone"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._say_where(given)
        standard = given.get("standard")
        if standard and standard.category != given.get("category"):
            given["standard"] = None
        return given

    def _say_where(self, given: dict[str, Any]) -> None:
        point = given.get("lon") is not None and given.get("lat") is not None
        if not (point or given.get("territory") or given.get("address")):
            self.add_error("address", _("Say where: tap the map, use “Here”, or write an address."))

    def arguments(self) -> dict[str, Any]:
        """What `services.log` takes, apart from who and when."""
        given = dict(self.cleaned_data)
        given.pop("typed")
        given.pop("finding")
        return {
            "channel": Channel.GRID,
            "title": headline(given["text"]),
            **given,
        }


def headline(text: str) -> str:
    """The first sentence of a report, cut to what fits a list."""
    first = text.strip().splitlines()[0]
    for stop in "。！？!?；;":
        first = first.split(stop)[0]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
