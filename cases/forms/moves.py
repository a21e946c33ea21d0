"""The small forms of moves: what a person must say for each, and nothing more."""

import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.forms.choices import (
    GroupedField,
    LineField,
    PostField,
    ShownPhotosField,
    places_near,
)
from cases.forms.fields import PhotosField, PhotosInput, YuanField
from cases.models import Case, Photo, Task, Urgency
from cases.workflow import NEEDS_REASON
from organizations.models import Body, Post, User
from routing.models import FilingStandard


class MoveForm(forms.Form):
    """`arguments` is what the service takes, apart from the case, who and when.

    `wants` names the move, because some moves need a reason where others take a note.
    """

    # Fields whose choice decides what the others offer: the form is asked for again.
    narrows: tuple[str, ...] = ()

    def __init__(
        self, *args: Any, move: str, case: Case, user: User, on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "move_%s", **kwargs})
        self.move, self.case, self.user, self.on = move, case, user, on
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the case."""

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """What a choice offers for this case."""
        cast("forms.ModelChoiceField", self.fields[name]).queryset = rows

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PlainForm(MoveForm):
    """Nothing to say: one press."""


class NoteForm(MoveForm):
    """A reason where the move demands one, else a note that may stay empty."""

    note = forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 3}))

    def prepare(self) -> None:
        needed = self.move in NEEDS_REASON
        self.fields["note"].required = needed
        self.fields["note"].label = _("Reason") if needed else _("Note")


class ReleaseForm(NoteForm):
    """What it is instead, where that is not yet said."""

    category = GroupedField.of_categories(label=_("Category"), required=False)
    field_order = ["category", "note"]

    def prepare(self) -> None:
        super().prepare()
        known = self.case.category
        self.fields["category"].required = known is None or known.is_emergency
        self.fields["category"].initial = None if known and known.is_emergency else known


class RemarkForm(MoveForm):
    text = forms.CharField(label=_("Note"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class PublicTextForm(MoveForm):
    """Words for everybody; the person who sends them confirms that they name nobody."""

    text = forms.CharField(
        label=_("Words for everybody"),
        help_text=_("Take out names, telephones, plates and addresses before you confirm."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )

    photos = ShownPhotosField(
        label=_("Photos for everybody"),
        help_text=_("Only those that show no face, no plate and no name of a person."),
        required=False,
    )

    def prepare(self) -> None:
        self.fields["text"].initial = self.case.public_text or self.case.text
        photos = self.case.photos.order_by("id")
        if not photos:
            del self.fields["photos"]
            return
        self.offer("photos", photos)
        self.fields["photos"].initial = [photo.pk for photo in photos if photo.is_public]


SHOWN = {"data-photos": "#move-photos", "data-remove": _("Remove")}


class CheckForm(NoteForm):
    """What the verifier saw, with evidence."""

    photos = PhotosField(label=_("Photos at the check"), required=False, widget=PhotosInput(SHOWN))


class PassForm(CheckForm):
    """The closing condition, ticked, and what shows that it is met."""

    condition_met = forms.BooleanField(label=_("The closing condition is met"))
    field_order = ("condition_met", "photos", "note")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].label = _("What you saw")
        self.fields["note"].help_text = _("Needed where no photo shows the result.")


class ReportForm(MoveForm):
    result = forms.CharField(
        label=pgettext_lazy("case", "What was done"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    before = PhotosField(label=_("Photos of how it was"), required=False)
    photos = PhotosField(label=_("Photos of the result"), required=False, widget=PhotosInput(SHOWN))
    actual = YuanField(
        label=_("What it cost (yuan)"), help_text=_("0 if it cost nothing."), required=False
    )

    def prepare(self) -> None:
        task = self.case.tasks.unsettled().filter(kind=Task.Kind.LEAD).first()
        standard = self.case.standard
        self.fields["photos"].required = bool(standard and standard.photo_after)
        seen = self.case.photos.filter(kind__in=[Photo.Kind.BEFORE, Photo.Kind.SITE])
        if standard and standard.photo_before and not seen:
            self.fields["before"].required = True
        else:
            del self.fields["before"]
        if task is None or not task.estimate:
            del self.fields["actual"]
        else:
            self.fields["actual"].required = True


class PersonForm(MoveForm):
    """Somebody of the department that leads, with what lies on each already."""

    post = PostField(label=_("Person"))
    beyond_capacity = forms.BooleanField(
        label=_("Even if this person has no room left"), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        others = PostField.of_body(self.case.lead_body_id, on=self.on)
        self.offer("post", others.exclude(pk=self.case.lead_post_id or 0))


class SendForm(MoveForm):
    """A person decides: body, person, condition, line. The body chosen narrows people and lines."""

    narrows = ("body",)
    body: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Department")
    )
    post = PostField(label=_("Person"))
    standard = forms.ModelChoiceField(
        FilingStandard.objects.none(), label=_("Filing standard"), required=False
    )
    line = LineField(label=_("Budget line"), required=False)
    cost = YuanField(
        label=_("Estimated cost (yuan)"),
        help_text=_("Empty: what the filing standard says."),
        required=False,
    )
    beyond_capacity = forms.BooleanField(
        label=_("Even if this person has no room left"), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        body = self._body_chosen()
        self.offer("body", Body.objects.valid_on(self.on).order_by("name"))
        self.fields["body"].initial = body
        self.fields["body"].required = not self["post"].value()
        self.offer("post", PostField.of_body(body, on=self.on))
        self.offer("line", LineField.for_case(self.case, body, on=self.on))
        standards = FilingStandard.objects.filter(category=self.case.category_id)
        self.offer("standard", standards.valid_on(self.on).order_by("rank"))
        self.fields["standard"].initial = self.case.standard_id

    def _body_chosen(self) -> int | None:
        """The body asked for, that of the person asked for, or the one that must decide."""
        body, post = self["body"].value(), self["post"].value()
        if not body and str(post or "").isdigit():
            body = Post.objects.filter(pk=post).values_list("body_id", flat=True).first()
        body = body or self.case.desk_body_id
        return int(str(body)) if str(body or "").isdigit() else None

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "body"}


class ActFirstForm(SendForm):
    """Before there is money: the reason is written, the capacity does not count."""

    reason = forms.CharField(
        label=_("Why it cannot wait"), max_length=300, widget=forms.Textarea({"rows": 2})
    )

    def prepare(self) -> None:
        super().prepare()
        for name in ("line", "beyond_capacity", "note"):
            del self.fields[name]


class FundForm(MoveForm):
    line = LineField(label=_("Budget line"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        task = self.case.tasks.lacking_money().first()
        if task is None or task.hold_id:
            del self.fields["line"]
        else:
            self.fields["line"].required = True
            self.offer("line", LineField.given_by(self.user, on=self.on))


class SettleForm(MoveForm):
    """Who leads such matters here from now on: remembered in the duty list as a precedent."""

    lead: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Who leads such matters here from now on")
    )
    note = forms.CharField(label=_("Basis"), required=False, max_length=200)

    def prepare(self) -> None:
        self.offer("lead", Body.objects.valid_on(self.on).order_by("name"))


class CorrectForm(MoveForm):
    """What was wrong about the matter; what stays empty stays as it is."""

    narrows = ("category",)

    category = GroupedField.of_categories(label=_("Category"), required=False)
    standard = forms.ModelChoiceField(
        FilingStandard.objects.none(), label=_("Filing standard"), required=False
    )
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    territory = GroupedField.of_places(label=_("Community or grid"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        case = self.case
        self.fields["category"].initial = case.category_id
        self.fields["standard"].initial = case.standard_id
        self.fields["lon"].initial, self.fields["lat"].initial = case.lon, case.lat
        self.fields["address"].initial = case.address
        self.fields["urgency"].initial = case.urgency
        standards = FilingStandard.objects.filter(category=self["category"].value() or None)
        self.offer("standard", standards.valid_on(self.on).order_by("rank"))
        self.offer("territory", places_near(case))
        self.fields["territory"].initial = case.grid_id or case.community_id

    def arguments(self) -> dict[str, Any]:
        """Only what was changed: an untouched address must not cost the case its point."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        given = {name: value for name, value in changed.items() if value}
        if {"lon", "lat"} & given.keys():
            given |= {name: self.cleaned_data[name] for name in ("lon", "lat")}
        return given | {"note": self.cleaned_data["note"]}
