"""Forms of territory and coverage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import (
    AreaMembership,
    BodyTerritory,
    CoverageRule,
    Level,
    PostTerritory,
    Territory,
)
from organizations.forms.catalogues import DAY, BodyField, LinesField, RowField
from organizations.models import Post


class TerritoryField(RowField):
    """A territory by its code, or by its name where only one has it."""

    def __init__(self, *, level: str | None = None, **more: Any) -> None:
        rows = Territory.objects.all() if level is None else Territory.objects.at_level(level)
        super().__init__(rows, catalogue="territories", **more)


class PostField(RowField):
    """A post by its number, as its page and the suggestions show it."""

    def __init__(self, **more: Any) -> None:
        rows = Post.objects.with_names()
        super().__init__(rows, catalogue="posts", code="pk", name="person__full_name", **more)


class TerritoryForm(forms.ModelForm):
    parent = TerritoryField(label=_("Inside"), required=False)
    aliases = LinesField(
        label=_("Other names"),
        required=False,
        help_text=_("One on each line; searched in addresses."),
    )

    class Meta:
        model = Territory
        fields = [
            "level", "code", "name", "short_name", "name_en", "parent", "aliases", "households",
            "population", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}


class AreaMembershipForm(forms.ModelForm):
    area = TerritoryField(level=Level.AREA, label=_("Functional area"))
    town = TerritoryField(level=Level.TOWN, label=_("Town or subdistrict"))

    class Meta:
        model = AreaMembership
        fields = ["area", "town", "valid_from"]
        widgets = {"valid_from": DAY}


class BodyTerritoryForm(forms.ModelForm):
    body = BodyField(label=_("Body"))
    territory = TerritoryField(label=_("Territory"))

    class Meta:
        model = BodyTerritory
        fields = ["body", "territory", "valid_from"]
        widgets = {"valid_from": DAY}


class PostTerritoryForm(forms.ModelForm):
    post = PostField(label=_("Post"))
    territory = TerritoryField(label=_("Territory"))

    class Meta:
        model = PostTerritory
        fields = ["post", "territory", "valid_from"]
        widgets = {"valid_from": DAY}


class CoverageRuleForm(forms.ModelForm):
    class Meta:
        model = CoverageRule
        fields = ["setting", "least_households", "most_households", "visit_days", "valid_from"]
        widgets = {"valid_from": DAY}
