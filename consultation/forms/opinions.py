"""What people type to say what they think, and hosts to moderate and answer."""

import uuid
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from consultation.models import HideReason, Outcome, Stand
from organizations.forms.residents import NumberField
from organizations.models import Level

LONGEST_DRAFT = 200_000
LARGEST_FILE = 1024 * 1024


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleaned to a list. What they are is judged by their content, later."""

    widget = SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


def _text(label: Any, *, rows: int, most: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, widget=forms.Textarea({"rows": rows})
    )


class ReplyForm(forms.Form):
    text = _text(_("Your reply"), rows=3, most=2000)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())

    def clean_website(self) -> str:
        """A field that people do not see: what fills it in is a machine."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This could not be taken."), code="machine")
        return ""


class OpinionForm(ReplyForm):
    field_order: tuple[str, ...] = ("stand", "text", "files", "is_confidential")
    stand = forms.ChoiceField(
        label=_("What do you say to it?"), choices=Stand, widget=forms.RadioSelect
    )
    text = _text(
        _("What do you think, and why?"),
        rows=6,
        most=2000,
        hint=_("A few sentences are enough. Leave out names and numbers of others."),
    )
    files = FilesField(  # type: ignore[assignment]  # a field of this name, as pages send it
        label=_("Photos or PDF"),
        help_text=_("Up to four. They are shown once a person has looked at them."),
        required=False,
    )
    is_confidential = forms.BooleanField(
        label=_("Only the host may read it; it still counts"), required=False
    )


class AssistedForm(OpinionForm):
    """A clerk writes down what somebody says."""

    field_order = ("shown_as", "phone", "stand", "text", "files", "is_confidential")
    shown_as = forms.CharField(
        label=_("How the person wants to be named"), max_length=20, required=False
    )
    phone = NumberField(
        label=_("Number of their account"),
        help_text=_("If they have one: the answer reaches them there."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("shown_as") and not given.get("phone") and "phone" not in self.errors:
            self.add_error("shown_as", _("Write how the person wants to be named."))
        return given


class EditForm(forms.Form):
    stand = forms.ChoiceField(
        label=_("What do you say to it?"), choices=Stand, widget=forms.RadioSelect
    )
    text = _text(_("What do you think, and why?"), rows=6, most=2000)


class AppealForm(forms.Form):
    text = _text(_("Why it should be shown"), rows=3, most=500)


class HideForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=HideReason)
    note = forms.CharField(label=_("Explanation"), max_length=300, required=False)


class DecideForm(forms.Form):
    show = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("show it again")), ("no", _("it stays hidden"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Explanation"), max_length=300)


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What becomes of it"), choices=Outcome)
    reason = _text(
        _("Why"),
        rows=4,
        most=2000,
        hint=_("Everybody reads it, and each author is told."),
    )


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("Who may speak"),
        coerce=int,
        choices=[
            (Level.NONE, _("everybody, also without signing in (released one by one)")),
            (Level.PHONE, _("who has confirmed a telephone number")),
            (Level.REGISTERED, _("who is registered with a name")),
            (Level.VERIFIED, _("confirmed residents")),
        ],
    )


class DraftForm(forms.Form):
    """The text itself, or a file with it: plain text or Markdown, UTF-8 or GB 18030."""

    title = forms.CharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("File with the text"),
        help_text=_("Text or Markdown (.txt, .md). Or write the text below."),
        required=False,
        validators=[FileExtensionValidator(["txt", "md"])],
        widget=forms.FileInput(attrs={"accept": ".txt,.md,text/plain,text/markdown"}),
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("Each article begins on a line of its own with 第…条. Markdown is understood."),
        max_length=LONGEST_DRAFT,
        widget=forms.Textarea({"rows": 14}),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why it was changed"),
        help_text=_("From the second version on."),
        max_length=300,
        required=False,
    )

    def clean_file(self) -> str:
        """The words in it; empty without one."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large: at most 1 MB."))
        content = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        raise forms.ValidationError(_("This file holds no text that can be read."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["text"] = given.pop("file", "") or given.get("text", "")
        if not given["text"].strip() and not self.errors:
            self.add_error("text", _("Choose a file, or write the text."))
        return given
