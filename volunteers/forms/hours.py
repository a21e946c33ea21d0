"""Forms of arriving, hours, objections and certificates."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Body
from volunteers.models import HoursRule, Star
from volunteers.services.checking_in import Proof
from volunteers.services.hours import Times

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HereForm(forms.Form):
    """I am here, or I leave: the code on the screen, or the place of the telephone."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        help_text=_("Scan the picture, or type the letters below it."),
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    @property
    def proof(self) -> Proof:
        given = self.cleaned_data
        return Proof(given["code"].strip(), given["lon"], given["lat"])


class TimesForm(forms.Form):
    arrived = forms.DateTimeField(label=_("Arrived"), widget=MOMENT)
    left = forms.DateTimeField(label=pgettext_lazy("a shift", "Left"), widget=MOMENT)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def times(self) -> Times:
        return Times(self.cleaned_data["arrived"], self.cleaned_data["left"])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RevokeForm(ReasonForm):
    years = forms.TypedChoiceField(
        label=_("Was it falsified?"),
        coerce=int,
        choices=[
            (0, _("No, a mistake: nobody is barred")),
            (1, _("Yes: barred for one year")),
            (2, _("Yes: barred for two years")),
            (3, _("Yes: barred for three years")),
        ],
        initial=0,
        widget=forms.RadioSelect,
    )


class CertificateForm(forms.Form):
    """Which body's hours, and of which days."""

    body: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Issued by"), empty_label=None
    )
    since = forms.DateField(label=pgettext_lazy("certificate", "First day"), widget=DAY)
    until = forms.DateField(label=pgettext_lazy("certificate", "Last day"), widget=DAY)

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [body.pk for body in bodies]
        self.fields["body"].queryset = Body.objects.filter(pk__in=keys)  # type: ignore[attr-defined]  # of this field
        today = timezone.localdate()
        self.fields["since"].initial = today.replace(month=1, day=1)
        self.fields["until"].initial = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if isinstance(since, datetime.date) and isinstance(until, datetime.date) and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return given


class HoursRuleForm(forms.ModelForm):
    class Meta:
        model = HoursRule
        fields = [
            "early_minutes", "grace_minutes", "leave_minutes", "overtime_minutes", "radius",
            "code_seconds", "offline_hours", "confirm_days", "remind_days", "object_days",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class StarForm(forms.ModelForm):
    class Meta:
        model = Star
        fields = ["rank", "minutes", "name", "name_en", "valid_from"]
        widgets = {"valid_from": DAY}
