"""What people type about money without an application: instructions, budgets, statements."""

import datetime
import uuid
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.forms.applications import LineChoice, lines_of_makers
from funding.models import BankAccount, Instruction, Line, Purpose, Source
from funding.models.budgets import bodies_read_by
from organizations.models import Body, User

What = Instruction.Kind


class InstructionForm(forms.Form):
    """Its fields follow the kind: two lines for an adjustment, an account for a receipt."""

    line = LineChoice(Line.objects.none(), label=_("Budget line"))
    to_line = LineChoice(Line.objects.none(), label=_("To line"))
    amount = YuanField(label=_("Amount (yuan)"))
    account = forms.ModelChoiceField(
        BankAccount.objects.none(), label=_("To account"), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, user: User, on: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = lines_of_makers(user, on=on)
        choices = {
            What.QUOTA: mine.filter(quota__isnull=False),
            What.RECEIVE: mine.filter(quota=None),
            What.CARRY: Line.objects.visible_to(user, on=on).filter(
                valid_to__lte=on, available__gt=0
            ),
        }
        self.fields["line"].queryset = choices.get(What(kind), mine)  # type: ignore[attr-defined]  # a model's choices
        self.fields["key"].initial = uuid.uuid4().hex
        if kind in {What.TRANSFER, What.CARRY}:
            self.fields["to_line"].queryset = Line.objects.valid_on(on).filter(  # type: ignore[attr-defined]  # the same
                body__in=bodies_read_by(user, on=on)
            )
            del self.fields["account"]
        else:
            del self.fields["to_line"]
            accounts = BankAccount.objects.visible_to(user, on=on).filter(closed_at=None)
            self.fields["account"].queryset = accounts  # type: ignore[attr-defined]  # the same


class CorrectionForm(forms.Form):
    """A refund of a payment, or the reversal of a posting: how much, and why."""

    amount = YuanField(label=_("Amount (yuan)"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, amount: int, fixed: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["amount"].initial = amount
        self.fields["amount"].disabled = fixed
        self.fields["key"].initial = uuid.uuid4().hex


class BudgetForm(forms.Form):
    """A body, a source and a year; then one amount for each purpose that the source allows."""

    body: Any = forms.ModelChoiceField(Body.objects.none(), label=_("Body"))
    source = forms.ModelChoiceField(Source.objects.order_by("rank"), label=_("Source"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, user: User, at: datetime.datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        on = localdate(at)
        bodies = Body.objects.filter(pk__in=bodies_read_by(user, on=on)).order_by("code")
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]  # a model's choices
        self.fields["year"].initial = on.year


class AmountsForm(forms.Form):
    """One amount for each purpose of a source; 0 or nothing plans nothing."""

    note = forms.CharField(label=_("What it is about"), max_length=300, required=False)

    def __init__(
        self, *args: Any, source: Source, planned: dict[int, int] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.purposes = list(Purpose.objects.filter(sources__source=source).order_by("pk"))
        for purpose in self.purposes:
            field = YuanField(label=str(purpose), required=False)
            field.initial = (planned or {}).get(purpose.pk)
            self.fields[f"purpose-{purpose.pk}"] = field

    def amounts(self) -> dict[Purpose, int]:
        return {
            purpose: self.cleaned_data[f"purpose-{purpose.pk}"]
            for purpose in self.purposes
            if self.cleaned_data[f"purpose-{purpose.pk}"]
        }


class StatementForm(forms.Form):
    file = forms.FileField(label=_("The bank's file (CSV or XLSX)"))


class MonthForm(forms.Form):
    """Which body's books are closed; the month is the next one."""

    body: Any = forms.ModelChoiceField(Body.objects.none(), widget=forms.HiddenInput)
    month = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]  # a model's choices
