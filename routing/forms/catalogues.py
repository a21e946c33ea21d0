"""Forms of categories, standards, the duty list, communities' lists and admissions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.models import Line
from grids.forms.catalogues import TerritoryField
from organizations.forms.catalogues import DAY, BodyField, LinesField, RowField
from organizations.models import Body
from organizations.models.bodies import Nature
from routing.models import Admission, Category, CommunityDuty, DangerWord, DutyEntry, FilingStandard


class CategoryField(RowField):
    def __init__(self, **more: Any) -> None:
        super().__init__(Category.objects.all(), catalogue="categories", **more)


class LineField(RowField):
    def __init__(self, **more: Any) -> None:
        super().__init__(Line.objects.all(), catalogue="lines", **more)


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


class DutyForm(forms.ModelForm):
    category = CategoryField(
        label=_("Category"), required=False, help_text=_("Empty: every category (the last resort).")
    )
    territory = TerritoryField(label=_("Territory"))
    lead = BodyField(label=_("Lead"))
    assistants = BodiesField(
        label=_("Assistants"), required=False, help_text=_("One code on each line.")
    )
    payer = BodyField(label=_("Paying body"), required=False, help_text=_("Empty: the lead pays."))

    class Meta:
        model = DutyEntry
        fields = [
            "category", "territory", "lead", "assistants", "payer", "legal_basis", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class CommunityDutyForm(forms.ModelForm):
    body = BodyField(label=_("Community"), required=False, help_text=_("Empty: every community."))
    category = CategoryField(label=_("Category"))

    class Meta:
        model = CommunityDuty
        fields = ["body", "category", "list", "legal_basis", "valid_from"]
        widgets = {"valid_from": DAY}


class AdmissionForm(forms.ModelForm):
    category = CategoryField(label=_("Category"))
    department = BodyField(label=_("Department"))
    community = BodyField(label=_("Community"))
    line = LineField(label=_("Budget line that pays for it"))
    headcount = forms.IntegerField(label=_("Headcount"), min_value=1)
    points = forms.IntegerField(label=_("Points of work at once"), min_value=1)

    class Meta:
        model = Admission
        fields = [
            "category", "department", "community", "line", "headcount", "points", "legal_basis",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}

    def clean_community(self) -> Body:
        body: Body = self.cleaned_data["community"]
        if body.kind.nature != Nature.COMMUNITY:
            raise forms.ValidationError(_("This body is no community."))
        return body


class DangerWordForm(forms.ModelForm):
    class Meta:
        model = DangerWord
        fields = ["word", "kind", "number", "valid_from"]
        widgets = {"valid_from": DAY}
