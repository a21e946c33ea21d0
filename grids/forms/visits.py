"""Forms of visits: kinds, their questions, targets and rules; corrections and decisions."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.forms.catalogues import TerritoryField
from grids.models import Level, TargetKind, Visit, VisitKind, VisitRule, VisitTarget
from grids.questions import QuestionType, label_of
from organizations.forms.calendar import MOMENT
from organizations.forms.catalogues import DAY, LinesField

YES, NO = "yes", "no"


class VisitKindForm(forms.ModelForm):
    class Meta:
        model = VisitKind
        fields = [
            "code", "name", "name_en", "icon", "target_kind", "is_private", "farthest_m",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class VisitTargetForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[c for c in TargetKind.choices if c[0] != TargetKind.GRID]
    )
    grid = TerritoryField(
        level=Level.GRID, label=_("Grid"), required=False,
        help_text=_("Empty: the grid in which the point lies."),
    )  # fmt: skip

    class Meta:
        model = VisitTarget
        fields = [
            "kind", "name", "address", "note", "is_private", "grid", "lon", "lat", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class VisitRuleForm(forms.ModelForm):
    territory = TerritoryField(
        label=_("Territory"), required=False, help_text=_("Empty: everywhere.")
    )

    class Meta:
        model = VisitRule
        fields = ["kind", "territory", "every_days", "valid_from"]
        widgets = {"valid_from": DAY}


class QuestionForm(forms.Form):
    """One question of a form; a row without a label is none."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label=_("Question"), max_length=80, required=False)
    label_en = forms.CharField(label=_("In English"), max_length=120, required=False)
    type = forms.ChoiceField(
        label=pgettext_lazy("question", "Answer"), choices=QuestionType.choices
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    choices = LinesField(label=_("Choices, one on each line"), required=False)
    choices.widget.attrs["rows"] = 3


QuestionFormSet = forms.formset_factory(
    QuestionForm, extra=2, can_delete=True, can_order=True, max_num=30
)


def questions_in(formset: Any) -> list[dict[str, Any]]:
    """The questions of a valid formset, in the order that its rows ask for."""
    rows = [
        (form.cleaned_data.get("ORDER") or number, form.cleaned_data)
        for number, form in enumerate(formset.forms, start=1)
        if form.cleaned_data.get("label") and not form.cleaned_data.get("DELETE")
    ]
    taken = {row["key"] for _place, row in rows if row["key"]}
    return [_question(row, taken) for _place, row in sorted(rows, key=lambda row: row[0])]


def _question(row: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    key = row["key"]
    if not key:
        key = next(name for number in range(1, 100) if (name := f"q{number}") not in taken)
        taken.add(key)
    return {
        "key": key,
        "label": row["label"],
        "label_en": row["label_en"],
        "type": row["type"],
        "required": row["required"],
        "choices": row["choices"] if row["type"] == QuestionType.CHOICE else [],
    }


def _field(question: Mapping[str, Any]) -> forms.Field:
    given: dict[str, Any] = {"label": label_of(question), "required": question["required"]}
    kind = question["type"]
    if kind == QuestionType.NUMBER:
        return forms.FloatField(**given)
    if kind == QuestionType.CHOICE:
        choices = [("", "—"), *((each, each) for each in question["choices"])]
        return forms.ChoiceField(choices=choices, **given)
    if kind == QuestionType.YES_NO:
        return forms.TypedChoiceField(
            choices=[("", "—"), (YES, _("yes")), (NO, _("no"))],
            coerce=lambda value: value == YES, empty_value=None, **given,
        )  # fmt: skip
    if kind == QuestionType.PLACE:
        return forms.CharField(help_text=_("Latitude, longitude"), **given)
    return forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 2}), **given)


class CorrectionForm(forms.Form):
    """A visit's answers again, as its own version of the form asked for them; photos stay."""

    note = forms.CharField(label=_("Note"), max_length=1000, required=False,
                           widget=forms.Textarea({"rows": 2}))  # fmt: skip
    reason = forms.CharField(label=_("Why it is corrected"), max_length=300)

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [each for each in questions if each["type"] != QuestionType.PHOTO]
        for question in self.asked:
            self.fields[f"answer-{question['key']}"] = _field(question)
        self.order_fields([name for name in self.fields if name.startswith("answer-")])

    @staticmethod
    def of(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
        """The form's beginning."""
        begun = {}
        for question in questions:
            value = answers.get(question["key"])
            if question["type"] == QuestionType.YES_NO and value is not None:
                value = YES if value else NO
            elif question["type"] == QuestionType.PLACE and value:
                value = f"{value[1]}, {value[0]}"
            begun[f"answer-{question['key']}"] = value
        return begun

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        answers = {}
        for question in self.asked:
            name = f"answer-{question['key']}"
            value = given.get(name)
            if question["type"] == QuestionType.PLACE and value:
                value = self._place(name, value)
            if value not in (None, ""):
                answers[question["key"]] = value
        return {
            "answers": answers,
            "note": given.get("note", ""),
            "reason": given.get("reason", ""),
        }

    def _place(self, name: str, text: str) -> list[float] | None:
        try:
            lat, lon = (float(part) for part in text.replace("，", ",").split(","))
        except ValueError:
            self.add_error(name, _("Write latitude and longitude, such as 22.85, 114.05."))
            return None
        return [lon, lat]


class AmendForm(forms.Form):
    """Whom a visit was to, and when, if that was checked in wrong."""

    target = forms.ModelChoiceField(label=_("Visited"), queryset=VisitTarget.objects.none())
    was = forms.DateTimeField(label=_("When"), widget=MOMENT)
    reason = forms.CharField(label=_("Why it is amended"), max_length=300)

    def __init__(self, *args: Any, visit: Visit, targets: Any, **kwargs: Any) -> None:
        self.made_at = visit.at
        kwargs["initial"] = {"target": visit.target_id, "was": self._minute(visit.at)}
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets  # type: ignore[attr-defined] # a choice of rows

    @staticmethod
    def _minute(moment: datetime.datetime) -> datetime.datetime:
        return timezone.localtime(moment).replace(second=0, microsecond=0)

    def clean_was(self) -> datetime.datetime:
        """The very same moment where its minute was left as it stood."""
        was: datetime.datetime = self.cleaned_data["was"]
        return self.made_at if was == self._minute(self.made_at) else was


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class RemarkForm(forms.Form):
    remark = forms.CharField(label=_("What was done, or why nothing has to be"), max_length=300)
