"""What people type about organisations, and about their report to a community."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.forms.amounts import YuanField
from grids.models import Level, Territory
from volunteers.forms.people import DAY, PLAIN, CommunityField
from volunteers.models import Organisation


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = [
            "name", "name_en", "kind", "code", "scope", "contact_name", "contact_phone",
            "founded_on",
        ]  # fmt: skip
        widgets = {"scope": PLAIN, "founded_on": DAY}

    def _post_clean(self) -> None:
        """The services write and refuse in their own words."""


class NewOrganisationForm(OrganisationForm):
    place: Any = forms.ModelChoiceField(
        Territory.objects.filter(level__in=[Level.TOWN, Level.COMMUNITY]).order_by("code"),
        label=_("Where it works: a community, or the whole town"),
    )
    field_order = ["name", "name_en", "kind", "code", "place"]


class YearlyReportForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    summary = forms.CharField(
        label=pgettext_lazy("volunteers", "What was done"), max_length=4000, widget=PLAIN
    )
    members = forms.IntegerField(label=_("Members at the year's end"), min_value=0)
    income = YuanField(label=_("Income (yuan)"))
    spending = YuanField(label=_("Spending (yuan)"))


class RatingForm(forms.Form):
    level = forms.ChoiceField(label=_("Level"), choices=[(f"{n}A", f"{n}A") for n in range(1, 6)])
    since = forms.DateField(label=_("Rated on"), widget=DAY)


class MemberForm(forms.Form):
    number = forms.RegexField(
        r"^[Gg][Zz]\d{8}$", label=_("Volunteer's number (GZ…)"), max_length=10
    )
    is_leader = forms.BooleanField(label=_("Acts for the organisation"), required=False)

    @property
    def key(self) -> int:
        return int(self.cleaned_data["number"][2:])


class MemberReportForm(forms.Form):
    """A party member's own report."""

    branch = forms.CharField(label=_("Your own party organisation"), max_length=100)
    community = CommunityField(label=_("Community at home"))
    offers = forms.CharField(label=_("What you offer"), max_length=1000, widget=PLAIN)


class UnitReportForm(forms.Form):
    code = forms.CharField(label=_("Unified social credit code"), max_length=18)
    name = forms.CharField(label=_("Name of the unit"), max_length=100)
    branch = forms.CharField(label=_("Its party organisation"), max_length=100)
    community = CommunityField(label=_("Community to which it reports"))
    offers = forms.CharField(label=_("What the unit offers"), max_length=1000, widget=PLAIN)


class TaskForm(forms.Form):
    title = forms.CharField(label=_("Task"), max_length=120)


class DoneForm(forms.Form):
    people = forms.IntegerField(label=_("People who took part"), min_value=1)
    result = forms.CharField(
        label=pgettext_lazy("volunteers", "What was done"), max_length=500, widget=PLAIN
    )
