"""What commands that import a file have in common: who acts, and the report on every row."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lib.sheets import cell
from organizations.models import User


def acting(username: str | None) -> User:
    """The person of that name; without one the installation's own user. Raises CommandError."""
    if username is None:
        return User.objects.system()
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(_("There is no person “%(name)s”.") % {"name": username})
    return person


def write_report(path: Path, outcomes: Iterable[Any], columns: Sequence[str]) -> Counter[str]:
    """A line for each outcome, with its attributes in `columns`; how many of each `result`."""
    counts: Counter[str] = Counter()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(columns)
        for outcome in outcomes:
            counts[outcome.result] += 1
            lines.writerow(cell(getattr(outcome, name)) for name in columns)
    return counts
