"""Opening an appraisal, appealing, answering, proposing what follows. Shape only."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.forms.amounts import YuanField
from funding.models import Line, Purpose
from grids.models import Territory
from oversight.forms.indicators import A_DAY
from oversight.models import Scheme
from oversight.models.appraisals import SPANS
from oversight.periods import Kind
from oversight.scoring import COUNTED, number_of
from oversight.services.rewarding import Proposal
from oversight.workflow import Follows


class OpenForm(forms.Form):
    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Scheme"))
    town: forms.ModelChoiceField = forms.ModelChoiceField(Territory.objects.none(), label=_("Town"))
    span = forms.ChoiceField(label=_("Period"), choices=SPANS, initial=Kind.QUARTER)
    day = forms.DateField(
        label=_("Day in it"),
        widget=A_DAY,
        help_text=_("Any day of the period; it must be over."),
    )

    def __init__(self, *args: Any, towns: Any, today: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["scheme"].queryset = Scheme.objects.valid_on(today).order_by("code")  # type: ignore[attr-defined]  # of this field
        self.fields["town"].queryset = towns  # type: ignore[attr-defined]  # the same
        if len(towns) == 1:
            self.fields["town"].initial = towns[0].pk


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class AppealForm(forms.Form):
    """The number that is wrong, and what it should be."""

    code = forms.ChoiceField(label=_("Which number"), choices=())
    after = forms.IntegerField(label=_("should be"), min_value=0)
    text = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the cases and what shows it."),
    )

    def __init__(
        self, *args: Any, numbers: dict[str, int], codes: Iterable[str], **more: Any
    ) -> None:
        """`codes`: numbers that count in this appraisal; another would change nothing."""
        super().__init__(*args, **more)
        named = [(code, f"{COUNTED[code]}: {number_of(code, numbers)}") for code in codes]
        self.fields["code"].choices = [("", "—"), *named]  # type: ignore[attr-defined]  # of this field

    @property
    def wanted(self) -> dict[str, int]:
        return {self.cleaned_data["code"]: self.cleaned_data["after"]}


class ForgivenessForm(AppealForm):
    legal_basis = forms.CharField(label=_("Rule that allows it"), max_length=200)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=pgettext_lazy("appeal", "Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Follows.choices)
    words = forms.CharField(
        label=_("Grounds"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    amount = YuanField(label=_("Amount (yuan), for a bonus"), required=False)
    line = forms.ModelChoiceField(Line.objects.none(), label=_("Budget line"), required=False)
    purpose = forms.ModelChoiceField(Purpose.objects.all(), label=_("Purpose"), required=False)

    def __init__(self, *args: Any, lines: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # of this field

    @property
    def proposal(self) -> Proposal:
        given = self.cleaned_data
        return Proposal(
            given["kind"], given["words"], given["amount"] or None, given["line"], given["purpose"]
        )


class HundredthsField(YuanField):
    """“35.5” is 3550; nothing typed is None."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found < 0:
            raise ValidationError(_("Give a number that is not below zero."), code="negative")
        return None if not str(value or "").strip() else found
