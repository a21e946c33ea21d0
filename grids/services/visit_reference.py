"""Kinds of visits to begin with, from the readable file: what is missing is added."""

import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from grids.models import VisitForm, VisitKind, VisitRule
from organizations.models import User
from organizations.services import changes

SINCE = datetime.date(2010, 1, 1)
FILE = Path("grids") / "reference" / "visit_kinds.yaml"


def add_visit_kinds(*, by: User, at: datetime.datetime) -> int:
    """Each kind with the first version of its form and a rule; a kind that is there stays."""
    rows = yaml.safe_load((Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8"))
    known = set(VisitKind.objects.values_list("code", flat=True))
    missing = [row for row in rows if row["code"] not in known]
    for row in missing:
        _add(row, by, at)
    return len(missing)


def _add(row: dict[str, Any], by: User, at: datetime.datetime) -> None:
    questions, days = row.pop("questions"), row.pop("every_days")
    kind = changes.create(VisitKind(**row, valid_from=SINCE), by=by, at=at)
    asked = [{"required": False, "choices": [], **question} for question in questions]
    VisitForm.objects.create(kind=kind, number=1, questions=asked, made_by=by, made_at=at)
    changes.create(VisitRule(kind=kind, every_days=days, valid_from=SINCE), by=by, at=at)
