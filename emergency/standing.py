"""Orders in force, as routing reads them: what they take over, with which limits and money."""

import datetime
from dataclasses import dataclass

from django.utils.timezone import localdate

from emergency.models import LevelRule, Order


@dataclass(frozen=True, slots=True)
class InForce:
    """An order whose measures take over matters (`categories`: codes) in its territory.

    `sign_hours` and `handle_hours` run around the clock; `line` is the special line of money,
    `payer` the body that owns it.
    """

    key: int
    number: str
    names: tuple[str, str]
    level: int
    territory: int
    is_city: bool
    categories: frozenset[str]
    sign_hours: int
    handle_hours: int
    line: int | None
    payer: int | None


def in_force(*, at: datetime.datetime) -> list[InForce]:
    """The most serious order first; three queries at the most, one where there is none."""
    rows = Order.objects.held(at).filter(is_exercise=False).select_related("line")
    orders = list(rows.prefetch_related("measures").order_by("level", "starts_at", "pk"))
    if not orders:
        return []
    rules = {rule.level: rule for rule in LevelRule.objects.valid_on(localdate(at))}
    return [_taken(order, rules[order.level]) for order in orders if order.level in rules]


def _taken(order: Order, rule: LevelRule) -> InForce:
    line = order.line
    return InForce(
        key=order.pk,
        number=order.number,
        names=(order.title, order.title_en or order.title),
        level=order.level,
        territory=order.territory_id,
        is_city=order.town_id is None,
        categories=frozenset(
            code for measure in order.measures.all() for code in measure.categories
        ),
        sign_hours=rule.sign_hours,
        handle_hours=rule.handle_hours,
        line=line.pk if line else None,
        payer=line.body_id if line else None,
    )
