"""What is kept of a resident in rolls: told to them, and let go with their account."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from grids.models import Claim
from grids.services.rolls import mark_ended
from organizations.models import User


def export_claims(person: User) -> list[dict[str, Any]]:
    """The places that somebody holds or held, as JSON values."""
    rows = Claim.objects.filter(person=person).select_related("entitled__dwelling__roll")
    return [
        {
            "roll": row.entitled.dwelling.roll.name,
            "version": row.entitled.dwelling.roll.version,
            "dwelling": row.entitled.dwelling.number,
            "how": row.how,
            "at": row.at,
            "ended_at": row.ended_at,
        }
        for row in rows.order_by("pk")
    ]


def erase_claims(person: User, at: datetime.datetime) -> None:
    """An account that goes leaves its places; the roll names nobody by itself."""
    for held in Claim.objects.filter(person=person, ended_at=None):
        mark_ended(held, _("The account was erased."), User.objects.system(), at)
