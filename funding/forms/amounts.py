"""Amounts as people type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lib.fen import NotAnAmount, parse_yuan, yuan


class YuanField(forms.CharField):
    """Yuan in the form, whole fen in `cleaned_data`. Nothing typed is nothing: 0."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "amount"})
        super().__init__(max_length=30, widget=widget, **more)

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_yuan(text) if text else 0
        except NotAnAmount as error:
            raise ValidationError(str(error), code="not_an_amount") from error
