"""What residents type to come in and about themselves, and clerks about residents."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import gettext_lazy as _

from lib.identifiers import is_mobile
from organizations.forms.catalogues import DAY
from organizations.identity import number_of

DIGITS = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 6}
)


class NumberField(forms.CharField):
    """A mobile number of mainland China, cleaned to eleven digits."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel-national", "inputmode": "tel"}
        )
        super().__init__(widget=widget, max_length=20, **more)

    def clean(self, value: Any) -> str:
        number = number_of(super().clean(value))
        if number and not is_mobile(number):
            raise forms.ValidationError(_("Give a mobile number of eleven digits."))
        return number


class EnterForm(forms.Form):
    phone = NumberField(label=_("Your mobile number"))


class EnterCodeForm(forms.Form):
    code = forms.CharField(label=_("Code of six digits"), max_length=8, widget=DIGITS)


class EnterPasswordForm(forms.Form):
    phone = NumberField(label=_("Your mobile number"))
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(forms.Form):
    nickname = forms.CharField(
        label=_("Name that others see"),
        help_text=_("Any name, not your own one if you wish: 2 to 20 letters."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    full_name = forms.CharField(
        label=_("Your name"),
        help_text=_("Only clerks see it. Some consultations ask for it."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class WelcomeForm(ProfileForm):
    agreed = forms.BooleanField(
        label=_("I have read the privacy notice and agree that my details are used as it says"),
        error_messages={"required": _("Agree to the privacy notice, or go on without an account.")},
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=password_validators_help_text_html,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Say that you are sure.")},
    )


class FindResidentForm(forms.Form):
    phone = NumberField(label=_("Mobile number of the resident"))


class ConfirmForm(forms.Form):
    full_name = forms.CharField(label=_("Name as the document shows it"), max_length=60)
    until = forms.DateField(
        label=_("Holds until"),
        help_text=_("For instance the end of a residence permit; empty: without end."),
        required=False,
        widget=DAY,
    )
    note = forms.CharField(
        label=_("Remark"),
        help_text=_("Which kind of document; no numbers of it."),
        max_length=200,
        required=False,
    )
    seen = forms.BooleanField(label=_("I have seen the document and the person before me"))


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
