"""Fields that several forms here are made of."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from organizations.forms.catalogues import BodyField, PersonField

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LINES = forms.Textarea(attrs={"rows": 3})


class SuggestedHere(forms.TextInput):
    """Suggests people or bodies by name while one types (`suggest.js`)."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = f"{(attrs or {}).get('id', name)}_options"
        more = {"list": options, "data-suggest": reverse(self.address), "autocomplete": "off"}
        control = super().render(name, value, {**(attrs or {}), **more}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', control, options)


class NamedPerson(PersonField):
    """Somebody who works here, by account or full name."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", _("Account or full name."))
        super().__init__(**more)
        self.widget = SuggestedHere("committee:people")


class NamedBody(BodyField):
    """A body by code or name."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.widget = SuggestedHere("committee:named_bodies")


class SeveralFiles(forms.FileField):
    """Photos and papers; an empty choice is an empty list."""

    class Input(forms.FileInput):
        allow_multiple_selected = True

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=self.Input(attrs={"multiple": True}), **more)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        one = super().clean
        return [one(each, initial) for each in data or []]
