"""Forms of the looks before filing and of calls to the resident."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import AnswerField, PhotosField, PhotosInput
from cases.forms.moves import SHOWN, MoveForm


class VerifyForm(MoveForm):
    note = forms.CharField(
        label=_("What to look at"),
        help_text=_("The grid worker of the place gets it on the phone."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )


class VerifiedForm(MoveForm):
    """What the grid worker saw, on the spot."""

    found = AnswerField(label=_("Is it there?"), yes=_("Yes, found"), no=_("No, not found"))
    photos = PhotosField(label=_("Photos of the place"), required=False, widget=PhotosInput(SHOWN))
    note = forms.CharField(
        label=_("What you saw"),
        help_text=_("Words are enough where no photo can be taken."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )


class ContactForm(MoveForm):
    reached = AnswerField(
        label=_("Did somebody answer?"), yes=_("Yes, we spoke"), no=_("No answer")
    )
    note = forms.CharField(
        label=_("What was said"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )
