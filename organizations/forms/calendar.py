"""How long would a limit be: what the calculator of the calendar page asks."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.units import Unit

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class LimitForm(forms.Form):
    """A beginning (the city's clock), an amount and its unit."""

    start = forms.DateTimeField(label=_("Begins"), widget=MOMENT)
    amount = forms.IntegerField(label=_("How many"), min_value=1, max_value=1000)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)

    @classmethod
    def of(cls, typed: Any, *, at: datetime.datetime) -> "LimitForm":
        """What was asked in the address; else a form that is ready for one working day from now."""
        if "amount" in typed:
            return cls(typed)
        start = timezone.localtime(at).replace(second=0, microsecond=0)
        return cls(initial={"start": start, "amount": 1, "unit": Unit.WORK_DAY})
