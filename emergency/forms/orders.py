"""Forms of orders, call-outs, assembly points, tasks, reports, the review."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.forms.fields import SeveralFiles
from emergency.models import AssemblyPoint, Called, Kind, Measure, Order, TaskKind
from emergency.models.orders import COMMANDERS
from emergency.models.reference import Grade
from emergency.scopes import parts_of
from emergency.services.calling import Asked
from emergency.services.ordering import Wanted
from emergency.services.standing_down import Learnt
from funding.models import Line
from grids.models import Level, Territory
from grids.scopes import scopes_of
from organizations.forms.catalogues import PersonField
from organizations.models import Body, Post, Skill, User
from volunteers.forms.activities import MomentField

LINES = forms.Textarea(attrs={"rows": 4})
CHOOSE = _("Choose …")


def territories_of(user: User, *, on: datetime.date) -> Any:
    """City, towns and communities for which `user` may draw up orders."""
    found = Q(pk__in=[])
    for scope in scopes_of(user, on=on):
        if scope.role in COMMANDERS:
            found |= Q() if scope.everywhere else Q(pk__in=scope.towns | scope.communities)
            found |= Q(parent__in=scope.towns)
            if scope.everywhere:
                found = Q()
                break
    levels = [Level.CITY, Level.TOWN, Level.COMMUNITY]
    return Territory.objects.filter(found, level__in=levels).valid_on(on).order_by("code")


class OrderForm(forms.Form):
    """An order as it is drawn up; choices are those of the one who draws it up."""

    title = forms.CharField(label=_("Matter"), max_length=80)
    text = forms.CharField(
        label=_("What happens"),
        max_length=1000,
        widget=LINES,
        help_text=_("Residents read this: plain words, what they should expect and when."),
    )
    kind = forms.ChoiceField(label=_("Class"), choices=Kind.choices)
    level = forms.TypedChoiceField(
        label=_("Level"), choices=list(reversed(Grade.choices)), coerce=int
    )
    territory: "forms.ModelChoiceField[Territory]" = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Territory")
    )
    until = MomentField(label=_("In force until"))
    measures = forms.ModelMultipleChoiceField(
        Measure.objects.none(), label=_("Measures"), widget=forms.CheckboxSelectMultiple
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=200, initial="《突发事件应对法》第七十二条"
    )
    body: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Ordered by"), empty_label=None
    )
    line = forms.ModelChoiceField(
        Line.objects.none(),
        label=_("Special line of money"),
        required=False,
        help_text=_("Matters of the measures draw on it first while the order is in force."),
    )
    is_exercise = forms.BooleanField(
        label=_("This is an exercise"),
        required=False,
        help_text=_("Everybody sees that it is one; routing is not changed."),
    )
    title_en = forms.CharField(
        label=pgettext_lazy("of an order", "English title"), max_length=160, required=False
    )
    text_en = forms.CharField(
        label=_("The same in English"), max_length=1500, required=False, widget=LINES
    )

    def __init__(self, *args: Any, user: User, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.held_by(user, on=on).filter(role__in=COMMANDERS)
        bodies = Body.objects.filter(pk__in=posts.values("body"))
        self._offer("territory", territories_of(user, on=on))
        self._offer("measures", Measure.objects.valid_on(on).order_by("kind", "code"))
        self._offer("body", bodies.order_by("pk"))
        self._offer("line", Line.objects.valid_on(on).filter(body__in=bodies).order_by("code"))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice of rows

    @property
    def wanted(self) -> Wanted:
        given = dict(self.cleaned_data)
        given["measures"] = tuple(given["measures"])
        return Wanted(**given)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LINES)


class ExtendForm(ReasonForm):
    until = MomentField(label=_("In force until"))


class LevelForm(ReasonForm):
    level = forms.TypedChoiceField(label=_("Level"), choices=Grade.choices, coerce=int)


class PointForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    address = forms.CharField(label=_("Address"), max_length=120)
    keeper = PersonField(
        label=_("Keeper"), required=False,
        help_text=_("Checks people in, also without a telephone. Account or full name."),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Room for so many people"), required=False, min_value=1,
        help_text=_("Empty: not limited."),
    )  # fmt: skip
    lon = forms.FloatField(
        widget=forms.HiddenInput, error_messages={"required": _("Choose a place on the map.")}
    )
    lat = forms.FloatField(
        widget=forms.HiddenInput, error_messages={"required": _("Choose a place on the map.")}
    )


class CallOutForm(forms.Form):
    """Whom to call for what; `asked` is what the service takes."""

    point: "forms.ModelChoiceField[AssemblyPoint]" = forms.ModelChoiceField(
        AssemblyPoint.objects.none(), label=_("Assembly point"), empty_label=None
    )
    text = forms.CharField(label=_("What for, in a few words"), max_length=200)
    wanted = forms.IntegerField(label=_("People wanted"), min_value=1, max_value=100_000)
    wave_size = forms.IntegerField(
        label=_("Called at once"),
        min_value=1,
        max_value=100_000,
        help_text=_("If too few come, as many again are called after the time to answer."),
    )
    calls_staff = forms.BooleanField(
        label=_("Workers of the territory"), required=False, initial=True
    )
    calls_volunteers = forms.BooleanField(
        label=_("Volunteers, nearest and fittest first"), required=False, initial=True
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.order_by("code"),
        label=_("Skills that are wished"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_dangerous = forms.BooleanField(
        label=_("Dangerous: only volunteers with accident insurance"), required=False
    )
    kilometres = forms.FloatField(
        label=_("Volunteers no further than (km)"), required=False, min_value=0.1, max_value=200
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].queryset = order.points.order_by("pk")  # type: ignore[attr-defined]  # a choice of rows

    @property
    def asked(self) -> Asked:
        given = {**self.cleaned_data}
        far, _point = given.pop("kilometres"), given.pop("point")
        given["skills"] = tuple(given["skills"])
        return Asked(**given, metres=round(far * 1000) if far else None)


class AnswerForm(forms.Form):
    minutes = forms.IntegerField(min_value=0, max_value=24 * 60)


class TaskForm(forms.Form):
    """A kind of task in grids; for the workers of each grid, or for people who accepted."""

    kind = forms.ModelChoiceField(TaskKind.objects.none(), label=_("Kind"), empty_label=CHOOSE)
    grids: "forms.ModelMultipleChoiceField[Territory]" = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        label=_("Grids"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One task for each grid that you choose."),
    )
    text = forms.CharField(label=_("What is to be done"), max_length=200, required=False)
    due_at = MomentField(label=_("To be done by"), required=False)
    called = forms.ModelMultipleChoiceField(
        Called.objects.none(),
        label=_("For these people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: for the workers of the grid."),
    )

    def __init__(self, *args: Any, order: Order, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = list(order.measures.values_list("code", flat=True))
        kinds = TaskKind.objects.valid_on(on).filter(measure__code__in=codes)
        inside = Territory.objects.filter(pk__in=parts_of(order.territory), level=Level.GRID)
        people = Called.objects.filter(order=order).standing().select_related("person")
        for name, rows in (
            ("kind", kinds.order_by("code")),
            ("grids", inside.order_by("code")),
            ("called", people.order_by("person__full_name", "pk")),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice of rows
        self.fields["called"].label_from_instance = _named  # type: ignore[attr-defined]  # the same


def _named(row: Called) -> str:
    return f"{row.person}（{row.get_state_display()}）"


class ProgressForm(forms.Form):
    progress = forms.IntegerField(label=_("Progress (%)"), min_value=0, max_value=99)


class ProofForm(forms.Form):
    proof = forms.CharField(
        label=_("What was done"),
        max_length=500,
        widget=LINES,
        help_text=_("Deleted after the emergency."),
    )
    households = forms.IntegerField(label=_("Households reached"), min_value=0, initial=0)
    photos = SeveralFiles(
        label=pgettext_lazy("emergency", "Photos that show it"), required=False,
        help_text=_("At most six, without faces where you can. Deleted after the emergency."),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["photos"].widget.attrs["accept"] = "image/*"


class ReportForm(forms.Form):
    receiver = forms.CharField(label=_("To whom"), max_length=80)
    text = forms.CharField(
        label=_("What was reported"),
        max_length=2000,
        widget=LINES,
        help_text=_("Numbers and places, nobody's name: reports are kept."),
    )


class ReviewForm(forms.Form):
    """What people say when they look back; up to three lessons."""

    went_well = forms.CharField(label=_("What went well"), max_length=2000, widget=LINES)
    to_mend = forms.CharField(label=_("What has to be mended"), max_length=2000, widget=LINES)
    lesson_1 = forms.CharField(label=_("First lesson"), max_length=300, required=False)
    lesson_2 = forms.CharField(label=_("Second lesson"), max_length=300, required=False)
    lesson_3 = forms.CharField(label=_("Third lesson"), max_length=300, required=False)

    @property
    def lessons(self) -> list[Learnt]:
        names = ("lesson_1", "lesson_2", "lesson_3")
        return [Learnt(self.cleaned_data[name]) for name in names if self.cleaned_data[name]]
