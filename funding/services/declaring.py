"""Declared interests: who has one in a payee decides on nothing that pays it."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funding.models import Application, Interest
from funding.services.applying import party_key
from lib.errors import NotYours, RuleViolation
from organizations.models import User


def declare(
    *,
    whose: str,
    by: User,
    at: datetime.datetime,
    party: str = "",
    application: Application | None = None,
    note: str = "",
) -> Interest:
    """`by` has an interest, or a relative has, in a party or in one application.

    Raises RuleViolation (nothing named, or declared before).
    """
    if not party.strip() and application is None:
        raise RuleViolation(_("Name the person or firm."), code="party_missing")
    interest = Interest(
        person=by,
        whose=whose,
        party=party.strip()[:100],
        party_key=party_key(party)[:100],
        application=application,
        note=note.strip()[:200],
        declared_at=at,
    )
    try:
        with transaction.atomic():
            interest.save(force_insert=True)
    except IntegrityError as error:
        raise RuleViolation(_("You have declared this already."), code="declared") from error
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, by: User, at: datetime.datetime) -> Interest:
    """It is over; the declaration stays readable. Raises NotYours."""
    locked = Interest.objects.select_for_update().get(pk=interest.pk)
    if locked.person_id != by.pk:
        raise NotYours(_("Only who declared an interest ends it."))
    if locked.ended_at is None:
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
    return locked
