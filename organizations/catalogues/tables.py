"""Many rows of a catalogue at once, out of a table: each is read by the catalogue's own form.

Nothing is written unless every row holds, so that a table is mended and brought in as a whole.
"""

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from lib.languages import listed
from lib.sheets import CsvLines
from organizations.catalogues.described import Catalogue
from organizations.forms.catalogues import RowField
from organizations.models import User

MOST_ROWS = 2000
SEVERAL = "|"
_TRUTH = {"是": True, "yes": True, "1": True, "true": True}


@dataclass(slots=True)
class Line:
    """A row of the table: its number there, what it is called, what is wrong with it."""

    number: int
    name: str = ""
    problems: list[str] = field(default_factory=list)


def headings(catalogue: Catalogue) -> dict[str, str]:
    """Names of the form's fields by their headings, in the reader's language."""
    assert catalogue.form is not None  # noqa: S101 -- only catalogues with a form are edited
    return {str(bound.label): bound.name for bound in catalogue.form()}


def empty_table(catalogue: Catalogue) -> bytes:
    """A file with the headings only, to be filled in."""
    return CsvLines().of([list(headings(catalogue))])


def bring_in(
    catalogue: Catalogue, text: str, *, keep: bool, by: User, at: datetime.datetime
) -> list[Line]:
    """Make every row of the table; without `keep`, or where one is wrong, none stays.

    Columns are named by the form's labels or fields and stand apart by tabs or commas; several
    values in one cell stand apart by `|`. Raises RuleViolation where it is no such table.
    """
    rows = list(_rows(catalogue, text))
    with transaction.atomic():
        lines = [_made(catalogue, number, row, by, at) for number, row in enumerate(rows, start=2)]
        if not keep or any(line.problems for line in lines):
            transaction.set_rollback(True)
    return lines


def _rows(catalogue: Catalogue, text: str) -> Iterator[dict[str, str]]:
    known = headings(catalogue)
    known |= {name: name for name in known.values()}
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff\r\n")), delimiter=_mark_of(first))
    names = [name.strip() for name in next(lines, [])]
    strange = [name for name in names if name and name not in known]
    if strange or not any(names):
        said = _("Columns that are not known here: %(names)s.") % {"names": listed(strange)}
        raise RuleViolation(said if strange else _("There is no line of headings."), code="columns")
    rows = [cells for cells in lines if any(cell.strip() for cell in cells)]
    if not rows or len(rows) > MOST_ROWS:
        raise RuleViolation(_("Bring in between one and 2,000 rows."), code="number_of_rows")
    for cells in rows:
        pairs = zip(names, cells, strict=False)
        yield {known[name]: cell.strip() for name, cell in pairs if name}


def _mark_of(first: str) -> str:
    return "\t" if "\t" in first else ","


def _made(
    catalogue: Catalogue, number: int, row: Mapping[str, str], by: User, at: datetime.datetime
) -> Line:
    line = Line(number, next((cell for cell in row.values() if cell), ""))
    form = _form_of(catalogue, row, timezone.localdate(at))
    if not form.is_valid():
        line.problems = list(_said(form))
        return line
    try:
        with transaction.atomic():
            _demand_reach(catalogue, form, by, at)
            catalogue.made(form.cleaned_data, by=by, at=at)
    except RuleViolation as refusal:
        line.problems = [str(refusal)]
    return line


def _demand_reach(
    catalogue: Catalogue, form: forms.ModelForm, by: User, at: datetime.datetime
) -> None:
    if not catalogue.may_edit(by, form.cleaned_data, timezone.localdate(at)):
        raise RuleViolation(_("This lies outside what your posts cover."), code="not_yours")


def _said(form: forms.BaseForm) -> Iterator[str]:
    for name, sentences in form.errors.items():
        label = form[name].label if name in form.fields else ""
        for sentence in sentences:
            yield f"{label}: {sentence}" if label else str(sentence)


def _form_of(catalogue: Catalogue, row: Mapping[str, str], today: datetime.date) -> forms.ModelForm:
    assert catalogue.form is not None  # noqa: S101 -- only catalogues with a form are edited
    blank = catalogue.form()
    begin = {"valid_from": today.isoformat()} if catalogue.is_dated else {}
    typed = {}
    for name, its in blank.fields.items():
        cell = row.get(name, "") or begin.get(name, "")
        typed[name] = _typed(its, cell) if cell else blank.get_initial_for_field(its, name)
    return catalogue.form({name: value for name, value in typed.items() if value is not None})


def _typed(its: forms.Field, cell: str) -> Any:
    """A cell as the form expects it: choices by their labels or values, yes and no in words.

    Rows of other catalogues stand there by their code or name, which the form reads itself.
    """
    if isinstance(its.widget, forms.Textarea):
        return cell.replace(SEVERAL, "\n")
    if isinstance(its, forms.BooleanField):
        return _TRUTH.get(cell.lower(), False)
    if isinstance(its, forms.ModelMultipleChoiceField | forms.MultipleChoiceField):
        return [_chosen(its, each.strip()) for each in cell.split(SEVERAL)]
    is_choice = isinstance(its, forms.ChoiceField) and not isinstance(its, RowField)
    return _chosen(its, cell) if is_choice else cell


def _chosen(its: Any, cell: str) -> str:
    choices = [(str(value), str(label)) for value, label in its.choices]
    return next((value for value, label in choices if label == cell), cell)
