"""Forms of consultation and entries of the content list, as people edit them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.models import Blueprint, Consultation, ListedMatter
from grids.forms.catalogues import TerritoryField
from organizations.forms.catalogues import DAY


class BlueprintForm(forms.ModelForm):
    """The head of a form of consultation; `consultation.forms.blueprints` has its stages."""

    class Meta:
        model = Blueprint
        fields = [
            "code", "form", "name", "name_en", "about", "about_en", "basis", "place", "whole_days",
            "valid_from", "reason",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class WordsField(forms.Field):
    """Words with blanks between them, kept as a list."""

    def to_python(self, value: Any) -> list[str]:
        return str(value or "").split()

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value


class ListedMatterForm(forms.ModelForm):
    words = WordsField(label=_("words that name it"), required=False)
    community = TerritoryField(
        label=_("community"), required=False, help_text=_("Empty: the whole city.")
    )
    made_by: forms.ModelChoiceField = forms.ModelChoiceField(
        Consultation.objects.all(),
        label=_("number of the consultation that agreed it"),
        required=False,
        to_field_name="number",
        widget=forms.TextInput,
    )

    class Meta:
        model = ListedMatter
        fields = [
            "code", "kind", "name", "name_en", "text", "text_en", "words", "basis", "decided_by",
            "decided_by_en", "community", "standing", "made_by", "place", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}
