"""Orders of an emergency take matters over: before the usual urgency, limits and money."""

import datetime
from collections.abc import Collection
from dataclasses import replace
from typing import Self

from emergency.standing import InForce, in_force
from lib.units import Unit
from routing.matching.catalogue import Standard
from routing.matching.weighing import Weighing


class Orders:
    """Orders in force, the most serious first."""

    def __init__(self, orders: list[InForce]) -> None:
        self._orders = orders

    @classmethod
    def load(cls, at: datetime.datetime) -> Self:
        """Three queries at the most."""
        return cls(in_force(at=at))

    def over(self, codes: Collection[str], place: Collection[int]) -> InForce | None:
        """The order that takes over a matter of these classes in this chain of territories."""
        for order in self._orders:
            if order.territory in place and not order.categories.isdisjoint(codes):
                return order
        return None


def under(order: InForce, standard: Standard, weighing: Weighing) -> Standard:
    """The standard with the limits of the order, which run around the clock."""
    weighing.because("order_in_force", order=order.names, number=order.number)
    hours = Unit.URGENT_HOUR.value
    return replace(standard, sign=(order.sign_hours, hours), handle=(order.handle_hours, hours))
