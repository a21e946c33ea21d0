"""How many cases are asked again."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReplayForm(forms.Form):
    last = forms.IntegerField(
        label=_("How many of the last decisions"), min_value=1, max_value=5000, initial=200
    )
