"""Schemes of appraisal to begin with, from the readable file: what is missing is added."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from organizations.models import User
from organizations.services import changes
from oversight.models import Scheme, SchemeRule
from oversight.services.legislation_reference import load_limits

SINCE = datetime.date(2010, 1, 1)
FILE = Path("oversight") / "reference" / "schemes.yaml"


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Each scheme with its rules; one that is there stays as it is. How many were added."""
    rows = yaml.safe_load((Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8"))
    known = set(Scheme.objects.values_list("code", flat=True))
    missing = [row for row in rows if row["code"] not in known]
    for row in missing:
        rules = row.pop("rules")
        scheme = changes.create(Scheme(**row, valid_from=SINCE), by=by, at=at)
        SchemeRule.objects.bulk_create(
            _rule(scheme, rank, rule) for rank, rule in enumerate(rules, start=1)
        )
    return len(missing) + load_limits(by=by, at=at)


def _rule(scheme: Scheme, rank: int, row: dict[str, Any]) -> SchemeRule:
    kind = next(kind for kind in SchemeRule.Kind if kind.value in row)
    return SchemeRule(
        scheme=scheme, rank=rank, kind=kind, indicator=row[kind.value], valid_from=SINCE,
        points=_hundredths(row["points"]) or 0, full_at=_hundredths(row.get("full")),
        loss=_hundredths(row.get("loss")), floor=_hundredths(row.get("floor")),
        floor_grade=row.get("floor_grade", ""), each=_hundredths(row.get("each")),
        free=row.get("free", 0),
    )  # fmt: skip


def _hundredths(value: float | None) -> int | None:
    return None if value is None else int(Decimal(str(value)) * 100)
