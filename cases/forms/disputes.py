"""Forms with a reason from a list, and the committee's decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.moves import MoveForm, SendForm
from cases.models import Reason


class ReasonForm(MoveForm):
    """A reason from the list that holds today, and words."""

    reason: forms.ModelChoiceField = forms.ModelChoiceField(
        Reason.objects.none(), label=_("Reason"), empty_label=None, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In your words"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def prepare(self) -> None:
        listed = Reason.objects.for_move(self.move, on=self.on)
        self.offer("reason", listed)
        if not listed:
            del self.fields["reason"]


class RejectForm(ReasonForm):
    """The resident reads both: the words of the list name the right channel."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].help_text = _(
            "The resident reads this together with the right channel for the reason chosen."
        )


class AdjudicateForm(SendForm):
    """Body, person, money: the decision binds, and the router follows it from now on."""

    reason_to_act_first = forms.CharField(
        label=_("Without a budget line: why it cannot wait"), required=False, max_length=300
    )

    def prepare(self) -> None:
        super().prepare()
        del self.fields["beyond_capacity"]
        self.fields["note"] = forms.CharField(
            label=_("Decision and its basis"),
            max_length=1000,
            widget=forms.Textarea({"rows": 3}),
        )
