"""What people type about results and commitments, and what they may press on one."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.commitment_workflow import MOVES
from consultation.models import Adoption, Commitment
from consultation.services import carrying, committing
from consultation.services.carriers import actors_of
from consultation.services.committing import Money, Step
from funding.forms.amounts import YuanField
from funding.forms.applications import LineChoice
from funding.models import Line, Purpose
from lib.actions import Action, table
from lib.workflow import moves_open_to
from organizations.models import Body, User
from organizations.models.bodies import Nature
from routing.models import Category

PLAIN = {"rows": 3}
CARRIERS = (Nature.DEPARTMENT, Nature.COMMUNITY, Nature.CENTRE, Nature.JOINT_UNIT, Nature.COMMITTEE)


def carrying_bodies(*, on: datetime.date) -> QuerySet[Body]:
    rows: QuerySet[Body] = Body.objects.valid_on(on)
    return rows.filter(kind__nature__in=CARRIERS).order_by("code")


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class AdoptionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("What becomes of the result"), choices=Adoption.Verdict.choices
    )
    reasons = forms.CharField(
        label=pgettext_lazy("of a decision", "Reasons"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    to_dissent = forms.CharField(
        label=_("Answer to those who disagreed"),
        help_text=_("Read by everybody. If nobody disagreed, say so."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MilestonesField(forms.CharField):
    """One milestone a line: words, then weight and day where wanted, divided by `|`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), required=False, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        return [_step(line) for line in text.splitlines() if line.strip()]


def _step(line: str) -> Step:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    title, weight, day = (*parts, "", "")[:3]
    try:
        due_on = datetime.date.fromisoformat(day) if day else None
        number = int(weight) if weight else 1
    except ValueError as error:
        raise ValidationError(
            _("Write “%(line)s” as: step | weight | 2026-12-31."), params={"line": line}
        ) from error
    if not title or not 1 <= number <= 100:
        raise ValidationError(
            _("“%(line)s”: say the step, and a weight between 1 and 100."), params={"line": line}
        )
    return Step(title[:100], number, due_on)


class MoneyForm(forms.Form):
    """Money for a commitment, on a line that the host may name."""

    line = LineChoice(Line.objects.none(), label=_("Budget line"), required=False)
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=_("Purpose"), required=False)
    amount = YuanField(label=_("Amount (yuan)"), required=False)

    def __init__(self, *args: Any, bodies: frozenset[int], on: datetime.date, **more: Any) -> None:
        super().__init__(*args, **more)
        lines = Line.objects.filter(body__in=bodies).valid_on(on).order_by("source__rank", "pk")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # its choices
        purposes = Purpose.objects.filter(lines__line__in=lines).distinct().order_by("code")
        self.fields["purpose"].queryset = purposes  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("amount") and not (given.get("line") and given.get("purpose")):
            raise ValidationError(_("Money needs a budget line and a purpose."))
        return given

    def money(self) -> Money | None:
        given = self.cleaned_data
        if not given.get("amount"):
            return None
        return Money(given["line"], given["purpose"], given["amount"])


class PromiseForm(MoneyForm):
    title = forms.CharField(label=_("What is promised"), max_length=120)
    text = forms.CharField(
        label=_("In more words"), max_length=2000, required=False,
        widget=forms.Textarea(attrs=PLAIN),
    )  # fmt: skip
    owner: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Who does it")
    )
    due_on = _day(_("To be done by"))
    steps = MilestonesField(
        label=_("Milestones"),
        help_text=_("One a line: step | weight | 2026-12-31"),
    )
    field_order = ["title", "text", "owner", "due_on", "steps", "line", "purpose", "amount"]

    def __init__(self, *args: Any, on: datetime.date, **more: Any) -> None:
        super().__init__(*args, on=on, **more)
        self.fields["owner"].queryset = carrying_bodies(on=on)  # type: ignore[attr-defined]  # its choices

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        named = {name: given[name] for name in ("title", "text", "owner", "due_on", "steps")}
        return {**named, "money": self.money()}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs=PLAIN),
        help_text=_("Read by everybody: no names or telephones of residents."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    note = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=PLAIN),
        help_text=_("Read by everybody: no names or telephones of residents."),
    )  # fmt: skip


class ShareForm(NoteForm):
    share = forms.IntegerField(label=_("Done (per cent)"), min_value=0, max_value=99)
    field_order = ["share", "note"]


class PutOffForm(ReasonForm):
    due_on = _day(_("To be done by"))
    field_order = ["due_on", "note"]


class ReportForm(forms.Form):
    proof = forms.CharField(
        label=_("What shows that it is done"), max_length=2000,
        widget=forms.Textarea(attrs=PLAIN),
        help_text=_("Read by everybody: no names or telephones of residents."),
    )  # fmt: skip
    actual = YuanField(
        label=_("What it cost (yuan)"),
        required=False,
        help_text=_("Where money is kept for it; the rest goes back to its line."),
    )


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    words = forms.CharField(
        label=_("What it shows"),
        max_length=120,
        help_text=_("Everybody sees the photo: no faces, no number plates."),
    )


class CaseForm(forms.Form):
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        Category.objects.none(), label=_("Kind of matter"), required=False
    )
    text = forms.CharField(
        label=_("What is to be done"), max_length=2000, required=False,
        widget=forms.Textarea(attrs=PLAIN),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = Category.objects.filter(parent__isnull=False).order_by("code")
        self.fields["category"].queryset = kinds  # type: ignore[attr-defined]  # its choices


class ApplyForm(forms.Form):
    amount = YuanField(label=_("Amount (yuan)"))
    payee_name = forms.CharField(label=_("Payee"), max_length=100)
    payee_bank = forms.CharField(label=_("Payee's bank"), max_length=100, required=False)
    payee_account = forms.CharField(label=_("Payee's account"), max_length=40, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs=PLAIN))


class AddMoneyForm(NoteForm):
    amount = YuanField(label=_("Amount (yuan)"))
    field_order = ["amount", "note"]


class DecideForm(forms.Form):
    """Whether there is anything new in a matter that was concluded."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("There are new facts")), ("no", _("Nothing new"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=PLAIN))


class NewFactsForm(forms.Form):
    facts = forms.CharField(
        label=_("What is new since it was decided?"),
        help_text=_("Everybody may read it after the decision: no names, no telephones."),
        min_length=20,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RatingForm(forms.Form):
    STARS = [
        (5, _("★★★★★ very well")), (4, _("★★★★ well")), (3, _("★★★ so-so")),
        (2, _("★★ not well")), (1, _("★ badly")),
    ]  # fmt: skip
    stars = forms.TypedChoiceField(
        label=_("How well was it done?"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In words, if you like"), max_length=500, required=False,
        help_text=_("Only those who carry it out read this."),
        widget=forms.Textarea(attrs=PLAIN),
    )  # fmt: skip


def _keep(commitment: Commitment, *, line: Any, purpose: Any, amount: int, **who: Any) -> Any:
    return committing.keep_money(commitment, money=Money(line, purpose, amount), **who)


def _photo(commitment: Commitment, *, file: Any, words: str, **who: Any) -> Any:
    return carrying.add_photo(commitment, file, words=words, **who)


ACTIONS = table(
    Action("begin", _("Begin"), "player-play", NoteForm, carrying.begin_work,
           _("The work has begun.")),
    Action("progress", _("Say how far it is"), "progress-check", ShareForm, carrying.step_on,
           _("Kept.")),
    Action("photo", _("Add a photo"), "camera-plus", PhotoForm, _photo, _("The photo is kept.")),
    Action("report", _("It is done"), "circle-check", ReportForm, carrying.report,
           _("Reported; somebody else will check.")),
    Action("confirm", _("Confirm that it is done"), "rosette-discount-check", NoteForm,
           carrying.confirm, _("Confirmed.")),
    Action("send_back", _("Not done yet"), "arrow-back-up", ReasonForm, carrying.send_back,
           _("Sent back.")),
    Action("supervise", _("Ask them to act"), "eye-exclamation", ReasonForm, committing.supervise,
           _("The body was asked to act.")),
    Action("open_case", _("Open a case"), "folder-plus", CaseForm, carrying.open_case,
           _("The case is open.")),
    Action("reserve", _("Keep money"), "coins", MoneyForm, _keep, _("The money is kept.")),
    Action("top_up", _("Add money"), "coins", AddMoneyForm, committing.add_money,
           _("The money is kept.")),
    Action("apply", _("Apply for payment"), "file-invoice", ApplyForm, carrying.apply_for_money,
           _("The application is drafted.")),
    Action("put_off", _("Put off"), "calendar-plus", PutOffForm, committing.put_off, _("Put off.")),
    Action("drop", _("Give up"), "ban", ReasonForm, committing.drop, _("Given up."), is_grave=True),
)  # fmt: skip


def open_to(user: User, commitment: Commitment, *, at: datetime.datetime) -> list[Action]:
    """The buttons that `user` sees, in the order of the table above; none that must be refused."""
    names = set(
        moves_open_to(MOVES, state=commitment.state, actors=actors_of(user, commitment, at=at))
    )
    names -= _pointless(commitment, user, at=at)
    return [action for name, action in ACTIONS.items() if name in names]


def _pointless(commitment: Commitment, user: User, *, at: datetime.datetime) -> set[str]:
    found = set()
    if commitment.hold_id:
        found |= {"reserve"} | (
            {"open_case"} if commitment.hold and commitment.hold.open else set()
        )
    else:
        found |= {"top_up", "apply"}
    if commitment.idea_id:
        found |= {"top_up", "reserve"}
    if commitment.case_id:
        found |= {"open_case", "reserve"}
    if commitment.case_id or commitment.application_id or commitment.milestones.exists():
        found.add("progress")
    if not commitment.is_overdue(on=at.date()):
        found.add("supervise")
    if commitment.reported_by_id == user.pk:
        found.add("confirm")
    return found
