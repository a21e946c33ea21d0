"""Members' and owners' decisions, offices of collectives, and the distribution of their income."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funding.models import (
    CollectiveOffice,
    Decision,
    DistributionPlan,
    Document,
    Kinship,
    Line,
    PlanShare,
    Purpose,
)
from funding.services.reserving import reserve
from funding.services.resolving import pay, settle
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User
from organizations.services import changes

# `subject_kind` of holds that a distribution makes.
SUBJECT = "funding.plan"
DISTRIBUTION = "distribution"


class NotPassed(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "By these counts the decision did not pass. Members and delegates: two thirds of all "
            "take part and two thirds of all agree. Owners: two thirds take part, three quarters "
            "of those agree."
        )
        super().__init__(text, code="not_passed")


class OfficesConflict(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "Who sits in the council or keeps the books, and their near relatives, cannot "
            "supervise the same collective; near relatives do not sit in one council."
        )
        super().__init__(text, code="offices_conflict")


def record_decision(
    line: Line, *, document: Document, by: User, at: datetime.datetime, **counts: Any
) -> Decision:
    """A decision that passed, with its minutes; it is not changed later. Raises NotPassed."""
    decision = Decision(line=line, document=document, by=by, at=at, **counts)
    _refuse_what_the_tables_refuse(decision, NotPassed())
    decision.save(force_insert=True)
    return decision


def appoint(row: CollectiveOffice, *, by: User, at: datetime.datetime) -> CollectiveOffice:
    """Somebody holds an office from a day on. Raises OfficesConflict."""
    try:
        return changes.create(row, by=by, at=at)
    except IntegrityError as error:
        raise OfficesConflict from error


def change_office(
    row: CollectiveOffice, values: Mapping[str, Any], *, by: User, at: datetime.datetime
) -> CollectiveOffice:
    """Another person, office or period. Raises OfficesConflict."""
    try:
        return changes.revise(row, values, by=by, at=at)
    except IntegrityError as error:
        raise OfficesConflict from error


def declare_relatives(one: User, other: User, *, by: User, at: datetime.datetime) -> Kinship:
    """Kept once, whoever is named first; what it makes impossible is found by the checks."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    made, _is_new = Kinship.objects.get_or_create(
        first=first, second=second, defaults={"by": by, "at": at}
    )
    return made


def _refuse_what_the_tables_refuse(row: Decision, refusal: RuleViolation) -> None:
    """The CHECKs are the rule: ask them before the database does, and say it in words."""
    constraints = [each for each in row._meta.constraints if each.name.startswith("decision_")]
    for constraint in constraints:
        try:
            constraint.validate(Decision, row)
        except Exception as error:
            raise refusal from error


@dataclass(frozen=True, slots=True)
class Distribution:
    """A year's income in fen, what is set aside of it, and (household, number of shares) each."""

    year: int
    income: int
    set_aside: int
    shares: Sequence[tuple[str, int]]


@transaction.atomic
def draft_plan(
    decision: Decision, asked: Distribution, *, by: User, at: datetime.datetime
) -> DistributionPlan:
    """Who receives what; fen that do not divide go to the first. Raises RuleViolation."""
    if not asked.shares or not 0 <= asked.set_aside < asked.income:
        raise RuleViolation(
            _("Name the households, and set less aside than came in."), code="nothing_to_share"
        )
    columns = {"year": asked.year, "income": asked.income, "set_aside": asked.set_aside}
    plan = DistributionPlan.objects.create(decision=decision, made_by=by, made_at=at, **columns)
    amounts = _divided(plan.to_share, [count for _household, count in asked.shares])
    PlanShare.objects.bulk_create(
        PlanShare(plan=plan, household=household, shares=count, amount=amount)
        for (household, count), amount in zip(asked.shares, amounts, strict=True)
    )
    return plan


def _divided(amount: int, shares: list[int]) -> list[int]:
    """Whole fen in proportion; the remainder one fen each to the first ones."""
    whole = sum(shares)
    parts = [amount * share // whole for share in shares]
    for index in range(amount - sum(parts)):
        parts[index] += 1
    return parts


@transaction.atomic
def approve_plan(plan: DistributionPlan, *, by: User, at: datetime.datetime) -> DistributionPlan:
    """Keep the money and owe it to the households. Raises NotYours, WrongState, NotEnoughMoney."""
    plan = changes.locked(plan)
    if plan.state != DistributionPlan.State.DRAFT:
        raise WrongState(_("This plan has been approved already."))
    if plan.made_by_id == by.pk:
        raise NotYours(_("Who made a plan does not approve it."))
    hold = reserve(
        plan.decision.line,
        amount=plan.to_share,
        purpose=_purpose(),
        subject=(SUBJECT, str(plan.pk)),
        key=f"plan:{plan.pk}",
        by=by,
        at=at,
    )
    settle(hold, actual=plan.to_share, key=f"plan:{plan.pk}:settle", by=by, at=at)
    plan.state, plan.approved_by, plan.approved_at = DistributionPlan.State.APPROVED, by, at
    plan.hold = hold
    plan.save(update_fields=["state", "approved_by", "approved_at", "hold"])
    return plan


def _purpose() -> Purpose:
    found = Purpose.objects.filter(code=DISTRIBUTION).first()
    if found is None:
        text = _("The purpose “%(code)s” is missing: load the reference data, or add it.")
        raise RuleViolation(text % {"code": DISTRIBUTION}, code="purpose_missing")
    return found


@transaction.atomic
def pay_shares(plan: DistributionPlan, *, by: User, at: datetime.datetime) -> int:
    """Pay every share that has not been paid; how many. A third person does it."""
    plan = changes.locked(plan)
    if plan.hold is None:
        raise WrongState(_("This plan has not been approved yet."))
    if by.pk in {plan.made_by_id, plan.approved_by_id}:
        raise NotYours(_("Who made or approved a plan does not pay it."))
    waiting = list(plan.shares.filter(posting=None).order_by("pk"))
    for share in waiting:
        key = f"plan:{plan.pk}:share:{share.pk}"
        pay(plan.hold, amount=share.amount, key=key, by=by, at=at)
        share.posting = plan.hold.entries.get(posting__key=key).posting
        share.save(update_fields=["posting"])
    return len(waiting)
