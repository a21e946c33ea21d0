"""Forms of categories, standards, communities' lists and rules of admission."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from grids.forms.catalogues import TerritoryField
from organizations.forms.catalogues import DAY, LinesField, RowField
from organizations.models import Body
from routing.models import (
    AdmissionRule,
    Category,
    CentreStandard,
    DangerWord,
    FilingStandard,
    ServiceCentre,
    ServiceItem,
)


class CategoryField(RowField):
    def __init__(self, **more: Any) -> None:
        super().__init__(Category.objects.all(), catalogue="categories", **more)


class BodiesField(forms.ModelMultipleChoiceField):
    """Several bodies, one code on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **more: Any) -> None:
        super().__init__(Body.objects.all(), to_field_name="code", **more)

    def prepare_value(self, value: Any) -> Any:
        """A list of rows becomes lines; what was typed, and the codes read from it, stay."""
        if value is None or isinstance(value, str) or any(isinstance(each, str) for each in value):
            return value
        rows = Body.objects.filter(pk__in=[getattr(each, "pk", each) for each in value])
        return "\n".join(f"{row.code} {row}" for row in rows.order_by("code"))

    def clean(self, value: Any) -> Any:
        lines = [line.split()[0] for line in str(value or "").splitlines() if line.strip()]
        return super().clean(lines)


class CategoryForm(forms.ModelForm):
    parent = CategoryField(label=_("Large class"), required=False)
    keywords = LinesField(
        label=_("Keywords"),
        required=False,
        help_text=_("One on each line; they decide suggestions."),
    )

    class Meta:
        model = Category
        fields = [
            "code", "national_code", "name", "name_en", "parent", "keywords", "is_emergency",
            "files_automatically", "publicity", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class StandardForm(forms.ModelForm):
    category = CategoryField(label=_("Category"))
    sign_limit = forms.IntegerField(label=_("Limit for signing"), min_value=1, initial=2)
    handle_limit = forms.IntegerField(label=_("Limit for handling"), min_value=1)
    points = forms.IntegerField(label=_("Points of work"), min_value=1, initial=1)
    cost = YuanField(
        label=_("Estimated cost (yuan)"), required=False, help_text=_("0: a matter of no cost.")
    )

    class Meta:
        model = FilingStandard
        fields = [
            "category", "rank", "condition", "condition_en", "closing_condition",
            "closing_condition_en", "sign_limit", "sign_unit", "handle_limit", "handle_unit",
            "urgent", "points", "skill", "cost", "purpose", "photo_before", "photo_after",
            "contact_first", "legal_basis", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("cost") and not typed.get("purpose"):
            self.add_error("purpose", _("Name the purpose of the money, or set the cost to 0."))
        return typed


class AdmissionRuleForm(forms.ModelForm):
    class Meta:
        model = AdmissionRule
        fields = ["notice_days", "review_days", "trial_days", "least_score", "valid_from"]
        widgets = {"valid_from": DAY}


class DangerWordForm(forms.ModelForm):
    class Meta:
        model = DangerWord
        fields = ["word", "kind", "number", "valid_from"]
        widgets = {"valid_from": DAY}


LINES = forms.Textarea(attrs={"rows": 4})


class ServiceItemForm(forms.ModelForm):
    category = CategoryField(label=_("Category"))
    fee = YuanField(label=_("Fee (yuan)"), required=False, help_text=_("0: free of charge."))

    class Meta:
        model = ServiceItem
        fields = [
            "code", "category", "name", "name_en", "applicants", "applicants_en", "materials",
            "materials_en", "days", "fee", "result", "result_en", "legal_basis", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "materials": LINES, "materials_en": LINES}
        help_texts = {"materials": _("One on each line.")}


class CentreStandardForm(forms.ModelForm):
    equipment = LinesField(label=_("Facilities"), required=False, help_text=_("One on each line."))

    class Meta:
        model = CentreStandard
        fields = [
            "level", "floor_area", "windows", "staff", "week_hours", "equipment", "legal_basis",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class ServiceCentreForm(forms.ModelForm):
    territory = TerritoryField(label=_("Town or community"))
    equipment = LinesField(label=_("Facilities"), required=False, help_text=_("One on each line."))

    class Meta:
        model = ServiceCentre
        fields = [
            "code", "name", "name_en", "territory", "address", "phone", "hours", "hours_en",
            "floor_area", "windows", "staff", "week_hours", "equipment", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}
