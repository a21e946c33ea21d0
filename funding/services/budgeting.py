"""The annual budget: drafted, handed in, decided; a version in force makes lines and quotas."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from funding.models import Budget, BudgetItem, Line, Purpose, Quota, Source, SourcePurpose
from funding.services.actors import demand, is_in
from funding.services.lines import make_line
from lib.errors import NotYours, RuleViolation, WrongState
from lib.fen import yuan
from lib.roles import COMMITTEE, Role
from organizations.models import Body, User

Amounts = Mapping[Purpose, int]


class LessThanReleased(RuleViolation):
    def __init__(self, item: BudgetItem, *, released: int) -> None:
        text = _("%(purpose)s: %(released)s yuan was released already, plan at least that.")
        facts = {"purpose": item.purpose, "released": yuan(released)}
        super().__init__(text % facts, code="less_than_released")


@transaction.atomic
def draft_budget(  # noqa: PLR0913 -- whose budget, of what, for when, and how much
    body: Body,
    source: Source,
    year: int,
    *,
    amounts: Amounts,
    note: str = "",
    by: User,
    at: datetime.datetime,
) -> Budget:
    """The next version for a body, source and year; its amounts are fen by purpose.

    Raises NotYours, RuleViolation (another version is in work, purpose not allowed, no amount).
    """
    demand(by, Role.FINANCE_MAKER, body.pk, at=at)
    versions = Budget.objects.filter(body=body, source=source, year=year)
    if versions.filter(state__in=["draft", "submitted"]).exists():
        raise RuleViolation(
            _("Another version is in work: finish or hand in that one first."), code="in_work"
        )
    last = versions.aggregate(last=Max("version"))["last"] or 0
    budget = Budget.objects.create(
        body=body,
        source=source,
        year=year,
        version=last + 1,
        note=note[:300],
        made_by=by,
        made_at=at,
    )
    _set_items(budget, amounts)
    return budget


@transaction.atomic
def change_budget(
    budget: Budget, *, amounts: Amounts, note: str, by: User, at: datetime.datetime
) -> Budget:
    """Rewrite a draft. Raises WrongState, NotYours, RuleViolation."""
    locked = _locked(budget, Budget.State.DRAFT)
    demand(by, Role.FINANCE_MAKER, locked.body_id, at=at)
    locked.items.all().delete()
    _set_items(locked, amounts)
    locked.note = note[:300]
    locked.save(update_fields=["note"])
    return locked


def _set_items(budget: Budget, amounts: Amounts) -> None:
    allowed = set(
        SourcePurpose.objects.filter(source=budget.source).values_list("purpose", flat=True)
    )
    planned = {purpose: amount for purpose, amount in amounts.items() if amount > 0}
    if not planned:
        raise RuleViolation(_("Plan an amount for at least one purpose."), code="nothing_planned")
    for purpose in planned:
        if purpose.pk not in allowed:
            raise RuleViolation(
                _("%(source)s may not be used for %(purpose)s.")
                % {"source": budget.source, "purpose": purpose},
                code="purpose_not_allowed",
            )
    BudgetItem.objects.bulk_create(
        BudgetItem(budget=budget, purpose=purpose, amount=amount)
        for purpose, amount in planned.items()
    )


@transaction.atomic
def submit_budget(budget: Budget, *, by: User, at: datetime.datetime) -> Budget:
    """Hand a draft in for approval. Raises WrongState, NotYours."""
    locked = _locked(budget, Budget.State.DRAFT)
    demand(by, Role.FINANCE_MAKER, locked.body_id, at=at)
    locked.state = Budget.State.SUBMITTED
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def approve_budget(budget: Budget, *, by: User, at: datetime.datetime, answer: str = "") -> Budget:
    """The committee puts a version in force: every item has its line and its quota.

    Raises WrongState, NotYours, LessThanReleased.
    """
    locked = _to_decide(budget, by=by, at=at)
    versions = Budget.objects.filter(
        body=locked.body, source=locked.source, year=locked.year, state=Budget.State.APPROVED
    )
    versions.update(state=Budget.State.REPLACED)
    _decide(locked, Budget.State.APPROVED, by=by, at=at, answer=answer)
    quotas = _quotas(locked)
    for item in locked.items.select_related("purpose").order_by("pk"):
        _fund(locked, item, quotas.pop(item.purpose_id, None), by=by, at=at)
    for dropped in quotas.values():
        Quota.objects.filter(pk=dropped.pk).update(approved=F("released"))
    return locked


@transaction.atomic
def refuse_budget(budget: Budget, *, by: User, at: datetime.datetime, answer: str) -> Budget:
    """The committee refuses a version, with a reason. Raises WrongState, NotYours."""
    locked = _to_decide(budget, by=by, at=at)
    if not answer.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return _decide(locked, Budget.State.REFUSED, by=by, at=at, answer=answer)


def _locked(budget: Budget, state: Budget.State) -> Budget:
    locked = (
        Budget.objects.select_for_update(of=("self",))
        .select_related("body", "source")
        .get(pk=budget.pk)
    )
    if locked.state != state:
        text = _("The budget has moved on: it is now “%(state)s”.")
        raise WrongState(text % {"state": locked.get_state_display()})
    return locked


def _to_decide(budget: Budget, *, by: User, at: datetime.datetime) -> Budget:
    locked = _locked(budget, Budget.State.SUBMITTED)
    if locked.made_by_id == by.pk:
        raise NotYours(_("Nobody decides on a budget that he made himself."))
    if not any(is_in(by, role, locked.body_id, at=at) for role in COMMITTEE):
        raise NotYours(_("The committee decides on budgets."))
    return locked


def _decide(
    budget: Budget, state: Budget.State, *, by: User, at: datetime.datetime, answer: str
) -> Budget:
    budget.state, budget.decided_by, budget.decided_at = state, by, at
    budget.answer = answer.strip()[:300]
    budget.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    return budget


def _quotas(budget: Budget) -> dict[int, Quota]:
    """What earlier versions of this budget have made, by purpose."""
    rows = BudgetItem.objects.filter(
        budget__body=budget.body, budget__source=budget.source, budget__year=budget.year,
        line__isnull=False,
    )  # fmt: skip
    lines = dict(rows.values_list("line", "purpose"))
    quotas = Quota.objects.filter(line__in=lines).select_related("line")
    return {lines[quota.line_id]: quota for quota in quotas}


def _fund(
    budget: Budget, item: BudgetItem, quota: Quota | None, *, by: User, at: datetime.datetime
) -> None:
    if quota is None:
        quota = Quota.objects.create(line=_line(budget, item, by=by, at=at), approved=item.amount)
    else:
        fits = Quota.objects.filter(pk=quota.pk, released__lte=item.amount)
        if not fits.update(approved=item.amount):
            raise LessThanReleased(item, released=quota.released)
    item.line = quota.line
    item.save(update_fields=["line"])


def _line(budget: Budget, item: BudgetItem, *, by: User, at: datetime.datetime) -> Line:
    body, purpose = budget.body, item.purpose
    return make_line(
        code=f"b{body.pk}-{budget.source.code}-{budget.year}-{purpose.code}"[:50],
        name=f"{body.name}{budget.year}年{purpose.name}"[:100],
        name_en=f"{body.name_en}, {purpose.name_en} {budget.year}"[:200],
        source=budget.source,
        body=body,
        valid_from=datetime.date(budget.year, 1, 1),
        valid_to=datetime.date(budget.year + 1, 1, 1),
        purposes=[purpose],
        by=by,
        at=at,
    )
