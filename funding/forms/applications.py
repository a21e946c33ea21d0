"""What people type about an application, its documents, steps and payments."""

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.models import (
    Application,
    ApplicationFile,
    BankAccount,
    Hold,
    Interest,
    Line,
    Payment,
    Purpose,
)
from grids.scopes import scopes_of
from lib.fen import yuan
from lib.roles import Role
from organizations.models import User

PLAIN = {"rows": 3}


class LineChoice(forms.ModelChoiceField):
    """A line with what is free on it."""

    def label_from_instance(self, line: Any) -> str:
        return f"{line} ({_('free')} {yuan(line.available)})"


def lines_of_makers(user: User, *, on: datetime.date) -> QuerySet[Line]:
    """Lines valid on that day of the bodies in which `user` is a finance clerk."""
    bodies = {
        body
        for scope in scopes_of(user, on=on)
        if scope.role == Role.FINANCE_MAKER
        for body in scope.body_ids
    }
    return Line.objects.filter(body__in=bodies).valid_on(on).order_by("source__rank", "pk")


class ApplicationForm(forms.Form):
    """`hold`: what a case owes; then line and purpose are given."""

    line = LineChoice(Line.objects.none(), label=_("Budget line"))
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=_("Purpose"))
    title = forms.CharField(label=_("What is paid"), max_length=120)
    amount = YuanField(label=_("Amount (yuan)"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs=PLAIN))
    payee_name = forms.CharField(label=_("Payee"), max_length=100)
    payee_bank = forms.CharField(label=_("Payee's bank"), max_length=100, required=False)
    payee_account = forms.CharField(label=_("Payee's account"), max_length=40, required=False)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, on: datetime.date, hold: Hold | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        lines = lines_of_makers(user, on=on)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # a model's choices
        self.fields["purpose"].queryset = (  # type: ignore[attr-defined]  # the same
            Purpose.objects.filter(lines__line__in=lines).distinct().order_by("code")
        )
        self.fields["key"].initial = uuid.uuid4().hex
        if hold is not None:
            del self.fields["line"], self.fields["purpose"]

    @classmethod
    def content_of(cls, application: Application) -> dict[str, Any]:
        """What the form shows of an application that is changed."""
        names = (
            "line", "purpose", "title", "amount", "reason", "payee_name", "payee_bank",
            "payee_account", "key",
        )  # fmt: skip
        return {name: getattr(application, name) for name in names}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs=PLAIN)
    )


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs=PLAIN))


class OrderForm(forms.Form):
    """How the next payment goes out."""

    amount = YuanField(label=_("Amount (yuan)"))
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices)
    account = forms.ModelChoiceField(
        BankAccount.objects.none(), label=_("From account"), required=False
    )

    def __init__(self, *args: Any, application: Application, **more: Any) -> None:
        super().__init__(*args, **more)
        bodies = application.line.body.ancestors(include_self=True)
        accounts = BankAccount.objects.filter(body__in=bodies.values("pk"), closed_at=None)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]  # its choices
        self.fields["amount"].initial = application.unpaid
        self.fields["account"].initial = accounts.first()


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ApplicationFile.Kind.choices)
    file = forms.FileField(label=_("PDF, picture, DOCX or XLSX"))


class InterestForm(forms.Form):
    whose = forms.ChoiceField(label=_("Whose interest"), choices=Interest.Whose.choices)
    party = forms.CharField(label=_("Person or firm"), max_length=100)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
