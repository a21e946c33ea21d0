"""Forms of selections, candidates, judges and objections."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.roles import ADMINISTRATORS, Role
from organizations.forms.catalogues import DAY, PersonField
from organizations.models import Body
from talent.forms.training import MOMENT, CommunityField, RowsField, offer
from talent.models import Criterion, Team

ROLES = [(role.value, role.label) for role in Role if role not in ADMINISTRATORS]


class SelectionForm(forms.Form):
    """What is to be filled; the bodies are those that `bodies` names."""

    community = CommunityField(label=_("Community"))
    body = RowsField(Body, label=_("Body"))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    team = RowsField(Team, label=_("Talent team"), required=False)
    title = forms.CharField(label=_("Title"), max_length=100)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    terms = forms.CharField(
        label=_("Who may apply"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=200, initial=1)
    apply_until = forms.DateTimeField(label=_("Applications until"), widget=MOMENT)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.valid_on(timezone.localdate()).order_by("place")
        offer(self, body=bodies.order_by("code"), team=teams)


class CriteriaForm(forms.Form):
    """One criterion on each line: its name, a space, its points."""

    criteria = forms.CharField(
        label=_("What is judged"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line, with its points at the end: 群众工作 60"),
    )

    def clean_criteria(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.cleaned_data["criteria"].splitlines():
            if not line.strip():
                continue
            name, _space, points = line.strip().rpartition(" ")
            if not name or not points.isdecimal() or not 1 <= int(points) <= 1000:
                raise ValidationError(_("“%(line)s” has no points at its end.") % {"line": line})
            found[name.strip()] = int(points)
        return found


class JudgeForm(forms.Form):
    person = PersonField(label=_("Judge"))


class ApplyForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=60)
    statement = forms.CharField(
        label=_("What speaks for you"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only the committee and the judges read this."),
    )


class RecommendForm(forms.Form):
    person = PersonField(label=_("Whom do you recommend?"))
    statement = forms.CharField(
        label=_("What speaks for this person"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=_("What speaks against it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Only the committee reads this. You get an answer before anything is decided."),
    )


class AnswerForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("What became of it"),
        choices=[("no", _("Rejected: the candidate stays on the list")),
                 ("yes", _("Upheld: the candidate leaves the list"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=pgettext_lazy("of a judgement", "Reasons"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(forms.Form):
    days = forms.IntegerField(label=_("Days of publication"), min_value=1, max_value=60, initial=7)


class AppointForm(forms.Form):
    valid_from = forms.DateField(label=_("From"), widget=DAY)
    account = PersonField(
        label=_("Account for work"),
        required=False,
        help_text=_("Only for residents: the account that was made for them."),
    )


class ScoreForm(forms.Form):
    """A field of points for each criterion."""

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"points-{one.pk}"] = forms.IntegerField(
                label=f"{one.name} (0–{one.points})", min_value=0, max_value=one.points
            )

    @property
    def points(self) -> dict[int, int]:
        return {one.pk: self.cleaned_data[f"points-{one.pk}"] for one in self.criteria}
