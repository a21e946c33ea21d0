"""How rows of any catalogue are spelled out: cells of a list, facts, steps of a history."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.forms import Field
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from organizations.catalogues.described import Catalogue, Column, Text, of_model
from organizations.forms.catalogues import WEEKDAYS
from organizations.models import ChangeRecord

NOTHING = "—"
# Recorded with a row, though no columns of it.
BESIDE_COLUMNS = {"duty_hours": _later("Duty hours"), "second_factor": _later("Second step")}
_SHORT = 12
ACTIONS = {
    "create": ("plus", "done"),
    "end": ("flag", "ended"),
    "delete": ("trash", "ended"),
    "lock": ("lock", "overdue"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    label: Text
    text: str

    @property
    def is_short(self) -> bool:
        """A date, a code, a number: not to be broken across lines."""
        return len(self.text) <= _SHORT


@dataclass(frozen=True, slots=True)
class Difference:
    label: Text
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change record, spelled out."""

    record: ChangeRecord
    title: str
    icon: str
    tone: str
    differences: list[Difference]


def field_named(model: type[models.Model], name: str) -> Any:
    """The field with this name or column name, or None."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return next((field for field in fields if name in {field.name, field.attname}), None)


def label_of(model: type[models.Model], name: str) -> Text:
    """As the form says it; else the column's own name."""
    if name in BESIDE_COLUMNS:
        return BESIDE_COLUMNS[name]
    field = field_named(model, name)
    typed = _typed_as(model, field.name if field is not None else name)
    if typed is not None and typed.label:
        return typed.label
    text = str(field.verbose_name) if field is not None else name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _typed_as(model: type[models.Model], name: str) -> Field | None:
    catalogue = of_model(model._meta.label_lower)
    if catalogue is None or catalogue.form is None:
        return None
    return catalogue.form.base_fields.get(name)


def spelled(value: Any) -> str:
    """Any value as a reader expects it, in the reader's language."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date | datetime.time):
        return _spelled_time(value)
    if isinstance(value, int):
        return str(formats.number_format(value, use_l10n=True))
    return ", ".join(map(spelled, value)) if isinstance(value, list) else str(value)


def _spelled_time(value: datetime.date | datetime.time) -> str:
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, datetime.date) else f"{value:%H:%M}"


def value_of(row: Any, name: str) -> str:
    """A column of a row: choices by their labels, links by their texts."""
    field = field_named(type(row), name)
    if field is not None and field.many_to_many:
        return spelled(list(getattr(row, name).all()))
    if field is not None and field.choices:
        return str(getattr(row, f"get_{field.name}_display")() or NOTHING)
    return spelled(getattr(row, name))


def columns_of(catalogue: Catalogue) -> list[Column]:
    return [
        column if isinstance(column, Column) else Column(label_of(catalogue.model, column), column)
        for column in catalogue.columns
    ]


def cells_of(row: Any, columns: Iterable[Column]) -> list[Cell]:
    return [
        Cell(
            column.label,
            value_of(row, column.value)
            if isinstance(column.value, str)
            else spelled(column.value(row)),
        )
        for column in columns
    ]


def facts_of(catalogue: Catalogue, row: Any) -> list[Cell]:
    """Everything that the form knows of a row, and when it ends."""
    names = list(catalogue.form._meta.fields or []) if catalogue.form is not None else []
    if not names:
        names = [field.name for field in catalogue.model._meta.fields if not field.primary_key]
    if catalogue.is_dated and "valid_to" not in names:
        names.append("valid_to")
    facts = [Cell(label_of(catalogue.model, name), value_of(row, name)) for name in names]
    return facts + cells_of(row, catalogue.also)


def history_of(row: models.Model, *, limit: int = 30) -> list[Step]:
    """The newest changes of a row, newest first; a fixed number of queries for any number."""
    records = list(ChangeRecord.objects.of(row).select_related("by").order_by("-number")[:limit])
    return steps_of(type(row), records)


def steps_of(model: type[models.Model], records: list[ChangeRecord]) -> list[Step]:
    texts = _texts_of_links(model, records)
    return [
        Step(
            record,
            action_label(record.action),
            *ACTIONS.get(record.action, ("pencil", "work")),
            differences=_differences(model, record, texts),
        )
        for record in records
    ]


def action_label(action: str) -> str:
    return {
        "create": _("Made"),
        "change": _("Changed"),
        "move": _("Moved"),
        "end": _("Ended"),
        "delete": _("Removed"),
        "lock": _("Locked"),
        "unlock": _("Opened again"),
        "password": _("Password set"),
        "second_factor": _("Second step changed"),
    }.get(action, action)


Texts = Mapping[str, Mapping[Any, str]]


def _differences(model: type[models.Model], record: ChangeRecord, texts: Texts) -> list[Difference]:
    return [
        Difference(
            label_of(model, name),
            _kept_text(model, name, record.before.get(name), texts),
            _kept_text(model, name, record.after.get(name), texts),
        )
        for name in sorted({*record.before, *record.after})
        if name != "id"
    ]


def _kept_text(model: type[models.Model], name: str, value: Any, texts: Texts) -> str:
    if name == "duty_hours":
        return spelled([f"{WEEKDAYS[day]} {first}–{last}" for day, first, last in value or []])
    if name in texts:
        keys = value if isinstance(value, list) else [value]
        return (
            ", ".join(texts[name].get(key, str(key)) for key in keys if key is not None) or NOTHING
        )
    field = field_named(model, name)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, spelled(value)))
    return spelled(value)


def _texts_of_links(model: type[models.Model], records: Iterable[ChangeRecord]) -> Texts:
    """What the keys in records of linking columns stand for: one query for each such column."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for record in records:
        for name, value in [*record.before.items(), *record.after.items()]:
            field = field_named(model, name)
            if field is not None and field.is_relation:
                keys[name].update(value if isinstance(value, list) else [value])
    return {
        name: {
            row.pk: str(row)
            for row in field_named(model, name).related_model._default_manager.filter(
                pk__in=wanted - {None}
            )
        }
        for name, wanted in keys.items()
    }
