"""A duty list from a file, to be tried by a replay: it stands only inside its transaction."""

import csv
import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import RuleViolation
from organizations.models import Body
from routing.models import Category, DutyEntry

COLUMNS = {"category", "territory", "lead", "payer", "assistants"}
LATER = datetime.date(9999, 1, 1)
T = TypeVar("T", bound=Model)
Row = Mapping[str, str]


def trial_of(path: Path, *, on: datetime.date) -> Callable[[], None]:
    """What puts the file's duty list in the place of the valid one, for `replay(changes=…)`.

    Columns of codes: category (empty: every matter), territory, lead, payer (empty: the lead),
    assistants (separated by blanks). Raises RuleViolation for a file that cannot be used.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        if set(lines.fieldnames or ()) != COLUMNS:
            names = ", ".join(sorted(COLUMNS))
            raise RuleViolation(_("The columns must be: %(names)s.") % {"names": names})
        rows = [{name: value.strip() for name, value in line.items()} for line in lines]

    def change() -> None:
        categories = _by_code(Category, {row["category"] for row in rows})
        territories = _by_code(Territory, {row["territory"] for row in rows})
        named = {code for row in rows for code in (row["lead"], row["payer"], *_assistants(row))}
        bodies = _by_code(Body, named)
        DutyEntry.objects.update(valid_from=LATER, valid_to=None)
        for row in rows:
            entry = DutyEntry.objects.create(
                category=categories[row["category"]] if row["category"] else None,
                territory=territories[row["territory"]],
                lead=bodies[row["lead"]],
                payer=bodies[row["payer"]] if row["payer"] else None,
                valid_from=on,
            )
            entry.assistants.set([bodies[code] for code in _assistants(row)])

    return change


def _assistants(row: Row) -> list[str]:
    return row["assistants"].split()


def _by_code(model: type[T], codes: set[str]) -> dict[str, T]:
    rows: dict[str, T] = model._default_manager.in_bulk(codes - {""}, field_name="code")
    missing = codes - {""} - rows.keys()
    if missing:
        facts = {"what": model._meta.verbose_name_plural, "codes": ", ".join(sorted(missing))}
        raise RuleViolation(_("Unknown %(what)s: %(codes)s.") % facts, code="unknown_code")
    return rows
