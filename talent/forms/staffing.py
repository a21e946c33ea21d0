"""Forms of coming, going and levels."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.forms.catalogues import DAY, PersonField
from organizations.models import Body
from talent.forms.selection import ROLES
from talent.forms.training import RowsField, offer
from talent.models import Team, TeamLevel
from talent.models.staffing import ENTRIES, EXITS


class EnterForm(forms.Form):
    person = PersonField(label=pgettext_lazy("to a post", "Who comes"))
    body = RowsField(Body, label=_("Body"))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    why = forms.ChoiceField(label=_("Why"), choices=[(one.value, one.label) for one in ENTRIES])
    day = forms.DateField(label=_("From"), widget=DAY)
    title = forms.CharField(label=_("Title of the post"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies.order_by("code"))


class LeaveForm(forms.Form):
    why = forms.ChoiceField(label=_("Why"), choices=[(one.value, one.label) for one in EXITS])
    day = forms.DateField(
        label=_("Until (excluded)"), widget=DAY, help_text=_("The first day without this post.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class LevelForm(forms.Form):
    team = RowsField(Team, label=_("Talent team"))
    level = RowsField(TeamLevel, label=_("Level"), required=False)
    day = forms.DateField(label=_("From"), widget=DAY)
    proof = forms.CharField(label=_("Certificate or decision"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        levels = TeamLevel.objects.valid_on(today).order_by("team__place", "rank")
        teams = Team.objects.valid_on(today).order_by("place")
        offer(self, team=teams, level=levels.select_related("team"))
