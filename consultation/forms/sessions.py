"""Forms of sessions, minutes and votes: shape only; the services decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import (
    AgendaItem,
    Participant,
    Session,
    SpoiltPaper,
    Stance,
    Vote,
    VoteOption,
)
from consultation.services.voting import ANSWERS
from grids.models import Roll
from organizations.models import User

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LONG = forms.Textarea(attrs={"rows": 6})
NOT_VALID = "none"


def _rolls(consultation: Any) -> Any:
    return Roll.objects.current().filter(community=consultation.community_id).order_by("name")


class SessionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MOMENT)
    room = forms.CharField(label=_("Place"), max_length=120, required=False)
    online_url = forms.URLField(
        label=_("Link for those who take part online"), required=False, assume_scheme="https"
    )
    roll: Any = forms.ModelChoiceField(
        Roll.objects.none(), label=_("Assembly of a roll"), required=False,
        empty_label=_("No: people are invited by name"),
    )  # fmt: skip
    recused_leave = forms.BooleanField(
        label=_("Who stands back is left out of the quorum"), required=False, initial=True
    )

    def __init__(self, *args: Any, consultation: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["roll"].queryset = _rolls(consultation)  # type: ignore[attr-defined]


class PointForm(forms.Form):
    title = forms.CharField(label=_("Point"), max_length=120)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600)
    parent: Any = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Part of"), required=False
    )
    speaker = forms.CharField(label=_("Who speaks"), max_length=60, required=False)

    def __init__(self, *args: Any, session: Session, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["parent"].queryset = session.agenda.filter(parent=None)  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """One guest on each line: a name, or the user name or telephone of an account."""

    guests = forms.CharField(
        label=pgettext_lazy("an invitation", "Who"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "One on each line: the telephone or user name of an account, or just a name. "
            "Who has an account is told and answers online."
        ),
    )
    capacity = forms.ChoiceField(label=_("As"), choices=Participant.choices)
    is_member = forms.BooleanField(
        label=_("They count for the quorum and may vote"), required=False, initial=True
    )
    is_woman = forms.BooleanField(
        label=_("They are women"), required=False,
        help_text=_("The form asks for a share of women: invite them and the others apart."),
    )  # fmt: skip

    def __init__(self, *args: Any, session: Session, **more: Any) -> None:
        super().__init__(*args, **more)
        if not session.stage.compositions.filter(women=True).exists():
            del self.fields["is_woman"]

    def people(self) -> list[tuple[str, User | None]]:
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        active = User.objects.filter(is_active=True)
        by_name = {user.username: user for user in active.filter(username__in=lines)}
        by_phone = {user.phone: user for user in active.filter(phone__in=lines).exclude(phone="")}
        found = [(line, by_name.get(line) or by_phone.get(line)) for line in lines]
        return [(person.full_name or line if person else line, person) for line, person in found]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class PositionForm(forms.Form):
    stance = forms.ChoiceField(
        label=_("Position"), choices=Stance.choices, widget=forms.RadioSelect
    )
    item: Any = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Point of the agenda"), required=False
    )
    text = forms.CharField(
        label=pgettext_lazy("in a session", "What was said"), max_length=2000, widget=LONG
    )

    def __init__(self, *args: Any, session: Session, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["item"].queryset = session.agenda.all()  # type: ignore[attr-defined]


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=_("Minutes"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18})
    )


class LayOutForm(forms.Form):
    until = forms.DateTimeField(label=_("Amendments until"), widget=MOMENT)


class AmendmentForm(forms.Form):
    passage = forms.CharField(
        label=_("Passage"),
        max_length=500,
        help_text=_("Copied exactly as it stands in the minutes."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wording = forms.CharField(
        label=_("Should read"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _lines(answers: Iterable[tuple[str, str]]) -> str:
    return "\n".join(" | ".join(filter(None, answer)) for answer in answers)


_ANSWERS = _lines((text, english) for text, english, _favour in ANSWERS)


class QuestionForm(forms.Form):
    question = forms.CharField(label=_("Question of the vote"), max_length=200)
    answers = forms.CharField(
        label=pgettext_lazy("vote", "Answers"), max_length=2000, initial=_ANSWERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, first the one that counts for the proposal; English after a |."),
    )  # fmt: skip
    session: Any = forms.ModelChoiceField(
        Session.objects.none(), label=_("In the session"), required=False,
        empty_label=_("No: outside a session"),
    )  # fmt: skip
    roll: Any = forms.ModelChoiceField(
        Roll.objects.none(), label=_("By the roll"), required=False,
        empty_label=_("No: the members of the session"),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("One vote for"), choices=Vote.Unit.choices)
    is_secret = forms.BooleanField(label=_("Secret: nobody sees what anyone voted"), required=False)
    closes_at = forms.DateTimeField(label=_("Closes"), widget=MOMENT)
    most_proxies = forms.IntegerField(
        label=_("Proxies one person holds at most"), min_value=0, max_value=5, initial=2
    )

    @staticmethod
    def content_of(vote: Vote) -> dict[str, Any]:
        """What the form says of a vote that stands."""
        said = {name: getattr(vote, name) for name in QuestionForm.base_fields if name != "answers"}
        rows = vote.options.order_by("-is_favour", "order")
        return said | {"answers": _lines((row.text, row.text_en) for row in rows)}

    def __init__(self, *args: Any, consultation: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["roll"].queryset = _rolls(consultation)  # type: ignore[attr-defined]
        rows = consultation.sessions.filter(state__in=["planned", "open"])
        self.fields["session"].queryset = rows  # type: ignore[attr-defined]

    def clean_answers(self) -> tuple[tuple[str, str, bool], ...]:
        """(text, English, in favour): the first is for the proposal."""
        said = [line.split("|", 1) for line in self.cleaned_data["answers"].splitlines()]
        found = [(row[0].strip(), row[-1].strip() if len(row) > 1 else "") for row in said]
        found = [row for row in found if row[0]]
        if len({text for text, _english in found}) < len(found):
            raise forms.ValidationError(_("Two answers read the same."))
        if any(len(text) > 80 or len(english) > 120 for text, english in found):
            raise forms.ValidationError(_("An answer has at most 80 characters, 120 in English."))
        return tuple((*row, place == 0) for place, row in enumerate(found))


class PapersForm(forms.Form):
    """How many without a name for a secret vote; for an open one there is nothing to say."""

    number = forms.IntegerField(label=_("How many papers"), min_value=1, max_value=5000)

    def __init__(self, *args: Any, vote: Vote, **more: Any) -> None:
        super().__init__(*args, **more)
        if not vote.is_secret:
            del self.fields["number"]


class SpoiltForm(forms.Form):
    number = forms.IntegerField(
        label=_("Number of the paper"), min_value=1, max_value=1_000_000,
        help_text=_("It stands at the top of the paper."),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Why it cannot be used"), choices=SpoiltPaper.Reason, widget=forms.RadioSelect
    )


class ReadForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the paper"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    option = forms.ChoiceField(label=_("What stands on it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, vote: Vote, **more: Any) -> None:
        super().__init__(*args, **more)
        self.options = {str(row.pk): row for row in vote.options.all()}
        self.fields["option"].choices = [  # type: ignore[attr-defined]
            *((key, str(row)) for key, row in self.options.items()),
            (NOT_VALID, _("Not valid")),
        ]

    def clean_option(self) -> VoteOption | None:
        """None: said to be not valid; a paper on which nothing was chosen is not let through."""
        return self.options.get(self.cleaned_data["option"])


class ProxyForm(forms.Form):
    holder: Any = forms.ModelChoiceField(None, label=_("Who votes instead"))
    paper = forms.CharField(
        label=_("The written proxy"),
        max_length=120,
        help_text=_("Its date, and where it is kept."),
    )

    def __init__(self, *args: Any, giver: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        household = giver.vote.entitlements.filter(household=giver.household)
        self.fields["holder"].queryset = household.exclude(pk=giver.pk)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer of a vote: large, one under the other, and a box to say that it is meant so."""

    option: Any = forms.ModelChoiceField(
        VoteOption.objects.none(), label=_("Your answer"), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip
    right = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, vote: Vote, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["option"].queryset = vote.options.all()  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
