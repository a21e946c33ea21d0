"""The part that every movement has in common: a key that was used answers with what it did."""

from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

from funding.ledger import Books, Done, Facts, payload_hash
from funding.models import Kind
from funding.services.refusals import KeyReused, NotAPositiveAmount
from grids.models import ChangeCounter

# The change counter of everything that may let a refused matter find money.
LINES = "lines"

P = ParamSpec("P")
R = TypeVar("R")


def booked(service: Callable[P, R]) -> Callable[P, R]:
    """All or nothing. Two that use one key for two lines in one moment collide when they write:
    the one that lost looks again, and now finds the key used.
    """

    @wraps(service)
    def atomic(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except IntegrityError:
            with transaction.atomic():
                return service(*args, **kwargs)

    return atomic


def answered(books: Books, kind: Kind, *, key: str, payload: Facts) -> Done | None:
    """What this key did before, or None. Raises KeyReused where it did something else."""
    found = books.done.get(key)
    if found and found.posting.payload_hash != payload_hash(kind, payload):
        raise KeyReused(found.posting)
    return found


def check_positive(amount: int) -> None:
    if amount <= 0:
        raise NotAPositiveAmount(amount)


def tell_of_new_money() -> None:
    """Who waits for money may look again, once this holds.

    After the commit: the counter is one row for all lines, and would make their writers queue.
    """
    transaction.on_commit(partial(ChangeCounter.objects.raised, LINES), robust=True)
