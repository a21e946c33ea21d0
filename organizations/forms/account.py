"""What people type about their own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

CODE = forms.TextInput(
    attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
)


class SignInForm(AuthenticationForm):
    """Name and password; a wrong pair is told without saying which of the two is wrong."""

    error_messages = {
        "invalid_login": _("Name or password is wrong. After five failures wait 15 minutes."),
        "inactive": _("This account is closed. Ask your security administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Sign-in name")
        self.fields["password"].label = _("Password")

    def confirm_login_allowed(self, user: Any) -> None:
        """Residents have a door of their own; here their accounts are unknown."""
        if user.is_resident:
            raise self.get_invalid_login_error()
        super().confirm_login_allowed(user)


class CodeForm(forms.Form):
    """The code of the second factor: six digits, or a recovery code."""

    code = forms.CharField(label=_("Code"), max_length=16, widget=CODE)


class TokenForm(forms.Form):
    """A name by which the person recognises the program, and for how long it may act."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("one year"))],
    )
