"""Decisions between bodies, which the router follows from then on."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from lib.worktime import CITY_ZONE
from organizations.models import Body, User
from organizations.services import changes
from routing.models import DutyEntry
from routing.models.duty import Origin
from routing.services.rules import make_rule


@transaction.atomic
def record_precedent(
    *, by: User, at: datetime.datetime, assistants: Iterable[Body] = (), **values: Any
) -> DutyEntry:
    """Who leads from now on; it replaces earlier precedents for the same matter and territory.

    `values`: category, territory, lead; payer and legal_basis where they matter. A precedent that
    was decided earlier on the same day stays, and yields to the newer one.
    """
    today = at.astimezone(CITY_ZONE).date()
    earlier = DutyEntry.objects.filter(
        category=values["category"],
        territory=values["territory"],
        origin=Origin.PRECEDENT,
        valid_from__lt=today,
    )
    for entry in earlier.going_on_after(today):
        changes.end(entry, on=today, by=by, at=at)
    decided = {"origin": Origin.PRECEDENT, "decided_by": by, "decided_at": at}
    entry = DutyEntry(**values, **decided, valid_from=today)
    return make_rule(entry, by=by, at=at, links={"assistants": list(assistants)})
