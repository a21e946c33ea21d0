"""Pay and public services, plan and actual: entered by a clerk, checked by another person."""

import datetime
from dataclasses import asdict, dataclass
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import PayActual, PayGrade, ServiceActual, ServiceStandard
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Body, User
from organizations.services import changes

A = TypeVar("A", PayActual, ServiceActual)


@dataclass(frozen=True, slots=True)
class Paid:
    """What the people of a grade were paid in a month, in fen, all of them together."""

    people: int
    pay: int
    benefits: int


@transaction.atomic
def enter_pay(
    body: Body,
    grade: PayGrade,
    *,
    month: datetime.date,
    paid: Paid,
    by: User,
    at: datetime.datetime,
) -> PayActual:
    """Pay of a grade and month; until somebody has checked it, entering again replaces it."""
    first = month.replace(day=1)
    known = PayActual.objects.filter(body=body, grade=grade, month=first).first()
    if known:
        return changes.revise(_unchecked(known), {**asdict(paid), "entered_by": by}, by=by, at=at)
    row = PayActual(body=body, grade=grade, month=first, **asdict(paid))
    row.entered_by, row.entered_at = by, at
    return changes.create(row, by=by, at=at)


@transaction.atomic
def enter_service(
    body: Body,
    standard: ServiceStandard,
    *,
    year: int,
    amount: int,
    by: User,
    at: datetime.datetime,
) -> ServiceActual:
    """How much of a service a community had; until checked, entering again replaces it."""
    known = ServiceActual.objects.filter(body=body, standard=standard, year=year).first()
    if known:
        values = {"amount": amount, "entered_by": by}
        return changes.revise(_unchecked(known), values, by=by, at=at)
    row = ServiceActual(body=body, standard=standard, year=year, amount=amount)
    row.entered_by, row.entered_at = by, at
    return changes.create(row, by=by, at=at)


def _unchecked(row: A) -> A:
    if row.checked_by_id is not None:
        raise RuleViolation(_("This was checked and stays as it is."), code="checked")
    return row


@transaction.atomic
def check_actual(row: A, *, by: User, at: datetime.datetime) -> A:
    """From now on it counts in public sums. Raises NotYours, WrongState."""
    row = changes.locked(row)
    if row.checked_by_id is not None:
        raise WrongState(_("This has been checked already."))
    if row.entered_by_id == by.pk:
        raise NotYours(_("Who entered a figure does not check it."))
    return changes.revise(row, {"checked_by": by, "checked_at": at}, by=by, at=at)
