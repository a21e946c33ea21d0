"""Forms of reasons, terms and automatic confirmation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Reason, SelfConfirmation, Terms
from organizations.forms.catalogues import DAY, BodyField


class ReasonForm(forms.ModelForm):
    class Meta:
        model = Reason
        fields = [
            "move", "code", "rank", "name", "name_en", "told", "told_en", "legal_basis",
            "valid_from",
        ]  # fmt: skip
        widgets = {
            "valid_from": DAY,
            "told": forms.Textarea({"rows": 3}),
            "told_en": forms.Textarea({"rows": 3}),
        }


class TermsForm(forms.ModelForm):
    class Meta:
        model = Terms
        fields = [
            "verify_limit", "verify_unit", "reopen_limit", "reopen_unit", "most_returns",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class SelfConfirmationForm(forms.ModelForm):
    body = BodyField(label=_("Department"))

    class Meta:
        model = SelfConfirmation
        fields = ["body", "valid_from"]
        widgets = {"valid_from": DAY}
