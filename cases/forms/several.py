"""Forms of moves by which several bodies work on one case: assistance, transfer, parts, one of two
reports, supervision.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.forms.choices import GroupedField, LineField, PostField, places_near
from cases.forms.fields import PhotosField, PhotosInput, YuanField
from cases.forms.moves import SHOWN, MoveForm, NoteForm
from cases.models import Case, Task
from cases.services.actors import own_assistance
from cases.services.duplicates import likely
from cases.services.splitting import FEWEST, MOST
from cases.workflow import ASSIST_STEPS, BY_ASSISTANT
from organizations.models import Body, Post


class TaskField(forms.ModelChoiceField):
    """Which assistance is meant: “Police · Li Wei”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Task.objects.none(), label=_("Assistance"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.body} · {obj.post.person}"


class AssistForm(MoveForm):
    """Somebody of another department, what is wanted of them, until when, with what money."""

    narrows = ("body",)
    body: forms.ModelChoiceField = forms.ModelChoiceField(
        Body.objects.none(), label=_("Department")
    )
    post = PostField(label=_("Person"))
    note = forms.CharField(
        label=_("What is wanted of them"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
    due_at = forms.DateTimeField(
        label=_("Until"),
        help_text=_("Empty: when the lead's own time is over."),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
    )
    points = forms.IntegerField(label=_("Points of work"), min_value=1, max_value=20, initial=1)
    cost = YuanField(label=_("Estimated cost (yuan)"), required=False)
    line = LineField(label=_("Budget line"), required=False)
    beyond_capacity = forms.BooleanField(
        label=_("Even if this person has no room left"), required=False
    )

    def prepare(self) -> None:
        body = self._body_chosen()
        others = Body.objects.valid_on(self.on).exclude(pk=self.case.lead_body_id or 0)
        self.offer("body", others.order_by("name"))
        self.offer("post", PostField.of_body(body, on=self.on))
        own = LineField.for_case(self.case, body, on=self.on)
        leads = LineField.for_case(self.case, self.case.lead_body_id, on=self.on)
        self.offer("line", own | leads)

    def _body_chosen(self) -> int | None:
        body, post = str(self["body"].value() or ""), str(self["post"].value() or "")
        if not body and post.isdigit():
            return Post.objects.filter(pk=post).values_list("body_id", flat=True).first()
        return int(body) if body.isdigit() else None

    def arguments(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name != "body"}
        return given | {"cost": given["cost"] or 0}


class AssistStepForm(NoteForm):
    """A step on one assistance; which one is asked for where there are several."""

    task = TaskField(required=False)
    field_order = ("task", "note")

    def prepare(self) -> None:
        super().prepare()
        rows = _assistance(self, self.move)
        self.offer("task", rows)
        if rows.count() < 2:
            del self.fields["task"]
        else:
            self.fields["task"].required = True


def _assistance(form: MoveForm, name: str) -> QuerySet[Task]:
    """The tasks on which this person may take the step."""
    rows = form.case.tasks.unsettled().filter(kind=Task.Kind.ASSIST)
    if name in BY_ASSISTANT:
        rows = own_assistance(form.user, form.case, on=form.on)
    return rows.filter(state__in=ASSIST_STEPS[name]).select_related("body", "post__person")


class AssistReportForm(MoveForm):
    result = forms.CharField(
        label=pgettext_lazy("case", "What was done"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    photos = PhotosField(label=_("Photos of the result"), required=False, widget=PhotosInput(SHOWN))
    actual = YuanField(
        label=_("What it cost (yuan)"), help_text=_("0 if it cost nothing."), required=False
    )

    def prepare(self) -> None:
        task = _assistance(self, "assist_report").order_by("pk").first()
        if task is None or not task.estimate:
            del self.fields["actual"]
        else:
            self.fields["actual"].required = True


class TransferForm(MoveForm):
    """To a colleague, with what they must know; they sign anew."""

    post = PostField(label=_("Person"))
    note = forms.CharField(
        label=_("What the next one must know"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    beyond_capacity = forms.BooleanField(
        label=_("Even if this person has no room left"), required=False
    )

    def prepare(self) -> None:
        colleagues = PostField.of_body(self.case.lead_body_id, on=self.on)
        self.offer("post", colleagues.exclude(pk=self.case.lead_post_id or 0))


class SuperviseForm(NoteForm):
    hours = forms.TypedChoiceField(
        label=_("Reply within"),
        coerce=int,
        initial=8,
        choices=[
            (2, _("2 working hours")),
            (4, _("4 working hours")),
            (8, _("1 working day")),
            (16, _("2 working days")),
            (40, _("5 working days")),
        ],
    )
    field_order = ("note", "hours")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].label = _("What you ask for")


class ReplyForm(NoteForm):
    """The written reply, below what was asked."""

    def prepare(self) -> None:
        super().prepare()
        waiting = self.case.supervised.filter(replied_at=None).order_by("pk").first()
        self.fields["note"].label = _("Reply")
        self.fields["note"].help_text = waiting.words if waiting else ""


class KeptField(forms.ModelChoiceField):
    """Cases that look the same: “20261124000007 Cover missing · 82 % alike, 12 m”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Case.objects.none(), widget=forms.RadioSelect, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.title}"


class MergeForm(NoteForm):
    """Which case is kept: one that looks the same, or any other by its number."""

    kept = KeptField(label=_("The case that is kept"), required=False, empty_label=None)
    number = forms.CharField(
        label=_("Its number"),
        help_text=_("Where the case does not stand above."),
        max_length=24,
        required=False,
    )
    field_order = ("kept", "number", "note")

    def prepare(self) -> None:
        super().prepare()
        found = [hit.case.pk for hit in likely(self.case, user=self.user, on=self.on)]
        self.offer("kept", Case.objects.filter(pk__in=found).order_by("-pk"))
        if not found:
            del self.fields["kept"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = (given.pop("number", "") or "").strip()
        if number:
            seen = Case.objects.visible_to(self.user, on=self.on)
            given["kept"] = seen.filter(number=number).first()
        if not given.get("kept"):
            raise ValidationError(_("Choose the case that is kept, or write its number."))
        return given


class SplitForm(MoveForm):
    """Two to ten parts, each with what it is about; what stays empty is as in the whole."""

    narrows = ("count",)
    count = forms.TypedChoiceField(
        label=_("How many parts"),
        coerce=int,
        choices=[(number, str(number)) for number in range(FEWEST, MOST + 1)],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        wanted = str(self["count"].value() or FEWEST)
        self.parts = min(MOST, max(FEWEST, int(wanted))) if wanted.isdigit() else FEWEST
        bodies = Body.objects.valid_on(self.on).order_by("name")
        for number in range(1, self.parts + 1):
            self._add_part(number, bodies)
        self.order_fields(["count", *(name for name in self.fields if name != "note"), "note"])

    def _add_part(self, number: int, bodies: QuerySet[Body]) -> None:
        of = {"number": number}
        self.fields[f"title_{number}"] = forms.CharField(
            label=_("Part %(number)d: what is to be done") % of, max_length=120
        )
        category = GroupedField.of_categories(
            label=_("Part %(number)d: category") % of, required=False
        )
        category.initial = self.case.category_id
        self.fields[f"category_{number}"] = category
        place = GroupedField.of_places(label=_("Part %(number)d: place") % of, required=False)
        place.queryset = places_near(self.case)
        self.fields[f"territory_{number}"] = place
        self.fields[f"body_{number}"] = forms.ModelChoiceField(
            bodies,
            label=_("Part %(number)d: department") % of,
            required=False,
            empty_label=_("as the duty list says"),
        )

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("title", "category", "territory", "body")
        parts = [
            {name: given[f"{name}_{number}"] for name in names}
            for number in range(1, self.parts + 1)
        ]
        return {"parts": parts, "note": given["note"]}
