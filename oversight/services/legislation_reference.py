"""Limits of the stages of legislation, from the readable file."""

import datetime
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from organizations.models import User
from organizations.services import changes
from oversight.models import LegislationLimit

SINCE = datetime.date(2010, 1, 1)
FILE = Path("oversight") / "reference" / "legislation_limits.yaml"


@transaction.atomic
def load_limits(*, by: User, at: datetime.datetime) -> int:
    """All of them, where there is none yet; how many."""
    if LegislationLimit.objects.exists():
        return 0
    rows = yaml.safe_load((Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8"))
    for row in rows:
        changes.create(LegislationLimit(valid_from=SINCE, **row), by=by, at=at)
    return len(rows)
