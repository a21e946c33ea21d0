"""Forms of sources, purposes and lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.models import Ban, BankAccount, Line, Purpose, Rung, Source, SourceRule
from funding.models.rules import APPROVERS
from grids.forms.catalogues import TerritoryField
from organizations.forms.catalogues import DAY, BodyField


class PurposesField(forms.ModelMultipleChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            Purpose.objects.order_by("code"), widget=forms.CheckboxSelectMultiple, **more
        )


class SourceForm(forms.ModelForm):
    purposes = PurposesField(label=_("May be used for"), required=False)

    class Meta:
        model = Source
        fields = ["code", "name", "name_en", "rank"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.allowed.values_list("purpose", flat=True)
            self.initial.setdefault("purposes", list(rows))


class PurposeForm(forms.ModelForm):
    class Meta:
        model = Purpose
        fields = ["code", "name", "name_en"]


class RuleForm(forms.ModelForm):
    class Meta:
        model = SourceRule
        fields = [
            "source", "raising", "raising_en", "basis", "publish_days", "publish_every",
            "emergency_days", "carry_years", "needs_decision", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class BanForm(forms.ModelForm):
    class Meta:
        model = Ban
        fields = ["source", "purpose", "reason", "valid_from"]
        widgets = {"valid_from": DAY}


class RungForm(forms.ModelForm):
    above = YuanField(label=_("from this amount on (yuan)"), required=False)
    role = forms.ChoiceField(
        label=_("role"), choices=[(str(role), role.label) for role in APPROVERS]
    )
    body = BodyField(
        label=_("body"),
        required=False,
        help_text=_("Empty: the owner of the line, or any body above it."),
    )

    class Meta:
        model = Rung
        fields = ["source", "position", "above", "role", "body", "valid_from"]
        widgets = {"valid_from": DAY}


class BankAccountForm(forms.ModelForm):
    body = BodyField(label=_("body"))

    class Meta:
        model = BankAccount
        fields = ["body", "name", "bank", "number"]


class LineForm(forms.ModelForm):
    """No amounts: money comes in by `funding.services.receive`."""

    body = BodyField(label=_("Owner"))
    territory = TerritoryField(
        label=_("Territory"), required=False, help_text=_("Empty: wherever the owner works.")
    )
    purposes = PurposesField(label=_("May be used for"))

    class Meta:
        model = Line
        fields = [
            "code", "name", "name_en", "source", "body", "territory", "valid_from", "valid_to",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "valid_to": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.purposes.values_list("purpose", flat=True)
            self.initial.setdefault("purposes", list(rows))
