"""Forms of teams, disciplines, bases, programmes, establishments and the rule of selection."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.catalogues import DAY, BodyField
from talent.models import (
    Discipline,
    Establishment,
    Programme,
    SelectionRule,
    Team,
    TeamLevel,
    TrainingBase,
)

FROM = {"valid_from": DAY}


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["code", "name", "name_en", "place", "valid_from"]
        widgets = FROM


class LevelRowForm(forms.ModelForm):
    class Meta:
        model = TeamLevel
        fields = ["team", "rank", "name", "name_en", "valid_from"]
        widgets = FROM


class DisciplineForm(forms.ModelForm):
    body = BodyField(label=_("Led by"), required=False)

    class Meta:
        model = Discipline
        fields = ["code", "name", "name_en", "body", "about", "valid_from"]
        widgets = FROM


class BaseForm(forms.ModelForm):
    body = BodyField(label=_("Led by"), required=False)

    class Meta:
        model = TrainingBase
        fields = ["code", "name", "name_en", "address", "seats", "body", "valid_from"]
        widgets = FROM


class ProgrammeForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = ["code", "name", "name_en", "team", "discipline", "aim", "people", "valid_from"]
        widgets = FROM


class EstablishmentForm(forms.ModelForm):
    body = BodyField(label=_("Body"))

    class Meta:
        model = Establishment
        fields = ["body", "role", "places", "basis", "valid_from"]
        widgets = FROM


class SelectionRuleForm(forms.ModelForm):
    class Meta:
        model = SelectionRule
        fields = ["publication_days", "fewest_judges", "valid_from"]
        widgets = FROM
