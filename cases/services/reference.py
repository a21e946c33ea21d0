"""Reasons and terms of the loop from the readable files."""

import datetime

from django.db import transaction

from cases.models import Reason, Terms
from cases.reference import read_rows
from organizations.models import User
from organizations.services import changes

SINCE = datetime.date(2010, 1, 1)


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is."""
    known = set(Reason.objects.values_list("move", "code"))
    rows = [Reason(**row, valid_from=SINCE) for row in read_rows("reasons")]
    missing = [
        *(row for row in rows if (row.move, row.code) not in known),
        *([] if Terms.objects.exists() else [Terms(valid_from=SINCE)]),
    ]
    for row in missing:
        changes.create(row, by=by, at=at)
    return len(missing)
