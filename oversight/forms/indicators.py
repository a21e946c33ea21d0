"""Which numbers: of whom, and of which period. What is not understood falls back to the usual."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oversight.measures import GROUPS, WORK
from oversight.models.facts import ALL
from oversight.periods import LONGEST, Kind, Period, period_of
from oversight.subjects import Subject
from oversight.tables import OPENS_IN_PUBLIC

OF = {
    "town": _("Towns"),
    "community": _("Communities"),
    "grid": _("Grids"),
    "body": _("Departments"),
    "post": _("Posts"),
    "person": _("People"),
}
A_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class IndicatorForm(forms.Form):
    """`day` lies in the period; `first` and `last` are asked for a custom one alone."""

    of = forms.ChoiceField(label=_("Compare"), choices=list(OF.items()))
    group = forms.ChoiceField(label=_("Numbers"), choices=list(GROUPS.items()))
    period = forms.ChoiceField(label=_("Period"), choices=Kind.choices)
    day = forms.DateField(label=_("Day in it"), widget=A_DAY)
    first = forms.DateField(label=_("From"), required=False, widget=A_DAY)
    last = forms.DateField(label=_("Until"), required=False, widget=A_DAY)

    def __init__(self, asked: Mapping[str, Any], *, today: datetime.date) -> None:
        usual = {"of": "community", "group": WORK, "period": Kind.MONTH, "day": today.isoformat()}
        given = {name: value for name, value in asked.items() if value}
        super().__init__({**usual, **given})
        self.today = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if given.get("period") == Kind.CUSTOM:
            if not first or not last or first > last:
                raise ValidationError(_("Give a first day and a last day, in this order."))
            if (last - first).days > LONGEST:
                raise ValidationError(_("Ask for ten years at most."))
        return given

    def asked(self) -> tuple[str, str, Period]:
        """What to compare, the group of numbers, and the period."""
        if not self.is_valid():
            return "community", WORK, period_of(Kind.MONTH, self.today)
        given = self.cleaned_data
        if given["period"] == Kind.CUSTOM:
            return given["of"], given["group"], Period(Kind.CUSTOM, given["first"], given["last"])
        return given["of"], given["group"], period_of(given["period"], given["day"])


class PublicRowsForm(forms.Form):
    """A number that stands on a public page: of everything, of an area or of a department."""

    of = forms.ChoiceField(choices=[(of, of) for of in (ALL, "community", "grid", "body")])
    key = forms.IntegerField(min_value=0)
    measure = forms.ChoiceField(choices=[(code, code) for code in sorted(OPENS_IN_PUBLIC)])
    first = forms.DateField()
    last = forms.DateField()

    def asked(self) -> tuple[Subject, str, Period]:
        """Whose number, which one, and of which days."""
        given = self.cleaned_data
        period = Period(Kind.CUSTOM, given["first"], given["last"])
        return Subject(given["of"], given["key"], ""), given["measure"], period
