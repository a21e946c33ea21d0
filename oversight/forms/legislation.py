"""Forms of legislation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import Consultation
from organizations.forms.catalogues import DAY
from organizations.forms.legal import LawField
from organizations.models import Body
from oversight.models import LegislationLimit
from oversight.models.legislation import Subject
from talent.forms.training import RowsField, offer


class FileForm(forms.Form):
    """What is to be regulated; the bodies are those that `bodies` names."""

    title = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=240, required=False)
    subject = forms.ChoiceField(label=_("What it is about"), choices=Subject.choices)
    summary = forms.CharField(
        label=_("Why, and what it is to settle"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everybody reads this."),
    )
    body = RowsField(Body, label=pgettext_lazy("a body", "Drafted by"))
    law = LawField(label=_("Law that it amends"), required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies.order_by("code"))


class MoveForm(forms.Form):
    due_on = forms.DateField(
        label=_("To be done by"),
        widget=DAY,
        required=False,
        help_text=_("When announced: the day from which it is in force."),
    )
    reason = forms.CharField(
        label=_("Note, or reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConsultationForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the consultation"),
        max_length=20,
        help_text=_("Begin it among the consultations and bring the draft into it by articles."),
    )

    def clean_number(self) -> Consultation:
        found = (
            Consultation.objects.published()
            .filter(number=self.cleaned_data["number"].strip())
            .first()
        )
        if found is None:
            raise ValidationError(_("No consultation that has begun has this number."))
        return found


class EvidenceForm(forms.Form):
    """The number of a case that the reader may see, or a hot topic."""

    number = forms.CharField(label=_("Number of a case"), max_length=30, required=False)
    topic: Any = forms.ModelChoiceField(None, label=_("Or a hot topic"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("evidence", "What it shows"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, cases: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        offer(self, topic=topics)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        number = given.get("number", "").strip()
        case = self.cases.filter(number=number).first() if number else None
        if number and case is None:
            self.add_error("number", _("You see no case with this number."))
        elif bool(case) == bool(given.get("topic")):
            self.add_error(None, _("Name a case or a hot topic."))
        return {**given, "thing": case or given.get("topic")}


class LimitForm(forms.ModelForm):
    class Meta:
        model = LegislationLimit
        fields = ["stage", "least_days", "most_days", "legal_basis", "valid_from"]
        widgets = {"valid_from": DAY}
