"""What people type about activities, shifts, sign-ups and calls."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Level, Territory
from grids.scopes import scopes_of
from organizations.models import Body, Skill, User
from volunteers.forms.people import CLOCK, DAY, PLAIN, WEEKDAYS
from volunteers.models import Activity, Course, Organisation, Prerequisite, Topic
from volunteers.models.people import ORGANIZERS
from volunteers.services import Asked, Wanted
from volunteers.services.activities import AMENDABLE

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    def __init__(self, **more: Any) -> None:
        super().__init__(widget=MOMENT, input_formats=["%Y-%m-%dT%H:%M"], **more)


class ActivityForm(forms.ModelForm):
    """The words of an activity and what it asks for."""

    skills = forms.ModelMultipleChoiceField(
        Skill.objects.order_by("code"), label=_("Skills that must be there"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    wished = forms.ModelMultipleChoiceField(
        Skill.objects.order_by("code"), label=_("Skills that are wished"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    courses = forms.ModelMultipleChoiceField(
        Course.objects.order_by("code"), label=_("Courses that must be taken"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Activity
        fields = [
            "title", "title_en", "summary", "topic", "form", "address", "lon", "lat", "min_age",
            "max_age", "danger", "risks", "equipment", "needs_approval", "cancel_hours",
            "confirm_hours",
        ]  # fmt: skip
        widgets = {"summary": PLAIN, "risks": PLAIN}
        labels = {"lon": _("longitude"), "lat": _("latitude")}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk:
            rows = list(self.instance.prerequisites.all())
            self.initial.setdefault("skills", [r.skill_id for r in rows if r.is_required])
            self.initial.setdefault("wished", [r.skill_id for r in rows if not r.is_required])
            self.initial.setdefault("courses", [r.course_id for r in rows if r.course_id])

    def _post_clean(self) -> None:
        """The services write and refuse in their own words."""

    @property
    def content(self) -> dict[str, Any]:
        """What the services take."""
        given = dict(self.cleaned_data)
        skills, wished, courses = given.pop("skills"), given.pop("wished"), given.pop("courses")
        kind = Prerequisite.Kind
        asked = [Asked(kind.SKILL, skill=one) for one in skills]
        asked += [
            Asked(kind.SKILL, skill=one, is_required=False) for one in wished if one not in skills
        ]
        asked += [Asked(kind.COURSE, course=one) for one in courses]
        return {**given, "asked": asked}


class NewActivityForm(ActivityForm):
    """Where it is, and whose it is, is said once."""

    community: Any = forms.ModelChoiceField(Territory.objects.none(), label=_("Community"))
    body: Any = forms.ModelChoiceField(Body.objects.none(), label=_("Responsible body"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False
    )
    field_order = ["title", "title_en", "summary", "topic", "form", "community", "body"]

    def __init__(self, *args: Any, user: User, on: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        led = Organisation.objects.led_by(user, on=on).active()
        reach = [scope for scope in scopes_of(user, on=on) if scope.role in ORGANIZERS]
        fields: Any = self.fields
        fields["organisation"].queryset = led
        fields["community"].queryset = _communities(reach, led)
        bodies = {key for scope in reach for key in scope.body_ids}
        near = Body.objects.valid_on(on).filter(
            Q(pk__in=bodies) | Q(territories__territory__in=led.values("community"))
        )
        fields["body"].queryset = near.distinct().order_by("code")


def _communities(reach: Any, led: Any) -> Any:
    rows = Territory.objects.at_level(Level.COMMUNITY).order_by("code")
    if any(scope.everywhere for scope in reach):
        return rows
    towns = {key for scope in reach for key in scope.towns}
    own = {key for scope in reach for key in scope.communities}
    of_led = Q(pk__in=led.values("community")) | Q(parent__in=led.values("town"))
    return rows.filter(Q(parent__in=towns) | Q(pk__in=own) | of_led)


class AmendForm(forms.ModelForm):
    class Meta:
        model = Activity
        fields = sorted(AMENDABLE)
        widgets = {"summary": PLAIN, "risks": PLAIN}
        labels = {"lon": _("longitude"), "lat": _("latitude")}

    def _post_clean(self) -> None:
        """The services write and refuse in their own words."""


class RuleForm(forms.Form):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    every_weeks = forms.IntegerField(label=_("Every … weeks"), min_value=1, max_value=12, initial=1)
    starts = forms.TimeField(label=pgettext_lazy("a shift", "From"), widget=CLOCK)
    ends = forms.TimeField(label=pgettext_lazy("a shift", "To"), widget=CLOCK)
    first_day = forms.DateField(label=_("First day"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY, required=False)
    places = forms.IntegerField(label=_("Places"), min_value=1, required=False)


class ShiftForm(forms.Form):
    starts_at = MomentField(label=pgettext_lazy("a shift", "From"))
    ends_at = MomentField(label=pgettext_lazy("a shift", "To"))
    places = forms.IntegerField(
        label=_("Places"), min_value=1, required=False,
        help_text=_("Empty only for open activities: as many as come."),
    )  # fmt: skip
    meeting_point = forms.CharField(label=_("Meeting point"), max_length=120, required=False)


class ChangeShiftForm(forms.Form):
    places = forms.IntegerField(label=_("Places"), min_value=1, required=False)
    meeting_point = forms.CharField(label=_("Meeting point"), max_length=120, required=False)


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message to everybody with a place"), max_length=300, widget=PLAIN
    )


class AnswerForm(forms.Form):
    topic = forms.ModelChoiceField(Topic.objects.order_by("code"), label=_("Kind of service"))


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=PLAIN,
        help_text=_("Needed only when it is late."),
    )  # fmt: skip


class SignUpForm(forms.Form):
    """For whom, and that a short way is known."""

    volunteer: Any = forms.ModelChoiceField(None, label=_("For whom"), empty_label=None)
    remark = forms.CharField(label=_("Remark for the leader"), max_length=200, required=False)
    tight = forms.BooleanField(
        label=_("The way from my other shift is short: I can manage it."), required=False
    )

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["volunteer"]
        field.queryset = people
        field.label_from_instance = lambda one: one.name
        if len(people) == 1:
            field.widget = forms.HiddenInput()
            field.initial = people[0].pk


class WantedForm(forms.Form):
    """What somebody who calls for volunteers says; `wanted` is what the services take."""

    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(label=_("What is needed"), max_length=1000, widget=PLAIN)
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=1000)
    starts_at = MomentField(label=pgettext_lazy("a shift", "From"))
    ends_at = MomentField(label=pgettext_lazy("a shift", "To"))
    address = forms.CharField(label=_("Place"), max_length=120)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.order_by("code"), label=_("Skills that are wished"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        names = ("title", "text", "people", "starts_at", "ends_at", "address", "lon", "lat")
        return Wanted(**{name: given[name] for name in names}, skills=given["skills"])
