"""Forms of applications for admission, their reviews, evaluations and refusals."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.forms.amounts import YuanField
from funding.models import Line, Purpose
from organizations.forms.catalogues import DAY, BodyField
from organizations.models import Body, Post, User
from organizations.models.bodies import Nature
from routing.forms.catalogues import CategoryField
from routing.models import AdmissionApplication
from routing.services import Matter, Promise

# As many people as one form promises to a community.
PEOPLE = 4


class MatterForm(forms.Form):
    """What is handed over. Shares may still be missing: an application without them is refused."""

    department: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Department"), empty_label=None
    )
    category = CategoryField(label=_("Matter"))
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False)
    begins = forms.DateField(label=_("From"), widget=DAY)
    ends = forms.DateField(label=_("Until (excluded)"), widget=DAY)
    equipment = forms.CharField(label=_("Equipment"), max_length=300, required=False)
    training = forms.CharField(label=_("Training"), max_length=300, required=False)
    checker = BodyField(label=_("Who checks"), required=False)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # a choice

    @property
    def matter(self) -> Matter:
        given = {**self.cleaned_data}
        del given["department"]
        return Matter(**given)


def begun(application: AdmissionApplication) -> dict[str, Any]:
    names = (
        "department", "category", "legal_basis", "begins", "ends", "equipment", "training",
        "checker",
    )  # fmt: skip
    return {name: getattr(application, name) for name in names}


class ShareForm(forms.Form):
    """Money and people of one community."""

    community = BodyField(label=_("Community"))
    line = forms.ModelChoiceField(
        Line.objects.none(), label=_("Budget line"), empty_label=_("Choose …")
    )
    purpose = forms.ModelChoiceField(
        Purpose.objects.none(), label=_("Purpose of money"), empty_label=_("Choose …")
    )
    amount = YuanField(label=_("Money (yuan)"))

    def __init__(self, *args: Any, department: Body, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Line.objects.valid_on(on).filter(body=department).order_by("code")
        choices: dict[str, Any] = {
            "line": lines,
            "purpose": Purpose.objects.filter(lines__line__in=lines).distinct().order_by("code"),
        }
        posts = Post.objects.valid_on(on).filter(body=department, capacity__gt=0)
        for number in range(1, PEOPLE + 1):
            self._offer_person(number)
            choices[f"post_{number}"] = posts.with_names().order_by("pk")
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice of rows

    def _offer_person(self, number: int) -> None:
        self.fields[f"post_{number}"] = forms.ModelChoiceField(
            Post.objects.none(), label=_("Person %(number)s") % {"number": number}, required=False,
            empty_label=_("Nobody"),
        )  # fmt: skip
        self.fields[f"hours_{number}"] = forms.IntegerField(
            label=_("Hours a week"), min_value=1, max_value=60, required=False
        )
        self.fields[f"points_{number}"] = forms.IntegerField(
            label=_("Points of work at once"), min_value=1, max_value=100, required=False
        )

    def clean_community(self) -> Body:
        body: Body = self.cleaned_data["community"]
        if body.kind.nature != Nature.COMMUNITY:
            raise forms.ValidationError(_("This body is no community."))
        return body

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, PEOPLE + 1):
            if typed.get(f"post_{number}"):
                for name in ("hours", "points"):
                    if not typed.get(f"{name}_{number}"):
                        self.add_error(f"{name}_{number}", _("Say how much."))
        return typed

    @property
    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "line": given["line"],
            "purpose": given["purpose"],
            "amount": given["amount"],
            "people": [
                Promise(
                    given[f"post_{number}"], given[f"hours_{number}"], given[f"points_{number}"]
                )
                for number in range(1, PEOPLE + 1)
                if given.get(f"post_{number}")
            ],
        }


class ConveneForm(forms.Form):
    """Who reviews together."""

    reviewers: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Reviewers"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].queryset = people  # type: ignore[attr-defined]  # a choice


class TimeForm(forms.Form):
    """For which time it is renewed."""

    begins = forms.DateField(label=_("From"), widget=DAY)
    ends = forms.DateField(label=_("Until (excluded)"), widget=DAY)


class EvaluationForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How do people and money arrive?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("5: as promised")), (4, "4"), (3, "3"), (2, "2"), (1, _("1: not at all"))],
    )  # fmt: skip
    words = forms.CharField(
        label=_("In your words"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class RefusalForm(forms.Form):
    """What was handed over outside of the portal."""

    community: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Community"), empty_label=None
    )
    what = forms.CharField(label=_("What was handed over"), max_length=200)
    department = BodyField(label=_("By which department"), required=False)
    category: forms.ModelChoiceField = CategoryField(label=_("Matter"), required=False)

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]  # a choice
