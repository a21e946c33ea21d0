"""What hosts, departments and residents type about project calls and ideas."""

import datetime
import uuid
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from consultation.forms.commitments import PLAIN, carrying_bodies
from consultation.models import Idea, ProjectCall
from consultation.project_workflow import CALL_MOVES, IDEA_MOVES, IdeaState
from consultation.services import projects as services
from consultation.services.calls import lines_bodies
from consultation.services.carriers import call_actors, idea_actors
from funding.forms.amounts import YuanField
from funding.forms.applications import LineChoice
from funding.models import Line, Purpose
from grids.models import Level, Territory
from grids.scopes import scopes_of
from lib.actions import Action, table
from lib.masking import mask_text
from lib.roles import Role
from lib.workflow import moves_open_to
from organizations.models import Body, User


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **more
    )


def places_of(user: User, *, on: datetime.date) -> Any:
    """Communities for which `user` is a host, and towns where they are."""
    found = Territory.objects.none()
    for scope in scopes_of(user, on=on):
        if scope.role == Role.CONSULTATION_HOST:
            all_here = Territory.objects.filter(level__in=[Level.COMMUNITY, Level.TOWN])
            if scope.everywhere:
                return all_here.order_by("code")
            found = found | all_here.filter(pk__in=scope.communities | scope.towns)
            found = found | all_here.filter(parent__in=scope.towns)
    return found.order_by("code")


class CallForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What it is about"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    place: "forms.ModelChoiceField[Territory]" = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Who is asked")
    )
    body: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Who calls")
    )
    line = LineChoice(Line.objects.none(), label=_("Budget line"))
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=_("Purpose"))
    budget = YuanField(label=_("Money in all (yuan)"))
    most_of_one = YuanField(label=_("At most for one project (yuan)"), required=False)
    way = forms.ChoiceField(label=_("How it is decided"), choices=ProjectCall.Way.choices)
    most_choices = forms.IntegerField(
        label=_("Choices of one voter"), min_value=1, max_value=20, initial=3
    )
    least_level = forms.TypedChoiceField(
        label=_("Who may vote"),
        choices=[(1, _("Telephone confirmed")), (2, _("Registered with a name")),
                 (3, _("Confirmed resident"))],
        coerce=int, initial=1,
    )  # fmt: skip
    ideas_until = _moment(_("Ideas until"))

    def __init__(
        self, *args: Any, user: User, at: datetime.datetime, is_new: bool = True, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        on = at.date()
        chosen: dict[str, Any] = dict(self.fields)
        chosen["place"].queryset = places_of(user, on=on)
        bodies = lines_bodies(user, 0, at=at)
        chosen["body"].queryset = Body.objects.filter(pk__in=bodies).valid_on(on).order_by("code")
        lines = Line.objects.filter(body__in=bodies).valid_on(on).order_by("source__rank", "pk")
        chosen["line"].queryset = lines
        purposes = Purpose.objects.filter(lines__line__in=lines).distinct().order_by("code")
        chosen["purpose"].queryset = purposes
        if not is_new:
            self.fields.pop("place")

    def content(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["most_of_one"] = given["most_of_one"] or None
        place = given.pop("place", None)
        if place is None:
            return given
        where = "community" if place.level == Level.COMMUNITY else "town"
        return {"community": None, **given, where: place}

    @staticmethod
    def content_of(call: ProjectCall) -> dict[str, Any]:
        names = (
            "title", "text", "body", "line", "purpose", "budget", "most_of_one", "way",
            "most_choices", "least_level", "ideas_until",
        )  # fmt: skip
        return {name: getattr(call, name) for name in names}


def _coordinate(largest: int) -> forms.FloatField:
    return forms.FloatField(
        required=False,
        widget=forms.HiddenInput(attrs={"data-draft": ""}),
        validators=[MinValueValidator(-largest), MaxValueValidator(largest)],
    )


class IdeaForm(forms.Form):
    """A resident's own idea."""

    title = forms.CharField(label=_("What do you wish?"), max_length=100)
    text = forms.CharField(
        label=_("Why, and for whom?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    place = forms.CharField(
        label=_("Where?"), max_length=120, required=False,
        help_text=_("A road, a square, what stands beside it."),
    )  # fmt: skip
    lon = _coordinate(180)
    lat = _coordinate(90)
    guess = YuanField(
        label=_("What may it cost? (yuan)"),
        required=False,
        help_text=_("A guess is enough; a department will work it out."),
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"key": uuid.uuid4().hex})
        super().__init__(*args, **more)

    def content(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["guess"] = given["guess"] or None
        if given["lon"] is None or given["lat"] is None:
            given["lon"] = given["lat"] = None
        return given


class AssistedIdeaForm(IdeaForm):
    """The same, written down for a resident by somebody who works here."""

    contact_name = forms.CharField(label=_("Resident's name"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Resident's telephone"), max_length=30, required=False,
        help_text=_("To tell them what becomes of it; shown to nobody else."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=PLAIN),
        help_text=_("Read by everybody: no names or telephones of residents."),
    )  # fmt: skip


class AdmitForm(ReasonForm):
    public_title = forms.CharField(label=_("Title for everybody"), max_length=100)
    public_text = forms.CharField(
        label=_("Words for everybody"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Numbers are masked already: look for names and doors yourself."),
    )  # fmt: skip
    field_order = ["public_title", "public_text", "reason"]


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(Idea.objects.none(), label=_("Joined with"))
    field_order = ["into", "reason"]


class AskForm(forms.Form):
    department: "forms.ModelChoiceField[Body]" = forms.ModelChoiceField(
        Body.objects.none(), label=_("Who works it out")
    )
    reason = forms.CharField(
        label=_("What they should look at"), max_length=1000, required=False,
        widget=forms.Textarea(attrs=PLAIN),
    )  # fmt: skip


class EstimateForm(ReasonForm):
    estimate = YuanField(label=_("What it costs (yuan)"))
    field_order = ["estimate", "reason"]


class VoteForm(forms.Form):
    votes_until = _moment(_("Votes until"))


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=_("To be done by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=PLAIN))


class OrderForm(NoteForm):
    """The order that the meeting agreed on: numbers, the first first."""

    order = forms.CharField(
        label=_("Order"), max_length=500,
        help_text=_("Numbers of the ideas, the first first, divided by blanks."),
    )  # fmt: skip
    field_order = ["order", "note"]


def _conclude(call: ProjectCall, *, order: str, **said: Any) -> ProjectCall:
    keys = [int(part[-6:]) for part in order.replace(",", " ").replace("，", " ").split()
            if part[-6:].isdigit()]  # fmt: skip
    found = {idea.pk: idea for idea in call.ideas.filter(pk__in=keys)}
    ideas = [found[key] for key in keys if key in found]
    return services.conclude(call, order=ideas, **said)


def _merge(idea: Idea, *, into: Idea, **said: Any) -> Idea:
    return services.merge_idea(idea, into, **said)


def _ask(idea: Idea, *, department: Body, **said: Any) -> Idea:
    return services.ask_department(idea, department, **said)


CALL_ACTIONS = table(
    Action("publish", _("Publish"), "send", forms.Form, services.publish_call,
           _("Published: residents may bring ideas.")),
    Action("close_ideas", _("Close the collection"), "lock", forms.Form, services.close_ideas,
           _("No more ideas come in.")),
    Action("open_vote", _("Begin the vote"), "checkbox", VoteForm, services.open_vote,
           _("The vote runs; its rules are fixed.")),
    Action("deliberate", _("Begin the deliberation"), "users", forms.Form, services.deliberate,
           _("The rules are fixed now.")),
    Action("close_vote", _("Count the votes"), "sum", forms.Form, services.close_vote,
           _("Counted.")),
    Action("conclude", _("Enter what was agreed"), "gavel", OrderForm, _conclude, _("Decided.")),
    Action("commit", _("Promise what was chosen"), "coins", DueForm, services.commit_chosen,
           _("Promised, with the money kept.")),
    Action("cancel", _("Cancel the call"), "ban", NoteForm, services.cancel_call, _("Cancelled."),
           is_grave=True),
)  # fmt: skip
IDEA_ACTIONS = table(
    Action("admit", _("Take up"), "check", AdmitForm, services.admit_idea,
           _("Taken up; everybody reads it now.")),
    Action("ask", _("Have it worked out"), "building", AskForm, _ask,
           _("The department was asked.")),
    Action("ask_again", _("Have it worked out again"), "building", AskForm, _ask,
           _("The department was asked.")),
    Action("estimate", _("It can be done"), "calculator", EstimateForm, services.estimate_idea,
           _("The estimate stands.")),
    Action("rule_out", _("It cannot be done"), "circle-x", ReasonForm, services.rule_out_idea,
           _("Everybody reads why.")),
    Action("merge", _("Join with another"), "arrows-join", MergeForm, _merge, _("Joined.")),
    Action("refuse", _("Do not take up"), "ban", ReasonForm, services.refuse_idea,
           _("Everybody reads why."), is_grave=True),
    Action("withdraw", _("Take back"), "arrow-back-up", forms.Form, services.withdraw_idea,
           _("Taken back."), is_grave=True),
)  # fmt: skip


def open_on_call(user: User, call: ProjectCall, *, at: datetime.datetime) -> list[Action]:
    names = set(moves_open_to(CALL_MOVES, state=call.state, actors=call_actors(user, call, at=at)))
    names -= {"deliberate"} if call.way == ProjectCall.Way.VOTE else {"open_vote"}
    if call.ideas_until > at:
        names.discard("close_ideas")
    if call.votes_until is None or call.votes_until > at:
        names.discard("close_vote")
    return [action for name, action in CALL_ACTIONS.items() if name in names]


def open_on_idea(user: User, idea: Idea, *, at: datetime.datetime) -> list[Action]:
    if idea.call.opened_at is not None:
        return []
    names = moves_open_to(IDEA_MOVES, state=idea.state, actors=idea_actors(user, idea, at=at))
    return [action for name, action in IDEA_ACTIONS.items() if name in names]


def form_of(action: Action, idea: Idea, *sent: Any, on: datetime.date) -> forms.Form:
    """The form of a move of an idea, with its choices and what is proposed."""
    if action.form is AdmitForm:
        names = [idea.contact_name] if idea.contact_name else []
        words = {"public_title": mask_text(idea.title, names),
                 "public_text": mask_text(idea.text, names)}  # fmt: skip
        admitting = AdmitForm(*sent)
        admitting.initial = words
        return admitting
    form = action.form(*sent)
    chosen: dict[str, Any] = dict(form.fields)
    if action.form is MergeForm:
        goes_on = [IdeaState.ADMITTED, IdeaState.DESIGNING, IdeaState.FEASIBLE]
        others = Idea.objects.filter(call=idea.call_id, state__in=goes_on)
        chosen["into"].queryset = others.exclude(pk=idea.pk).order_by("pk")
    if action.form is AskForm:
        chosen["department"].queryset = carrying_bodies(on=on)
    return form
