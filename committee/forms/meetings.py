"""Forms of meetings, votes and decisions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.forms.fields import LINES, MOMENT, NamedPerson
from committee.models import Meeting, MeetingKind
from committee.services.meetings import Plan
from organizations.models import Body


class PlanForm(forms.Form):
    kind = forms.ModelChoiceField(MeetingKind.objects.none(), label=_("Kind of meeting"))
    title = forms.CharField(label=pgettext_lazy("meeting", "Title"), max_length=120)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MOMENT)
    place = forms.CharField(label=pgettext_lazy("meeting", "Place"), max_length=120)
    chair = NamedPerson(label=_("Chair"))
    recorder = NamedPerson(label=_("Recorder"))

    def __init__(self, *args: Any, body: Body, meeting: Meeting | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if meeting is not None:
            del self.fields["kind"]
            return
        kinds = MeetingKind.objects.held_by(body, on=timezone.localdate())
        self.fields["kind"].queryset = kinds.order_by("code")  # type: ignore[attr-defined]  # a choice of rows

    @property
    def plan(self) -> Plan:
        given = self.cleaned_data
        names = ("title", "starts_at", "ends_at", "place", "chair", "recorder")
        return Plan(**{name: given[name] for name in names})


class ItemForm(forms.Form):
    title = forms.CharField(label=_("What is to be discussed?"), max_length=200)
    text = forms.CharField(label=_("More about it"), max_length=2000, required=False, widget=LINES)


class InviteForm(forms.Form):
    person = NamedPerson(label=pgettext_lazy("member", "Who"))
    may_vote = forms.BooleanField(label=_("May vote (joint meetings only)"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LINES)


class MotionForm(forms.Form):
    motion = forms.CharField(label=_("What is voted on?"), max_length=2000, widget=LINES)
    on_people = forms.BooleanField(
        label=_("It is about people"),
        required=False,
        help_text=_("An election, an appointment, a sanction."),
    )
    is_secret = forms.BooleanField(
        label=_("Secret vote"),
        required=False,
        help_text=_(
            "Everybody present votes on the own device. Who has voted is listed, how is not kept."
        ),
    )

    def __init__(self, *args: Any, kind: MeetingKind, **more: Any) -> None:
        super().__init__(*args, **more)
        if kind.secret_on_people:
            self.fields["on_people"].help_text = _(
                "An election, an appointment, a sanction. Such votes are secret in this meeting."
            )


class DecideForm(forms.Form):
    text = forms.CharField(label=_("What was decided?"), max_length=4000, widget=LINES)
    basis = forms.CharField(
        label=_("On which basis?"),
        max_length=300,
        help_text=_("Law, statute or document, with its article."),
    )


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=_("Minutes"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )


class PublishForm(forms.Form):
    title = forms.CharField(label=_("Public title"), max_length=120)
    text = forms.CharField(
        label=_("What everybody reads"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Name nobody: no names, telephone numbers or addresses."),
    )
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=200)

    def __init__(self, *args: Any, is_first: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if is_first:
            del self.fields["reason"]
