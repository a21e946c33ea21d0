"""What everybody may fill in about money: a question, and the number of a receipt."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.models import Line
from organizations.models import Body


class MyDonationForm(forms.Form):
    number = forms.CharField(label=_("Number of the receipt"), max_length=20)
    code = forms.CharField(label=_("Query code"), max_length=12)

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class QuestionForm(forms.Form):
    """A question to a body that has money; nobody needs a name to ask."""

    body: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Whose money"), to_field_name="code"
    )
    line = forms.CharField(required=False, widget=forms.HiddenInput)
    month = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your question"),
        help_text=_("Leave out names, telephone numbers and doors: the question is published."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    contact = forms.CharField(
        label=_("How we can reach you"),
        help_text=_("Only those who answer read it. It is never published."),
        max_length=60,
        required=False,
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # as Django's own
        bodies = Body.objects.filter(pk__in=Line.objects.filter(version__gt=0).values("body"))
        self.fields["body"].queryset = bodies.order_by("code")  # type: ignore[attr-defined] # a choice of rows

    def clean_line(self) -> Line | None:
        code = self.cleaned_data["line"]
        return Line.objects.filter(code=code).first() if code else None

    def clean_month(self) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError:
            return None
