"""What a person wishes of messages; which deliveries the administrator looks at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.catalogues import CLOCK
from organizations.models import Delivery, MessageChannel, Preference

ANY = ("", _("any"))


class WishesForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = [
            "email", "sms", "wechat", "wechat_id", "quiet_from", "quiet_to", "digest_hour",
            "language",
        ]  # fmt: skip
        widgets = {"quiet_from": CLOCK, "quiet_to": CLOCK}
        help_texts = {
            "quiet_from": _("Between these hours only urgent messages reach you outside."),
            "wechat_id": _("As the gateway of your city knows you; empty: nothing goes there."),
            "digest_hour": _("What is not for at once comes as one e-mail a day at this hour."),
        }

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if (typed.get("quiet_from") is None) != (typed.get("quiet_to") is None):
            self.add_error("quiet_to", _("Give both ends of the quiet hours, or none."))
        return typed


class DeliveryFilter(forms.Form):
    """What is not understood is passed over."""

    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *Delivery.State.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[ANY, *MessageChannel.choices], required=False
    )

    def narrowed(self, rows: Any) -> Any:
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return rows.filter(**chosen)
