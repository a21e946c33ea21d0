"""What hosts, screeners and the party organisation enter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import (
    Blueprint,
    Consultation,
    ListedMatter,
    Publication,
    PublicationKind,
    Publicity,
    Topic,
)
from consultation.workflow import TopicState

ROWS = forms.Textarea(attrs={"rows": 5})
LONG = forms.Textarea(attrs={"rows": 14})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it."),
    )  # fmt: skip


class ReviewForm(ReasonForm):
    passed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Passed")), ("no", _("Not passed"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ["passed", "reason"]


class ReopenForm(ReasonForm):
    key = forms.ChoiceField(label=_("Begin again with"))

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["key"].choices = reached(consultation)


def reached(consultation: Consultation) -> list[tuple[str, str]]:
    """Stages that a consultation may begin again with."""
    rows = consultation.stages.standing().filter(opened_at__isnull=False)
    return [(stage.key, str(stage)) for stage in rows]


class DraftForm(forms.Form):
    """A new consultation: its form, its words, and the listed topic it takes up."""

    blueprint: forms.ModelChoiceField = forms.ModelChoiceField(
        Blueprint.objects.none(), label=_("form"), empty_label=None, widget=forms.RadioSelect
    )
    topic: forms.ModelChoiceField = forms.ModelChoiceField(
        Topic.objects.none(), label=pgettext_lazy("of consultations", "topic"), required=False
    )
    title = forms.CharField(label=pgettext_lazy("a consultation", "title"), max_length=120)
    text = forms.CharField(
        label=_("what it is about"), max_length=5000, widget=ROWS,
        help_text=_("Everybody reads it: no names, numbers or doors of residents."),
    )  # fmt: skip
    publicity = forms.ChoiceField(
        label=_("publicity"), choices=Publicity.choices, initial=Publicity.PUBLIC
    )

    def __init__(self, *args: Any, on: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["blueprint"].queryset = Blueprint.objects.valid_on(on).in_order()
        fields["topic"].queryset = topics.filter(state=TopicState.LISTED).order_by("-pk")


class PaperForm(forms.Form):
    """Words of a paper as they are written; what is published is read again afterwards."""

    kind = forms.ChoiceField(label=_("what is published"), choices=PublicationKind.choices)
    title = forms.CharField(label=pgettext_lazy("a consultation", "title"), max_length=120)
    text = forms.CharField(label=_("text"), max_length=20_000, widget=LONG)
    reason = forms.CharField(label=_("reason of the change"), max_length=300, required=False)

    def __init__(
        self, *args: Any, paper: Publication | None, kinds: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kinds
        if paper is not None:
            del fields["kind"]
            fields["reason"].required = paper.is_out
        if paper is None or not paper.is_out:
            del fields["reason"]


class ReleaseForm(forms.Form):
    """The masked text, read and corrected by a person who answers for it."""

    title = forms.CharField(label=_("title as everybody reads it"), max_length=120)
    public_text = forms.CharField(
        label=_("text as everybody reads it"), max_length=20_000, widget=LONG
    )
    confirmed = forms.BooleanField(
        label=_("I have read the text and the files: no private person can be recognised."),
        required=False,
    )


class PaperFileForm(forms.Form):
    file = forms.FileField(
        label=_("file"), help_text=_("PDF, picture, DOCX or XLSX, without personal details.")
    )


class AnswerForm(forms.Form):
    public_text = forms.CharField(
        label=_("objection as everybody reads it"), max_length=2000, widget=ROWS
    )
    answer = forms.CharField(label=_("answer"), max_length=2000, widget=ROWS)


class UpholdForm(AnswerForm):
    key = forms.ChoiceField(label=_("Begin again with"))

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["key"].choices = reached(consultation)


class ScreenForm(forms.Form):
    """The entry it belongs to, the words everybody will read, and the reason."""

    matter: forms.ModelChoiceField = forms.ModelChoiceField(
        ListedMatter.objects.none(), label=_("entry of the content list")
    )
    public_title = forms.CharField(label=_("title as everybody reads it"), max_length=80)
    public_text = forms.CharField(
        label=_("words as everybody reads them"), max_length=2000, widget=ROWS
    )
    repeats: forms.ModelChoiceField = forms.ModelChoiceField(
        Topic.objects.none(), label=_("repeats"), required=False,
        help_text=_("An earlier topic about the same."),
    )  # fmt: skip
    new_facts = forms.CharField(label=_("what is new"), max_length=500, required=False)
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, entries: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["matter"].queryset = entries
        fields["repeats"].queryset = earlier


class DeclineForm(ReasonForm):
    matter: forms.ModelChoiceField = forms.ModelChoiceField(
        ListedMatter.objects.none(), label=_("entry of the content list"), required=False
    )
    field_order = ["matter", "reason"]

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["matter"].queryset = entries
