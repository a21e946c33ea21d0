"""Forms of changes of the duty list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.forms.catalogues import TerritoryField
from grids.models import Level, Territory
from organizations.forms.catalogues import DAY, BodyField
from routing.forms.catalogues import BodiesField, CategoryField
from routing.models import CommunityDuty, DutyChange, DutyEntry
from routing.models.duty import CommunityList
from routing.services import ListStep, Step


class PlaceForm(forms.Form):
    """Of which place the matrix speaks."""

    place: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Place"), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [Level.TOWN, Level.COMMUNITY]
        rows = Territory.objects.filter(level__in=levels, valid_to=None).order_by("code")
        self.fields["place"].queryset = rows  # type: ignore[attr-defined]  # a choice of rows


class ChangeForm(forms.ModelForm):
    class Meta:
        model = DutyChange
        fields = ["title", "grounds", "force_on"]
        widgets = {"force_on": DAY, "grounds": forms.Textarea(attrs={"rows": 3})}


class StepForm(forms.Form):
    """One step; `ends` offers the entries that it may take the place of."""

    category = CategoryField(
        label=_("Category"), required=False, help_text=_("Empty: every category (the last resort).")
    )
    territory = TerritoryField(label=_("Territory"))
    lead = BodyField(
        label=pgettext_lazy("of a duty", "Lead"),
        required=False,
        help_text=_("Empty: the entries below only end."),
    )
    assistants = BodiesField(
        label=_("Assistants"), required=False, help_text=_("One code on each line.")
    )
    payer = BodyField(label=_("Paying body"), required=False, help_text=_("Empty: the lead pays."))
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    ends: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        DutyEntry.objects.none(), label=_("Entries that end on that day"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, entries: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = DutyEntry.objects.filter(pk__in=entries).with_names()
        self.fields["ends"].queryset = rows  # type: ignore[attr-defined]  # a choice of rows
        self.fields["ends"].label_from_instance = spelled  # type: ignore[attr-defined]  # the same
        if not entries:
            del self.fields["ends"]

    @property
    def step(self) -> Step:
        given = dict(self.cleaned_data)
        return Step(
            category=given["category"],
            territory=given["territory"],
            lead=given["lead"],
            legal_basis=given["legal_basis"],
            payer=given["payer"],
            assistants=list(given["assistants"]),
            ends=list(given.get("ends", ())),
        )


class ListStepForm(forms.Form):
    """One step about the lists of communities; with `entry` it takes the place of that one."""

    body = BodyField(label=_("Community"), required=False, help_text=_("Empty: every community."))
    category = CategoryField(label=_("Category"))
    list = forms.ChoiceField(
        label=_("On the list"), required=False,
        choices=[("", _("On none: the entry only ends")), *CommunityList.choices],
    )  # fmt: skip
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)

    def __init__(self, *args: Any, entry: CommunityDuty | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry

    @property
    def step(self) -> ListStep:
        return ListStep(**self.cleaned_data, ends=self.entry)


class MendForm(StepForm):
    """A step, and the draft that it goes into."""

    change = forms.ModelChoiceField(
        DutyChange.objects.none(), label=_("Draft"), required=False, empty_label=_("A new draft")
    )
    force_on = forms.DateField(
        label=_("In force on"), widget=DAY, help_text=_("Of a new draft; another keeps its day.")
    )

    def __init__(self, *args: Any, drafts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].queryset = drafts  # type: ignore[attr-defined]  # a choice of rows


class PrecedentsForm(forms.Form):
    """Which precedents become entries."""

    entries: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        DutyEntry.objects.none(), label=_("Precedents"), widget=forms.CheckboxSelectMultiple
    )
    title = forms.CharField(label=_("Title of the draft"), max_length=100)
    force_on = forms.DateField(label=_("In force on"), widget=DAY)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = rows  # type: ignore[attr-defined]  # a choice of rows
        self.fields["entries"].label_from_instance = spelled  # type: ignore[attr-defined]  # same


class CompareForm(forms.Form):
    """Two days."""

    first = forms.DateField(label=_("On this day"), widget=DAY)
    second = forms.DateField(label=_("And on this day"), widget=DAY)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


def spelled(entry: DutyEntry) -> str:
    matter = entry.category or _("Every category (the last resort)")
    return f"{matter} · {entry.territory} → {entry.lead}"
