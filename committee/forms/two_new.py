"""Forms of the register of new organisations."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.forms.fields import DAY, NamedPerson
from committee.models import NewOrganisation, PartySetup
from committee.models.two_new import KEEPERS
from committee.services.two_new import Facts
from grids.models import Territory
from grids.scopes import communities_of
from organizations.models import User


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=NewOrganisation.Kind)
    name = forms.CharField(label=_("Name"), max_length=120)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        help_text=_("18 characters, as on the certificate."),
    )
    community: Any = forms.ModelChoiceField(Territory.objects.none(), label=_("Community"))
    staff = forms.IntegerField(label=_("People working there"), min_value=1)
    party_members = forms.IntegerField(
        label=_("Full Party members among them"), min_value=0, initial=0
    )
    contact = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, user: User, day: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        places = communities_of(user, KEEPERS, on=day).order_by("code")
        self.fields["community"].queryset = places  # type: ignore[attr-defined]  # a choice of rows

    @property
    def facts(self) -> Facts:
        return Facts(**self.cleaned_data)


class SetupForm(forms.Form):
    form = forms.ChoiceField(
        label=pgettext_lazy("party", "Form"), choices=PartySetup.Form, widget=forms.RadioSelect
    )
    branch = forms.CharField(label=_("Name of the branch"), max_length=120)
    secretary = forms.CharField(label=_("Its secretary"), max_length=60, required=False)
    since = forms.DateField(label=_("Since"), widget=DAY)


class InstructorForm(forms.Form):
    person = NamedPerson(label=pgettext_lazy("member", "Who"))
    since = forms.DateField(label=_("Since"), widget=DAY)
    until = forms.DateField(label=_("Until (that day no longer included)"), widget=DAY)


class ActivityForm(forms.Form):
    held_on = forms.DateField(label=_("When"), widget=DAY)
    title = forms.CharField(label=_("What took place?"), max_length=120)
    attended = forms.IntegerField(label=_("How many came?"), min_value=1)
