"""Forms of limits of stages and steps of warning."""

from django import forms

from cases.models import StageLimit, WarningStep
from organizations.forms.catalogues import DAY


class StageLimitForm(forms.ModelForm):
    class Meta:
        model = StageLimit
        fields = ["stage", "urgency", "amount", "unit", "valid_from"]
        widgets = {"valid_from": DAY}


class WarningStepForm(forms.ModelForm):
    class Meta:
        model = WarningStep
        fields = ["limit", "percent", "audience", "valid_from"]
        widgets = {"valid_from": DAY}
