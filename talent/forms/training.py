"""Forms of courses, sign-up and examination."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Level, Territory
from organizations.forms.catalogues import PersonField
from organizations.models import Body
from talent.models import Programme, TrainingBase

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class CommunityField(forms.ModelChoiceField):
    """The communities of the day."""

    def __init__(self, **more: Any) -> None:
        rows = Territory.objects.at_level(Level.COMMUNITY).filter(valid_to=None).order_by("code")
        super().__init__(rows, empty_label=_("Choose …"), **more)


class RowsField(forms.ModelChoiceField):
    """A row of those that the form offers when it is made (`offer`)."""

    def __init__(self, model: type[Model], **more: Any) -> None:
        super().__init__(model._default_manager.none(), **more)


def offer(form: forms.BaseForm, **rows: Any) -> None:
    """What may be chosen in fields of a form, by their names."""
    for name, found in rows.items():
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = found


class CourseForm(forms.Form):
    """A course as its committee plans it; the bodies are those that `bodies` names."""

    community = CommunityField(label=_("Community"))
    programme = RowsField(Programme, label=_("Training programme"))
    base = RowsField(TrainingBase, label=_("Training base"))
    body = RowsField(Body, label=_("Held by"))
    teacher = PersonField(label=_("Taught by"))
    title = forms.CharField(label=_("Title"), max_length=100)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    about = forms.CharField(
        label=_("What is learnt"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    sign_up_until = forms.DateTimeField(label=_("Sign-up until"), widget=MOMENT)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MOMENT)
    hours = forms.IntegerField(label=_("Hours of the course"), min_value=1, max_value=1000)
    attend_hours = forms.IntegerField(
        label=_("Hours to attend at least"), min_value=0, max_value=1000
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=5000)
    full_mark = forms.IntegerField(label=_("Full mark"), min_value=1, max_value=1000, initial=100)
    pass_mark = forms.IntegerField(label=_("Pass mark"), min_value=1, max_value=1000, initial=60)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        offer(
            self,
            body=bodies.order_by("code"),
            programme=Programme.objects.valid_on(today).order_by("code"),
            base=TrainingBase.objects.valid_on(today).order_by("code"),
        )


class EnrolForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=60, help_text=_("As it is to stand on the certificate.")
    )


class AttendanceForm(forms.Form):
    hours = forms.IntegerField(label=_("Hours attended"), min_value=0, max_value=1000)


class GradeForm(forms.Form):
    score = forms.IntegerField(
        label=pgettext_lazy("examination", "Score"), min_value=0, max_value=1000
    )
