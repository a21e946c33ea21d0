"""Forms of teams, rosters, leave and swaps."""

import re
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import DutyShift, ShiftKind, TeamRole
from lib.identifiers import is_mobile
from organizations.forms.catalogues import DAY
from organizations.models import Post

_LANDLINE = re.compile(r"0\d{2,3}-?\d{5,8}|\d{5,8}")
_TIME = forms.TimeInput(attrs={"type": "time"})


def check_phone(said: str) -> str:
    if said and not (is_mobile(said) or _LANDLINE.fullmatch(said)):
        raise forms.ValidationError(_("Write a telephone number such as 0769-12345678."))
    return said


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person} {obj.title_shown}".strip()


class CandidateField(ColleagueField):
    """Somebody with their body: a town has many of one name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{super().label_from_instance(obj)} · {obj.body}"


class MemberForm(forms.Form):
    """`posts`: who may take a part, with names."""

    role = forms.ChoiceField(label=_("Role in the team"), choices=TeamRole)
    post = CandidateField(
        Post.objects.none(),
        label=_("Who joins"),
        required=False,
        empty_label=_("Somebody from another office, named below"),
        help_text=_("People of the bodies that answer for this place."),
    )
    name = forms.CharField(
        label=_("Or the name of somebody from another office"), max_length=60, required=False
    )
    house = forms.CharField(label=_("Works for"), max_length=80, required=False)
    phone = forms.CharField(label=_("Official telephone"), max_length=30, required=False)
    shows_name = forms.BooleanField(
        label=_("This person agrees that residents read the name"), required=False
    )
    since = forms.DateField(label=_("Since"), widget=DAY)

    def __init__(self, *args: Any, posts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined] # a choice of rows

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"].strip())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("post")) == bool(given.get("name")):
            self.add_error("post", _("Choose a post, or name somebody from another office."))
        return given


class OutsiderForm(forms.Form):
    """What stands of a member who works for another office."""

    house = forms.CharField(label=_("Works for"), max_length=80, required=False)
    phone = forms.CharField(label=_("Official telephone"), max_length=30, required=False)
    shows_name = forms.BooleanField(
        label=_("This person agrees that residents read the name"), required=False
    )

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"].strip())


class PatternForm(forms.Form):
    signs = forms.CharField(
        label=_("Pattern"),
        max_length=62,
        help_text=_("One sign for each day, for example 早早中中休休; 休 is a free day."),
    )
    first = forms.DateField(label=_("First day"), widget=DAY)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=92, initial=28)
    step = forms.IntegerField(
        label=_("Each next person begins so many days later"), min_value=0, max_value=31, initial=1
    )


class ShiftForm(forms.Form):
    day = forms.DateField(label=pgettext_lazy("shift", "Day"), widget=DAY)
    kind = forms.ModelChoiceField(
        ShiftKind.objects.none(),
        label=_("Shift"),
        required=False,
        empty_label=pgettext_lazy("a day", "Free"),
    )

    def __init__(self, *args: Any, kinds: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined] # a choice of rows


class LeaveForm(forms.Form):
    post = ColleagueField(Post.objects.none(), label=_("My post"), empty_label=None)
    first_day = forms.DateField(label=_("First day"), widget=DAY)
    last_day = forms.DateField(label=_("Last day"), widget=DAY)
    stand_in = ColleagueField(
        Post.objects.none(), label=_("Who stands in"), required=False, empty_label=_("Nobody")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, mine: Any, colleagues: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["post"].queryset = mine  # type: ignore[attr-defined] # a choice of rows
        self.fields["stand_in"].queryset = colleagues  # type: ignore[attr-defined] # the same

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not lie before the first."))
        return given


class ShiftField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{date_format(obj.day, 'MONTH_DAY_FORMAT')} {obj.kind} · {obj.post.person}"


class SwapForm(forms.Form):
    mine = ShiftField(DutyShift.objects.none(), label=_("My shift"), empty_label=None)
    theirs = ShiftField(DutyShift.objects.none(), label=_("For this one"), empty_label=None)

    def __init__(self, *args: Any, mine: Any, theirs: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["mine"].queryset = mine  # type: ignore[attr-defined] # a choice of rows
        self.fields["theirs"].queryset = theirs  # type: ignore[attr-defined] # the same


class CardForm(forms.Form):
    shows_name = forms.BooleanField(label=_("Residents may read my whole name"), required=False)
    phone = forms.CharField(
        label=_("Official telephone for residents"),
        max_length=30,
        required=False,
        help_text=_("Not your private number. Empty: residents read the community's telephone."),
    )

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"].strip())


class ShiftKindForm(forms.ModelForm):
    class Meta:
        model = ShiftKind
        fields = ["code", "name", "name_en", "mark", "starts", "ends", "valid_from"]
        widgets = {"valid_from": DAY, "starts": _TIME, "ends": _TIME}
