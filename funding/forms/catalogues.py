"""Forms of sources, purposes and lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.models import Line, Purpose, Source
from grids.forms.catalogues import TerritoryField
from organizations.forms.catalogues import DAY, BodyField


class PurposesField(forms.ModelMultipleChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            Purpose.objects.order_by("code"), widget=forms.CheckboxSelectMultiple, **more
        )


class SourceForm(forms.ModelForm):
    purposes = PurposesField(label=_("May be used for"), required=False)

    class Meta:
        model = Source
        fields = ["code", "name", "name_en", "rank"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.allowed.values_list("purpose", flat=True)
            self.initial.setdefault("purposes", list(rows))


class PurposeForm(forms.ModelForm):
    class Meta:
        model = Purpose
        fields = ["code", "name", "name_en"]


class LineForm(forms.ModelForm):
    """No amounts: money comes in by `funding.services.receive`."""

    body = BodyField(label=_("Owner"))
    territory = TerritoryField(
        label=_("Territory"), required=False, help_text=_("Empty: wherever the owner works.")
    )
    purposes = PurposesField(label=_("May be used for"))

    class Meta:
        model = Line
        fields = [
            "code", "name", "name_en", "source", "body", "territory", "valid_from", "valid_to",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "valid_to": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            rows = self.instance.purposes.values_list("purpose", flat=True)
            self.initial.setdefault("purposes", list(rows))
