"""Forms of wishes and neighbours' help."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funding.forms.amounts import YuanField
from funding.models import Line, Purpose
from grids.models import Level, Territory
from lib.fen import NotAnAmount, parse_yuan
from organizations.models import Skill
from volunteers.forms.time_bank import HoursField
from volunteers.models import HelpPost, Wish
from volunteers.services.taking import Good
from volunteers.services.wishes import Asked

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CommunityField(forms.ModelChoiceField):
    """The communities of the day."""

    def __init__(self, **more: Any) -> None:
        rows = Territory.objects.at_level(Level.COMMUNITY).filter(valid_to=None).order_by("code")
        super().__init__(rows, empty_label=_("Choose …"), **more)


class WishForm(forms.Form):
    """A wish as its asker writes it."""

    community = CommunityField(label=_("Community"))
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=Wish.Kind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("The wish in a few words"), max_length=80)
    text = forms.CharField(
        label=_("Why, and what exactly"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only workers of the community read this."),
    )
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=500, initial=1)
    amount = YuanField(label=_("Worth of one (yuan)"), help_text=_("For money: the amount."))
    needed_by = forms.DateField(label=_("Needed by"), widget=DAY)
    is_private = forms.BooleanField(
        label=_("Not on the public list; the community finds somebody"), required=False
    )
    tell = forms.ChoiceField(
        label=_("What may be told afterwards"),
        choices=Wish.Tell.choices,
        initial=Wish.Tell.STORY,
        widget=forms.RadioSelect,
    )
    for_name = forms.CharField(
        label=_("For somebody else: name"),
        max_length=60,
        required=False,
        help_text=_("Workers ask for people who cannot. Empty: for yourself."),
    )
    for_phone = forms.CharField(label=_("Their telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, is_worker: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_worker:
            del self.fields["for_name"], self.fields["for_phone"]

    @property
    def asked(self) -> Asked:
        given = {name: value for name, value in self.cleaned_data.items() if name != "community"}
        return Asked(**given)


class PublicForm(forms.Form):
    """The words that everybody reads."""

    title = forms.CharField(label=_("Public wording"), max_length=80)
    text = forms.CharField(
        label=_("Public text"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Nobody may be recognised: no name, number, house or photo."),
    )


class TakeForm(forms.Form):
    quantity = forms.IntegerField(label=_("How many"), min_value=1, initial=1)
    whom = forms.ChoiceField(label=_("I take it up"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, whom: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]  # of a choice field
        self.fields["whom"].initial = whom[0][0]


class DeliverForm(forms.Form):
    note = forms.CharField(
        label=pgettext_lazy("volunteers", "What was done"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    goods = forms.CharField(
        label=_("Things that were brought"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One a line: thing, how many, value in yuan, for instance: rice cooker, 1, 199"
        ),
    )

    def clean_goods(self) -> list[Good]:
        lines = [line for line in self.cleaned_data["goods"].splitlines() if line.strip()]
        return [_good(line, place) for place, line in enumerate(lines, start=1)]


def _good(line: str, place: int) -> Good:
    parts = [part.strip() for part in line.replace("，", ",").rsplit(",", 2)]
    try:
        name, quantity, value = parts
        good = Good(name[:80], int(quantity), parse_yuan(value))
    except (ValueError, NotAnAmount) as error:
        text = _("Line %(place)d: write thing, how many, value, with commas between.")
        raise ValidationError(text % {"place": place}) from error
    if not name or not 1 <= good.quantity <= 10_000 or good.value < 0:
        raise ValidationError(_("Line %(place)d: how many and what value?") % {"place": place})
    return good


class WordsForm(forms.Form):
    words = forms.CharField(
        label=pgettext_lazy("thanks", "Words"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class GiftForm(forms.Form):
    """To which line of donations the taker's money goes."""

    line = forms.ModelChoiceField(Line.objects.none(), label=_("Budget line"))
    may_name = forms.BooleanField(label=_("The giver may be named"), required=False)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # of this field


class KeepForm(forms.Form):
    """For which purpose money is kept; of a community's own line also from which."""

    line = forms.ModelChoiceField(Line.objects.none(), label=_("Budget line"))
    purpose = forms.ModelChoiceField(Purpose.objects.none(), label=_("Purpose"))

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]  # of this field
        allowed = Purpose.objects.filter(lines__line__in=lines).distinct()
        self.fields["purpose"].queryset = allowed.order_by("code")  # type: ignore[attr-defined]


class HelpForm(forms.Form):
    """An offer or a request."""

    community = CommunityField(label=_("Community"))
    kind = forms.ChoiceField(
        label=_("Offer or request"), choices=HelpPost.Kind.choices, widget=forms.RadioSelect
    )
    field = forms.ChoiceField(
        label=_("What kind of help"), choices=HelpPost.Field.choices, widget=forms.RadioSelect
    )
    skill = forms.ModelChoiceField(
        Skill.objects.order_by("code"), label=_("Skill"), required=False, empty_label=_("None")
    )
    title = forms.CharField(label=_("In a few words"), max_length=80)
    text = forms.CharField(
        label=_("More"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = HoursField(label=_("About how many hours"), initial=60)
    settles = forms.BooleanField(
        label=_("Settle in the time bank, if the other side wishes it too"), required=False
    )
    until = forms.DateField(label=_("Until"), widget=DAY)


class AnswerForm(forms.Form):
    minutes = HoursField(label=_("Hours"))
    settles = forms.BooleanField(label=_("Settle in the time bank"), required=False)
    words = forms.CharField(
        label=_("Message"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
