"""Forms of reference data: shape only; `organizations.services` and the tables decide."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.renderers import BaseRenderer
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lib.identifiers import is_credit_code
from lib.registry import wordings
from lib.sheets import text_of
from organizations.models import (
    Body,
    BodyKind,
    CalendarDay,
    DutyHours,
    NotificationRule,
    Post,
    Skill,
    User,
    WorkingPeriod,
)

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class Suggested(forms.TextInput):
    """A text input that suggests rows of a catalogue while one types (`suggest.js`)."""

    def __init__(self, catalogue: str) -> None:
        super().__init__(attrs={"autocomplete": "off", "maxlength": 120})
        self.catalogue = catalogue

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = f"{(attrs or {}).get('id', name)}_options"
        source = reverse("organizations:catalogue_suggest", args=[self.catalogue])
        attrs = {**(attrs or {}), "list": options, "data-suggest": source}
        control = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}"></datalist>', control, options)


class RowField(forms.ModelChoiceField):
    """A row chosen by its code or, where only one has it, by its name: for long catalogues.

    A text such as `body-7 城管办` is read by its first word, so that a suggestion says both.
    """

    default_error_messages = {
        "invalid_choice": _("Nothing has this code or name. Choose one of the suggestions."),
        "ambiguous": _("Several have this name. Give the code."),
    }

    def __init__(
        self, rows: Any, *, catalogue: str, code: str = "code", name: str = "name", **more: Any
    ) -> None:
        self.code, self.name = code, name
        super().__init__(rows, widget=Suggested(catalogue), to_field_name=code, **more)

    def _rows(self) -> models.QuerySet[Any]:
        return cast("models.QuerySet[Any]", self.queryset)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            return f"{getattr(value, self.code)} {value}"
        if isinstance(value, int):
            row = self._rows().filter(pk=value).first()
            return self.prepare_value(row) if row is not None else value
        return value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if text in self.empty_values:
            return None
        rows = self._rows()
        found = list(rows.filter(**{self.code: text.split()[0]})[:1])
        found = found or list(rows.filter(**{self.name: text})[:2])
        if len(found) > 1:
            raise ValidationError(self.error_messages["ambiguous"], code="ambiguous")
        if not found:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[0]


class BodyField(RowField):
    def __init__(self, **more: Any) -> None:
        super().__init__(Body.objects.all(), catalogue="bodies", **more)


class PersonField(RowField):
    def __init__(self, **more: Any) -> None:
        rows = User.objects.filter(is_active=True, is_resident=False)
        super().__init__(rows, catalogue="people", code="username", name="full_name", **more)


class LinesField(forms.CharField):
    """Several short texts, one on each line; a list of them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **more)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class EndForm(forms.Form):
    """From which day on a row holds no more."""

    on = forms.DateField(label=_("Ends on (that day no longer included)"), widget=DAY)


class BodyForm(forms.ModelForm):
    parent = BodyField(label=_("Below which body"), required=False)

    class Meta:
        model = Body
        fields = [
            "kind", "code", "name", "name_en", "short_name", "parent", "phone", "uscc",
            "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY}

    def clean_uscc(self) -> str:
        code: str = self.cleaned_data["uscc"].upper()
        if code and not is_credit_code(code):
            raise ValidationError(_("This is no unified social credit code (GB 32100)."))
        return code


class BodyKindForm(forms.ModelForm):
    class Meta:
        model = BodyKind
        fields = ["code", "nature", "name", "name_en"]


class SkillForm(forms.ModelForm):
    class Meta:
        model = Skill
        fields = ["code", "name", "name_en"]


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "full_name", "full_name_en", "phone", "email"]


class PostForm(forms.ModelForm):
    person = PersonField(label=_("Person"))
    body = BodyField(label=_("Body"))

    class Meta:
        model = Post
        fields = [
            "person", "body", "role", "title", "title_en", "capacity", "skills", "valid_from",
        ]  # fmt: skip
        widgets = {"valid_from": DAY, "skills": forms.CheckboxSelectMultiple}


class DutyHoursForm(forms.Form):
    """One line a weekday, such as `08:30-12:00, 14:30-17:30`; empty: not on duty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = forms.CharField(label=name, required=False, max_length=60)
        self.fields["day0"].help_text = _("For example 08:30-12:00, 14:30-17:30")

    def clean(self) -> dict[str, Any]:
        hours = []
        for number in range(7):
            try:
                hours += list(_hours(number, self.cleaned_data.get(f"day{number}", "")))
            except ValueError:
                self.add_error(f"day{number}", _("Write hours like 08:30-12:00, 14:30-17:30."))
        return {"hours": hours}

    @staticmethod
    def of(post: Post) -> dict[str, str]:
        """The form's beginning: what stands now."""
        return spelled_hours(post.duty_hours.order_by("weekday", "starts"))


def spelled_hours(rows: Iterable[DutyHours]) -> dict[str, str]:
    days: dict[str, list[str]] = {}
    for row in rows:
        days.setdefault(f"day{row.weekday}", []).append(f"{row.starts:%H:%M}-{row.ends:%H:%M}")
    return {day: ", ".join(hours) for day, hours in days.items()}


def _hours(weekday: int, text: str) -> Iterable[tuple[int, datetime.time, datetime.time]]:
    for part in text.replace("，", ",").replace("—", "-").replace("：", ":").split(","):
        if part.strip():
            first, last = part.split("-")
            yield (
                weekday,
                datetime.time.fromisoformat(first.strip().zfill(5)),
                datetime.time.fromisoformat(last.strip().zfill(5)),
            )


class CalendarDayForm(forms.ModelForm):
    class Meta:
        model = CalendarDay
        fields = ["day", "is_working", "reason"]
        widgets = {"day": DAY}


class WorkingPeriodForm(forms.ModelForm):
    class Meta:
        model = WorkingPeriod
        fields = ["starts", "ends", "valid_from"]
        widgets = {"starts": CLOCK, "ends": CLOCK, "valid_from": DAY}

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("starts") and typed.get("ends") and typed["starts"] >= typed["ends"]:
            self.add_error("ends", _("The period ends after it begins."))
        return typed


class NotificationRuleForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind of message"),
        choices=lambda: [("*", _("every message")), *kinds_of_messages()],
    )

    class Meta:
        model = NotificationRule
        fields = ["kind", "role", "channel", "timing", "urgent", "valid_from"]
        widgets = {"valid_from": DAY}


class _Blanks(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "…"


def kinds_of_messages() -> list[tuple[str, str]]:
    """Each kind with its sentence, blanks where a message names something."""
    return [(kind, f"{_sample(kind)} · {kind}") for kind in wordings.kinds()]


def _sample(kind: str) -> str:
    try:
        return wordings.sentence(kind, _Blanks())
    except (KeyError, TypeError, ValueError):
        return "…"  # a wording that reckons with what it is given


class TableForm(forms.Form):
    """A table that is pasted, or chosen as a CSV file, which then takes its place."""

    LARGEST = 2_000_000

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(
        label=_("Pasted rows"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        file = typed.get("file")
        if file is not None:
            typed["text"] = self._read(file)
        if not self.errors and not typed["text"].strip():
            self.add_error("text", _("Paste rows, or choose a file."))
        return typed

    def _read(self, file: Any) -> str:
        if file.size > self.LARGEST:
            self.add_error("file", _("The file is larger than 2 MB. Divide it."))
            return ""
        text = text_of(file.read())
        if text is None:
            self.add_error("file", _("Save the file as CSV in UTF-8."))
        return text or ""
