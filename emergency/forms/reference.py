"""Forms of rules of levels, measures, kinds of tasks and supplies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.models import Item, LevelRule, Measure, TaskKind
from emergency.models.reference import CONFIRMERS, Ask

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TICKS = forms.CheckboxSelectMultiple


class LevelRuleForm(forms.ModelForm):
    confirmers = forms.MultipleChoiceField(
        label=_("who may confirm"), choices=CONFIRMERS, widget=TICKS
    )

    class Meta:
        model = LevelRule
        fields = [
            "level", "confirmers", "confirm_minutes", "phone_minutes", "text_minutes",
            "follow_minutes", "answer_minutes", "sign_hours", "handle_hours", "keep_days",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class MeasureForm(forms.ModelForm):
    asks = forms.MultipleChoiceField(
        label=_("what a check of a household keeps"),
        choices=Ask.choices,
        widget=TICKS,
        required=False,
        help_text=_("Only what the measure cannot do without."),
    )
    matters = forms.CharField(
        label=_("matters (codes)"),
        required=False,
        help_text=_("Codes of the catalogue of matters, with blanks between them."),
    )

    class Meta:
        model = Measure
        fields = [
            "code", "kind", "name", "name_en", "advice", "advice_en", "allows", "allows_en",
            "requires", "requires_en", "legal_basis", "asks", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].initial = " ".join(self.instance.categories or [])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["categories"] = given.pop("matters", "").split()
        return given


class TaskKindForm(forms.ModelForm):
    class Meta:
        model = TaskKind
        fields = ["measure", "code", "name", "name_en", "is_dangerous", "skill", "valid_from"]
        widgets = {"valid_from": DAY}


class ItemForm(forms.ModelForm):
    class Meta:
        model = Item
        fields = ["code", "name", "name_en", "unit", "unit_en", "valid_from"]
        widgets = {"valid_from": DAY}
