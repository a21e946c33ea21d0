"""Forms of the time bank: hours as people type them, and who shall have them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models import Body
from volunteers.hours_words import as_number
from volunteers.models import TimeAccount, TimeRule

_MOST = 10_000


class HoursField(forms.CharField):
    """Hours in the form ("1.5"), whole minutes in `cleaned_data`."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "amount"})
        super().__init__(max_length=8, widget=widget, **more)

    def prepare_value(self, value: Any) -> Any:
        return as_number(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        minutes = _minutes(text)
        if minutes is None:
            raise ValidationError(_("Enter hours such as 1.5, in whole minutes."), code="not_hours")
        return minutes


def _minutes(text: str) -> int | None:
    try:
        minutes = Decimal(text.replace("，", ".").replace(",", ".")) * 60
    except InvalidOperation:
        return None
    fits = minutes.is_finite() and 0 < minutes <= _MOST * 60 and minutes == int(minutes)
    return int(minutes) if fits else None


class AccountField(forms.CharField):
    """The number of an account in the form, the account in `cleaned_data`."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(max_length=20, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        found = TimeAccount.objects.with_names().numbered(super().clean(value)).first()
        if found is None:
            raise ValidationError(
                _("There is no account with this number. Compare it with what you were told."),
                code="no_account",
            )
        return found


class OpenForm(forms.Form):
    """Which community's pool the account belongs to."""

    body: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Your community"), empty_label=_("Choose …")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pools = TimeAccount.objects.pools().values("body")
        self.fields["body"].queryset = Body.objects.filter(pk__in=pools).order_by("code")  # type: ignore[attr-defined]  # of this field


class SendForm(forms.Form):
    """Hours to another account. The family name guards against a slip in the number."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    to = AccountField(label=_("To account"), help_text=_("Eight digits; the other side tells you."))
    family_name = forms.CharField(
        label=_("Family name, or name of the community"),
        max_length=60,
        help_text=_("So that a slip in the number reaches nobody else."),
    )
    minutes = HoursField(label=_("Hours"), help_text=_("For instance 1.5"))
    what = forms.ChoiceField(
        label=_("What for"),
        choices=[("help", _("Help that I had")), ("gift", _("A present"))],
        widget=forms.RadioSelect,
        initial="help",
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        account, name = given.get("to"), (given.get("family_name") or "").strip()
        if account and name and not _is_called(account, name):
            self.add_error("family_name", _("This account belongs to somebody of another name."))
        return given


def _is_called(account: TimeAccount, name: str) -> bool:
    owner = account.body or account.person
    names = (
        (owner.name, owner.name_en) if account.body else (owner.full_name, owner.full_name_en)  # type: ignore[union-attr]  # one of the two
    )
    return any(full.casefold().startswith(name.casefold()) for full in names if full)


class CareForm(SendForm):
    """From the community's pool: for help that somebody had who cannot pay for it."""

    what = None  # type: ignore[assignment]  # Django's way to drop a field
    note = forms.CharField(label=_("Whom was helped, and with what"), max_length=200)


class BackForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class TimeRuleForm(forms.ModelForm):
    class Meta:
        model = TimeRule
        fields = [
            "overdraft", "ceiling", "pool_overdraft", "keep_months", "gift_minutes", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
