"""What is asked when a hot topic shall be gone to the root of."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Topic
from grids.models import Level, Territory
from routing.models import Category


class ProactiveForm(forms.Form):
    """Filled in from the topic; the router finds body, person and money as for every case."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What shall be done"),
        help_text=_("The cause, what shall change, and how one will see that it has."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    category: forms.ModelChoiceField = forms.ModelChoiceField(
        Category.objects.small_classes().order_by("code"), label=_("Category")
    )
    territory: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.filter(level__in=[Level.TOWN, Level.COMMUNITY]).order_by("code"),
        label=_("Place"),
        required=False,
    )
    client_key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    @classmethod
    def of(cls, topic: Topic) -> "ProactiveForm":
        initial: dict[str, Any] = {
            "title": topic.title,
            "category": topic.category_id,
            "territory": topic.community_id or topic.town_id,
            "client_key": f"topic:{topic.pk}:{uuid.uuid4().hex}",
        }
        return cls(initial=initial)
