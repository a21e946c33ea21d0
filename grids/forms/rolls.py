"""Forms of rolls: shape only; `grids.services.rolls` decides."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Roll, RollKind, Territory
from grids.models.rolls import KEEPERS
from grids.scopes import communities_of
from organizations.models import User

LARGEST_FILE = 10 * 1024 * 1024


class RollForm(forms.Form):
    community: Any = forms.ModelChoiceField(Territory.objects.none(), label=_("Community"))
    kind = forms.ChoiceField(label=_("Kind"), choices=RollKind.choices)
    name = forms.CharField(
        label=_("Name of the roll"),
        max_length=80,
        help_text=_("The estate or group, always the same: a new file is then a new version."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "XLSX or CSV with the columns 房号, 面积, 姓名, 身份证后四位, 有权人数. "
            "Names are kept masked, identity numbers not at all."
        ),
    )

    def __init__(self, *args: Any, user: User, on: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["community"]
        field.queryset = communities_of(user, KEEPERS, on=on).order_by("code")
        if len(found := field.queryset[:2]) == 1:
            field.initial = found[0]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it by estate."))
        return file


class ClaimForm(forms.Form):
    roll: Any = forms.ModelChoiceField(
        Roll.objects.none(), label=_("Estate"), widget=forms.Select, empty_label=_("Choose")
    )
    dwelling = forms.CharField(
        label=_("Dwelling"), max_length=60, help_text=_("As it is printed on the letter.")
    )
    name = forms.CharField(label=_("Your name"), max_length=60)
    identity = forms.RegexField(
        r"^[0-9]{3}[0-9Xx]$",
        label=_("Last four characters of your identity number"),
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Code of the letter"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["roll"]
        field.queryset = Roll.objects.current().select_related("community").order_by("name")
        field.label_from_instance = lambda roll: f"{roll.community} · {roll.name}"


class ConfirmForm(forms.Form):
    """A clerk has seen the identity card of somebody with this account."""

    account = forms.CharField(
        label=_("Telephone or user name of the account"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    seen = forms.BooleanField(label=_("I have seen the identity card and compared the name."))

    def clean_account(self) -> User:
        said = self.cleaned_data["account"].strip()
        active = User.objects.filter(is_active=True)
        found = list(active.filter(username=said)[:1]) or list(active.filter(phone=said)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("No single account has this name or number."))
        return found[0]


class EndClaimForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
