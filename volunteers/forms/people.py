"""What people type about themselves, a child, a guardian; what the organiser adds."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Level, Territory
from lib.coordinates import Point
from organizations.models import Skill
from volunteers.models import Course, Guardianship, Volunteer
from volunteers.models.people import Language
from volunteers.services import Offer

DAY = forms.DateInput(attrs={"type": "date"})
CLOCK = forms.TimeInput(attrs={"type": "time"})
PLAIN = forms.Textarea(attrs={"rows": 3})
WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
TIMES = (
    ("morning", _("mornings (8–12)"), datetime.time(8), datetime.time(12)),
    ("afternoon", _("afternoons (12–18)"), datetime.time(12), datetime.time(18)),
    ("evening", _("evenings (18–22)"), datetime.time(18), datetime.time(22)),
)


def communities(on: datetime.date) -> Any:
    return Territory.objects.at_level(Level.COMMUNITY).valid_on(on).order_by("code")


class CommunityField(forms.ModelChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(Territory.objects.at_level(Level.COMMUNITY).order_by("code"), **more)


class OfferForm(forms.Form):
    """What a volunteer offers; `offer` is what the services take."""

    skills = forms.ModelMultipleChoiceField(
        Skill.objects.order_by("code"), label=_("What you can do"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        label=_("Days on which you have time"), choices=WEEKDAYS, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    times = forms.MultipleChoiceField(
        label=_("Times of these days"), choices=[(key, label) for key, label, *_rest in TIMES],
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    is_party_member = forms.BooleanField(label=_("I am a party member"), required=False)
    may_be_named = forms.BooleanField(
        label=_("My name may be shown in lists of thanks"), required=False
    )

    may_measure = forms.BooleanField(
        label=_("Propose shifts by how far they are from a place that I choose"), required=False,
        help_text=_("Kept to about 100 metres until you untick this. Organisers read the distance, "
                    "nobody the place."),
    )  # fmt: skip
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("may_measure") and (given.get("lon") is None or given.get("lat") is None):
            self.add_error("may_measure", _("Choose the place on the map, or untick this."))
        return given

    @property
    def near(self) -> Point | None:
        given = self.cleaned_data
        return (given["lon"], given["lat"]) if given["may_measure"] else None

    @property
    def offer(self) -> Offer:
        given = self.cleaned_data
        hours = {key: (starts, ends) for key, _label, starts, ends in TIMES}
        return Offer(
            languages=given["languages"],
            skills=given.get("skills", ()),
            times=[(int(day), *hours[key]) for day in given["weekdays"] for key in given["times"]],
            is_party_member=given.get("is_party_member", False),
            may_be_named=given["may_be_named"],
            near=self.near,
        )

    @classmethod
    def content_of(cls, volunteer: Volunteer) -> dict[str, Any]:
        """What the form shows of somebody who is registered."""
        rows = list(volunteer.availabilities.all())
        return {
            "community": volunteer.community_id,
            "skills": [row.skill_id for row in volunteer.skills.all()],
            "languages": volunteer.languages,
            "weekdays": sorted({row.weekday for row in rows}),
            "times": [
                key for key, _l, starts, _e in TIMES if any(r.starts == starts for r in rows)
            ],
            "is_party_member": volunteer.is_party_member,
            "may_be_named": volunteer.may_be_named,
            "may_measure": volunteer.near is not None,
            "lon": volunteer.near_lon,
            "lat": volunteer.near_lat,
        }


class RegisterForm(OfferForm):
    full_name = forms.CharField(label=_("Your name"), max_length=60)
    identity = forms.CharField(
        label=_("Identity number"), max_length=18,
        help_text=_("18 characters. It is checked and not kept: only its end and a digest stay."),
    )  # fmt: skip
    community = CommunityField(label=_("Community in which you live"))
    agreed = forms.BooleanField(
        label=_("I agree that my data is used to plan and record my voluntary service."),
        required=False,
    )
    field_order = ["full_name", "identity", "community"]


class EditForm(OfferForm):
    community = CommunityField(label=_("Community in which you live"))
    field_order = ["community"]


class ResubmitForm(forms.Form):
    identity = forms.CharField(
        label=_("Identity number"), max_length=18, required=False,
        help_text=_("Only where it was wrong."),
    )  # fmt: skip


class ChildOfferForm(OfferForm):
    """What a guardian offers for a child: no trade, and nobody below 18 is a party member."""

    skills = None  # type: ignore[assignment]  # Django's way to drop a field
    is_party_member = None  # type: ignore[assignment]  # the same

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["weekdays"].label = _("Days on which the child has time")
        self.fields["may_be_named"].label = _("The child's name may be shown in lists of thanks")


class EditChildForm(ChildOfferForm):
    community = CommunityField(label=_("Community in which the child lives"))
    field_order = ["community"]


class ChildForm(ChildOfferForm):
    name = forms.CharField(label=_("The child's name"), max_length=60)
    identity = forms.CharField(label=_("The child's identity number"), max_length=18)
    relation = forms.ChoiceField(label=_("You are"), choices=Guardianship.Relation.choices)
    community = CommunityField(label=_("Community in which the child lives"))
    agreed = forms.BooleanField(
        label=_("I consent as guardian, and to the use of the child's data."), required=False
    )
    field_order = ["name", "identity", "relation", "community"]


class GuardianForm(forms.Form):
    name = forms.CharField(label=_("Guardian's name"), max_length=60)
    phone = forms.CharField(label=_("Guardian's mobile number"), max_length=11)
    relation = forms.ChoiceField(label=_("Relation"), choices=Guardianship.Relation.choices)


class PaperForm(forms.Form):
    name = forms.CharField(label=_("Guardian's name"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation"), choices=Guardianship.Relation.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=PLAIN)


class InsuranceForm(forms.Form):
    insurer = forms.CharField(label=_("Insurer"), max_length=100)
    policy = forms.CharField(label=_("Policy number"), max_length=60)
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_to = forms.DateField(label=_("Valid until (excluded)"), widget=DAY)


class TrainingForm(forms.Form):
    course = forms.ModelChoiceField(Course.objects.order_by("code"), label=_("Course"))
    taken_on = forms.DateField(label=_("Taken on"), widget=DAY)
    hours = forms.DecimalField(label=_("Hours"), max_digits=5, decimal_places=1, min_value=0)


class ProofForm(forms.Form):
    proof = forms.CharField(label=_("Which proof have you seen?"), max_length=120)
