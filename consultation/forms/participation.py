"""What residents fill in about results and projects, and the filters of the public lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.forms.commitments import NewFactsForm, RatingForm
from consultation.models import Consultation, Form, Idea
from consultation.workflow import Phase, State
from grids.models import Level, Territory

__all__ = ["ChoiceForm", "NewFactsForm", "PublishedFilter", "RatingForm"]


class PublishedFilter(forms.Form):
    """`?state=during&community=441900114001&form=council`; a state, or a phase under way."""

    state = forms.ChoiceField(choices=[*State.choices, *Phase.choices], required=False)
    community: "forms.ModelChoiceField[Territory]" = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Community"), required=False, to_field_name="code",
        empty_label=_("All communities"),
    )  # fmt: skip
    form = forms.ChoiceField(
        label=_("Form"), choices=[("", _("All forms")), *Form.choices], required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        held = Consultation.objects.published().exclude(community=None).values("community")
        places = Territory.objects.filter(level=Level.COMMUNITY, pk__in=held).order_by("code")
        self.fields["community"].queryset = places  # type: ignore[attr-defined]  # its choices


class ChoiceForm(forms.Form):
    """The ideas on a voter's sheet."""

    ideas: "forms.ModelMultipleChoiceField[Idea]" = forms.ModelMultipleChoiceField(queryset=None)

    def __init__(self, *args: Any, rows: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["ideas"].queryset = rows  # type: ignore[attr-defined]  # its choices
