"""What the router would decide today about the last cases, beside what it decided then.

Nothing is written: neither loads nor money nor cases. Changes to try are made inside a transaction
that is rolled back, so the judge sees them and nobody else does.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cases.models import Case, RoutingTrace
from cases.workflow import FAULT, MATCH
from routing.matching import Facts, Judge, Match, Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome`: "match" or a refusal's code; `lead_id`: the body found; why as [code, params].

    `standard_id` and `payer_id`, as far as the judge came, are known of new answers only.
    """

    outcome: str
    lead_id: int | None
    reasons: list[Any]
    standard_id: int | None = None
    payer_id: int | None = None

    @property
    def place(self) -> str | int:
        """What must be equal: the lead, else the refusal. Who has room changes every minute."""
        return self.lead_id or self.outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would go elsewhere now."""

    case: Case
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Replay:
    """How many cases were asked about, and those that would lie elsewhere."""

    asked: int
    differences: list[Difference]


def replay(
    *, last: int, at: datetime.datetime, changes: Callable[[], None] | None = None
) -> Replay:
    """Ask the judge about the newest `last` cases that it has decided before.

    `changes` is called first and may write whatever shall be tried (a new duty list); it is undone.
    On SQLite nobody else can write meanwhile: keep `last` within some thousands there.
    """
    if changes is None:
        return _replayed(last, at)
    with transaction.atomic():
        changes()
        result = _replayed(last, at)
        transaction.set_rollback(True)
        return result


def _replayed(last: int, at: datetime.datetime) -> Replay:
    """Asked with the facts that were weighed then; the newest decision of each case counts."""
    decided = RoutingTrace.objects.exclude(outcome=FAULT).order_by("-id")
    newest: dict[int, RoutingTrace] = {}
    for trace in decided.select_related("case__category", "case__community", "lead")[:last]:
        newest.setdefault(trace.case_id, trace)
    judge = Judge.load(at=at)
    differences = []
    for trace in newest.values():
        before, after = _then(trace), answer_of(judge.decide(facts_of(trace, at)))
        if before.place != after.place:
            differences.append(Difference(trace.case, before, after))
    return Replay(len(newest), differences)


def facts_of(trace: RoutingTrace, at: datetime.datetime) -> Facts:
    """What was weighed then, asked at another moment."""
    weighed = trace.facts
    return Facts(
        category_id=weighed.get("category"),
        standard_id=weighed.get("standard"),
        town_id=weighed.get("town"),
        community_id=weighed.get("community"),
        grid_id=weighed.get("grid"),
        at=at,
        cost=weighed.get("cost"),
        avoid_bodies=frozenset(weighed.get("avoid", ())),
        urgent=bool(weighed.get("urgent")),
    )


def _then(trace: RoutingTrace) -> Answer:
    return Answer(trace.outcome, trace.lead_id, trace.reasons)


def answer_of(decision: Match | Refusal) -> Answer:
    outcome = MATCH if isinstance(decision, Match) else str(decision.code)
    return Answer(
        outcome, decision.lead_id, decision.reasons, decision.standard_id, decision.payer_id
    )
