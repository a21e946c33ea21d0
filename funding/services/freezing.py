"""A failed check stops new reservations, and nothing else, until somebody has looked."""

import datetime

from django.db import transaction

from funding.models import LedgerFreeze
from funding.services.answers import tell_of_new_money
from organizations.models import User


@transaction.atomic
def freeze(*, reason: str, by: User, at: datetime.datetime) -> LedgerFreeze:
    """Nothing new is reserved from now on. One that is in force stays the only one."""
    standing = LedgerFreeze.objects.in_force().first()
    return standing or LedgerFreeze.objects.create(reason=reason, by=by, at=at)


@transaction.atomic
def lift(*, because: str, by: User, at: datetime.datetime) -> int:
    """Reservations go on; how many freezes were lifted."""
    tell_of_new_money()
    return LedgerFreeze.objects.in_force().update(
        lifted_by=by, lifted_at=at, lifted_because=because
    )
