"""What everybody may send: a topic, an objection, a fingerprint or text to verify."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import Topic
from grids.models import Level, Territory

NOT_PUBLISHED = _("Only those who deal with it read it. It is never published.")
TRAP = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})


class ContactForm(forms.Form):
    contact_name = forms.CharField(
        label=_("your name"), max_length=40, required=False, help_text=NOT_PUBLISHED
    )
    contact_phone = forms.CharField(
        label=_("your telephone number"), max_length=30, required=False, help_text=NOT_PUBLISHED
    )
    website = forms.CharField(required=False, widget=TRAP)


class TopicForm(ContactForm):
    community: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.none(),
        label=_("Your community"),
        to_field_name="code",
        empty_label=_("Choose your community"),
    )
    title = forms.CharField(label=_("What should be consulted on?"), max_length=80)
    text = forms.CharField(
        label=_("What is it about, and what would help?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    field_order = ["community", "title", "text", "contact_name", "contact_phone", "website"]

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["community"].queryset = communities(on)


class WorkerTopicForm(forms.Form):
    """A topic that a worker or the committee brings in, or writes down for a resident."""

    source = forms.ChoiceField(
        label=_("where it comes from"),
        choices=[
            choice for choice in Topic.Source.choices if choice[0] not in {"hot_topic", "case"}
        ],
    )
    community: forms.ModelChoiceField = forms.ModelChoiceField(
        Territory.objects.none(), label=_("community"), to_field_name="code"
    )
    title = forms.CharField(label=pgettext_lazy("a consultation", "title"), max_length=80)
    text = forms.CharField(
        label=_("what it is about"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    case_number = forms.CharField(label=_("Number of a case"), max_length=30, required=False)

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["community"].queryset = communities


def communities(on: Any) -> Any:
    """Communities that exist on that day."""
    return Territory.objects.at_level(Level.COMMUNITY).valid_on(on).order_by("code")


class FollowForm(forms.Form):
    number = forms.CharField(label=_("number"), max_length=20)
    code = forms.CharField(label=_("query code"), max_length=12)


class ImportanceForm(forms.Form):
    importance = forms.TypedChoiceField(
        label=_("How much do you want it?"),
        choices=[
            (5, _("5 – now")), (4, _("4 – soon")), (3, _("3 – some time")), (2, _("2 – later")),
            (1, _("1 – can wait")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip


class ObjectionForm(ContactForm):
    text = forms.CharField(
        label=_("What do you object to, and why?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    field_order = ["text", "contact_name", "contact_phone", "website"]


class VerifyForm(forms.Form):
    fingerprint = forms.CharField(
        label=_("Fingerprint"), max_length=100, required=False,
        help_text=_("At least its first 16 characters, as they are printed below the text."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or paste title and text"), max_length=30_000, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    file = forms.FileField(label=_("Or choose the file"), required=False)
