"""What clerks enter about donations, decisions, questions and standards."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.models import (
    DONATION,
    CollectiveOffice,
    Decision,
    Donation,
    DonationProject,
    PayGrade,
    Purpose,
    ServiceStandard,
)
from organizations.forms.catalogues import DAY, BodyField, PersonField
from organizations.models import Body


class DonationForm(forms.ModelForm):
    amount = YuanField(label=_("Amount (yuan)"))
    agreement_file = forms.FileField(label=_("Written agreement"), required=False)
    key = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Donation
        fields = [
            "line", "amount", "given_on", "donor_kind", "donor_name", "donor_phone", "purpose",
            "receipt", "name_shown", "amount_shown",
        ]  # fmt: skip
        widgets = {"given_on": DAY}

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["line"].queryset = lines.filter(source__code=DONATION).order_by("code")
        allowed = Purpose.objects.filter(sources__source__code=DONATION)
        fields["purpose"].queryset = allowed.order_by("code")
        fields["purpose"].help_text = _("Empty: as the receiver sees fit.")


class ProjectForm(forms.ModelForm):
    class Meta:
        model = DonationProject
        fields = ["name", "name_en", "about", "begins", "ends", "emergency_from", "emergency_until"]
        widgets = dict.fromkeys(("begins", "ends", "emergency_from", "emergency_until"), DAY)


class UseReportForm(forms.Form):
    text = forms.CharField(
        label=_("What was done"),
        help_text=_("The figures of the ledger are added by themselves."),
        max_length=2000,
        widget=forms.Textarea,
    )
    is_final = forms.BooleanField(label=_("This is the final report"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class DecisionForm(forms.ModelForm):
    amount = YuanField(label=_("Up to the amount (yuan)"))
    minutes = forms.FileField(label=_("Minutes"), help_text=_("PDF or picture, at most 15 MB."))

    class Meta:
        model = Decision
        fields = [
            "title", "assembly", "amount", "held_on", "entitled", "present", "votes_for",
            "votes_against",
        ]  # fmt: skip
        widgets = {"held_on": DAY}

    def _post_clean(self) -> None:
        """The service judges the counts and says in words what is missing."""


class PlanForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    income = YuanField(label=_("Income of the year (yuan)"))
    set_aside = YuanField(label=_("Reserve and welfare fund (yuan)"), required=False)
    shares = forms.CharField(
        label=_("Shares of the households"),
        help_text=_("One household in a line: its number, a comma, its shares. No names."),
        widget=forms.Textarea,
    )

    def clean_shares(self) -> list[tuple[str, int]]:
        found = []
        for line in self.cleaned_data["shares"].splitlines():
            household, _comma, count = line.replace("，", ",").partition(",")
            if not line.strip():
                continue
            if not household.strip() or not count.strip().isdecimal() or int(count) < 1:
                raise ValidationError(
                    _("“%(line)s”: write number, comma, shares."), params={"line": line}
                )
            found.append((household.strip()[:40], int(count)))
        if len({household for household, _count in found}) < len(found):
            raise ValidationError(_("A household is named twice."))
        return found


class ReleaseForm(forms.Form):
    public_text = forms.CharField(
        label=_("Question as everybody reads it"),
        help_text=_("Take out names, numbers, doors and whatever points to one person."),
        max_length=1000,
        widget=forms.Textarea,
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea)


class PayForm(forms.Form):
    body: forms.ModelChoiceField = forms.ModelChoiceField(Body.objects.none(), label=_("Body"))
    grade = forms.ModelChoiceField(PayGrade.objects.order_by("post", "level"), label=_("Pay grade"))
    month = forms.DateField(label=_("A day of the month"), widget=DAY)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=10_000)
    pay = YuanField(label=_("Pay of all of them (yuan)"))
    benefits = YuanField(label=_("Insurance and housing fund of all (yuan)"), required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined] # a choice of rows


class ServiceForm(forms.Form):
    body: forms.ModelChoiceField = forms.ModelChoiceField(Body.objects.none(), label=_("Community"))
    standard = forms.ModelChoiceField(ServiceStandard.objects.order_by("code"), label=_("Service"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    amount = forms.IntegerField(label=_("Provided"), min_value=0, max_value=1_000_000)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined] # a choice of rows


class PayGradeForm(forms.ModelForm):
    pay = YuanField(label=_("Pay of a month (yuan)"))
    benefits = YuanField(label=_("Insurance and housing fund of a month (yuan)"), required=False)

    class Meta:
        model = PayGrade
        fields = ["post", "level", "pay", "benefits", "basis", "valid_from", "valid_to"]
        widgets = {"valid_from": DAY, "valid_to": DAY}


class ServiceStandardForm(forms.ModelForm):
    class Meta:
        model = ServiceStandard
        fields = [
            "code", "name", "name_en", "unit", "unit_en", "amount", "basis", "valid_from",
            "valid_to",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "valid_to": DAY}


class OfficeForm(forms.ModelForm):
    body: BodyField = BodyField(label=_("Collective"))
    person = PersonField(label=_("Person"))

    class Meta:
        model = CollectiveOffice
        fields = ["body", "person", "office", "valid_from", "valid_to"]
        widgets = {"valid_from": DAY, "valid_to": DAY}
