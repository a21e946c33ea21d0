"""Forms of requests: what the department asks for, and what two others answer."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import AnswerField, PhotosField, PhotosInput
from cases.forms.moves import SHOWN, MoveForm
from cases.models import Request
from lib.moments import midnight


class AskForm(MoveForm):
    """Why, with photos of what shows it (a sealed form, the site)."""

    note = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    photos = PhotosField(label=_("Photos or papers"), required=False, widget=PhotosInput(SHOWN))


class AskSuspensionForm(AskForm):
    until = forms.DateField(
        label=_("Work goes on by itself on"),
        help_text=_("A year from today at most."),
        widget=forms.DateInput({"type": "date"}),
    )
    field_order = ("until", "note", "photos")

    def prepare(self) -> None:
        first = self.on + datetime.timedelta(days=1)
        self.fields["until"].widget.attrs["min"] = first.isoformat()

    def arguments(self) -> dict[str, Any]:
        """The pause ends with the first second of the day."""
        return dict(self.cleaned_data) | {"until": midnight(self.cleaned_data["until"])}


class ReviewForm(MoveForm):
    """Yes, or no with the reason; what was asked for stands above."""

    granted = AnswerField(label=_("Answer"), yes=_("Grant it"), no=_("Refuse it"))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Write the reason if you refuse."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def prepare(self) -> None:
        kind = self.move.removeprefix("review_")
        self.asked: Request | None = self.case.requests.pending().filter(kind=kind).first()
