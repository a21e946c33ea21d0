"""Forms of a whistle: whom to call to where, a report of arrival, a release, a rating."""

import datetime
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import CallNumber, Case, Whistle
from cases.whistle_workflow import ANSWERS, BEST, WHISTLES, WORST
from grids.models import BodyTerritory
from grids.scopes import scopes_of
from lib.moments import midnight
from organizations.models import Body, User
from organizations.models.bodies import BodyQuerySet

SCORES = [(score, str(score)) for score in range(BEST, WORST - 1, -1)]


def callable_bodies(user: User, *, on: datetime.date) -> BodyQuerySet:
    """Bodies with somebody to send, in the territories for which this person may whistle."""
    scopes = [scope for scope in scopes_of(user, on=on) if scope.role in WHISTLES]
    bodies = Body.objects.valid_on(on).filter(posts__role__in=ANSWERS).distinct()
    if not any(scope.everywhere for scope in scopes):
        keys = {key for scope in scopes for key in scope.towns | scope.communities | scope.grids}
        inside = Q(territory__in=keys) | Q(territory__parent__in=keys)
        covering = BodyTerritory.objects.valid_on(on).filter(inside)
        bodies = bodies.filter(pk__in=covering.values("body"))
    return cast("BodyQuerySet", bodies.order_by("kind__nature", "name"))


class BodiesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Body.objects.none(), **kwargs)


class CallsForm(forms.Form):
    """A number of an address, `first` and `last` included: whose calls are behind it."""

    number = forms.ChoiceField(choices=CallNumber.choices)
    body: forms.ModelChoiceField = forms.ModelChoiceField(Body.objects.all())
    first = forms.DateField()
    last = forms.DateField()

    def moments(self, now: datetime.datetime) -> dict[str, datetime.datetime]:
        """The first instant of the days asked for, and the last one, which is not after `now`."""
        day = self.cleaned_data["last"] + datetime.timedelta(days=1)
        until = midnight(day) - datetime.timedelta(microseconds=1)
        return {"since": midnight(self.cleaned_data["first"]), "until": min(now, until)}


class WhistleForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Whistle.Kind.choices,
        initial=Whistle.Kind.ENFORCEMENT,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What the departments are needed for"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    bodies = BodiesField(label=_("Departments to call"))

    def __init__(
        self, *args: Any, user: User, on: datetime.date, case: Case | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        field = cast("BodiesField", self.fields["bodies"])
        field.queryset = callable_bodies(user, on=on)
        if case is not None:
            self.initial.update(lon=case.lon, lat=case.lat, address=case.address, text=case.title)

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "case": self.case, "bodies": list(self.cleaned_data["bodies"])}


class CallMoreForm(forms.Form):
    bodies = BodiesField(label=_("Departments to call"))

    def __init__(
        self, *args: Any, whistle: Whistle, user: User, on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        called = whistle.calls.values("body")
        field = cast("BodiesField", self.fields["bodies"])
        field.queryset = callable_bodies(user, on=on).exclude(pk__in=called)

    def arguments(self) -> dict[str, Any]:
        return {"bodies": list(self.cleaned_data["bodies"])}


class ArriveForm(forms.Form):
    """The position comes from the browser; words are for those whose position proves nothing."""

    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Why the position cannot prove it"),
        help_text=_("Only where there is no position, or not a good one. It will be marked."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class ReleaseForm(forms.Form):
    words = forms.CharField(
        label=_("Note"),
        help_text=_("Needed for a department that did not come."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class RateForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("From 1 to 5"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In words"),
        help_text=_("Needed below 3."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
