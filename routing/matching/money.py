"""Step 6, the money: a line of the paying body whose purpose, territory and period fit."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F

from emergency.standing import InForce
from funding.models import LedgerFreeze, Line, LinePurpose
from routing.matching.catalogue import Standard
from routing.matching.facts import RefusalCode
from routing.matching.weighing import Names, Weighing


@dataclass(slots=True)
class Purse:
    """A budget line; `available` (fen) changes while a batch is judged."""

    id: int
    names: Names
    territory_id: int | None
    available: int
    purposes: frozenset[int]

    def why_not(self, purpose_id: int, territories: frozenset[int], amount: int) -> str:
        """The first reason against this line; "" = none. (The database keeps its purposes within
        those that its source allows.)"""
        if purpose_id not in self.purposes:
            return "other_purpose"
        if self.territory_id is not None and self.territory_id not in territories:
            return "line_of_other_territory"
        return "not_enough" if self.available < amount else ""


class Money:
    """Lines by body in the order in which they are asked: source, then the one that ends first."""

    def __init__(self, purses: dict[int, list[Purse]], *, frozen: bool = False) -> None:
        """`frozen`: a check of the ledger failed, nothing new is reserved until it is mended."""
        self._purses = purses
        self._frozen = frozen
        self._by_id = {purse.id: purse for rows in purses.values() for purse in rows}

    @classmethod
    def load(cls, on: datetime.date) -> Self:
        """Three queries."""
        earmarks: dict[int, set[int]] = defaultdict(set)
        for line_id, purpose_id in LinePurpose.objects.values_list("line_id", "purpose_id"):
            earmarks[line_id].add(purpose_id)
        purses: dict[int, list[Purse]] = defaultdict(list)
        lines = Line.objects.valid_on(on).order_by(
            "source__rank", F("valid_to").asc(nulls_last=True), "id"
        )
        columns = ("body_id", "id", "name", "name_en", "territory_id", "available")
        for body, key, name, name_en, territory, available in lines.values_list(*columns):
            names, purposes = (name, name_en or name), frozenset(earmarks[key])
            purses[body].append(Purse(key, names, territory, available, purposes))
        return cls(purses, frozen=LedgerFreeze.objects.in_force().exists())

    def choose(
        self,
        weighing: Weighing,
        payer: tuple[Names, list[Purse]],
        standard: Standard,
        territories: frozenset[int],
    ) -> Purse | None:
        """None: a matter of no cost. Refuses with NO_MONEY. `payer`: its name and its lines."""
        cost = weighing.facts.cost
        amount = standard.cost if cost is None else cost
        names, purses = payer
        if not amount:
            weighing.because("no_cost")
            return None
        if self._frozen:
            weighing.refuse(RefusalCode.NO_MONEY, "ledger_frozen", amount_fen=amount)
        if standard.purpose_id is None:
            weighing.refuse(RefusalCode.NO_MONEY, "no_purpose", amount_fen=amount)
        chosen: Purse | None = None
        for purse in purses:
            why = purse.why_not(standard.purpose_id, territories, amount)
            if not why and chosen is None:
                chosen = purse
            behind = "chosen" if purse is chosen else "later_source"
            weighing.candidates.append(_shown(purse, why or behind))
        if chosen is None:
            weighing.refuse(
                RefusalCode.NO_MONEY, body=names, purpose=standard.purpose, amount_fen=amount
            )
        weighing.because(
            "money",
            line=chosen.names,
            body=names,
            purpose=standard.purpose,
            amount_fen=amount,
            left_fen=chosen.available - amount,
        )
        return chosen

    def special(
        self,
        weighing: Weighing,
        order: InForce | None,
        standard: Standard,
        territories: frozenset[int],
    ) -> tuple[int, list[Purse]] | None:
        """The owner and the special line of an order, where it may pay and has enough."""
        cost = weighing.facts.cost
        amount = standard.cost if cost is None else cost
        if order is None or order.line is None or order.payer is None or not amount:
            return None
        for purse in self.line(order.line):
            why = purse.why_not(standard.purpose_id or 0, territories, amount)
            if not why:
                weighing.because("order_pays", order=order.names)
                return order.payer, [purse]
            weighing.candidates.append(_shown(purse, why))
        return None

    def of(self, body_id: int) -> list[Purse]:
        return self._purses.get(body_id, [])

    def line(self, line_id: int) -> list[Purse]:
        """The one line that was named (of an admission), if it holds today."""
        found = self._by_id.get(line_id)
        return [found] if found else []


def _shown(purse: Purse, why: str) -> dict[str, Any]:
    return {
        "kind": "line",
        "line": purse.id,
        "name": purse.names,
        "available_fen": purse.available,
        "why": why,
    }
