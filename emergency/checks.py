"""Named checks of all supplies; each yields what is wrong, nothing when all is well."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import F, Sum

from emergency.ledger import payload_hash
from emergency.models import Depot, DepotKind, Movement, Stock
from lib.chain import GENESIS
from lib.triggers import triggers_of

ROWS_AT_ONCE = 2_000
TRIGGERS = {
    "postgresql": {
        "emergency_movement": {
            "emergency_movement_append_only", "emergency_movement_no_truncate",
            "emergency_movement_apply",
        },
        "emergency_stock": {"emergency_stock_guard", "emergency_stock_no_truncate"},
        "emergency_depot": {"emergency_depot_keeps_its_kind"},
    },
    "sqlite": {
        "emergency_movement": {
            "emergency_movement_no_update", "emergency_movement_no_delete",
            "emergency_movement_no_replace", "emergency_movement_apply",
        },
        "emergency_stock": {
            "emergency_stock_begins_empty", "emergency_stock_keeps_its_place",
            "emergency_stock_moves_by_movements", "emergency_stock_no_delete",
        },
        "emergency_depot": {"emergency_depot_keeps_its_kind"},
    },
}  # fmt: skip
Finding = Callable[[], Iterator[str]]


def triggers_stand() -> Iterator[str]:
    """The database still has every trigger that guards the supplies."""
    for table, wanted in TRIGGERS[connection.vendor].items():
        for name in sorted(wanted - triggers_of(connection, table)):
            yield f"{table}: trigger {name} is missing"


def every_item_is_zero() -> Iterator[str]:
    """What depots hold, the supplier owes, to the unit."""
    rows = Stock.objects.values("item").annotate(sum=Sum("balance")).exclude(sum=0)
    for item, total in rows.order_by("item").values_list("item", "sum"):
        yield f"item {item}: all stocks together are {total} units, not 0"


def stocks_equal_their_movements() -> Iterator[str]:
    """Every balance and version, rebuilt from the movements, is the stored one."""
    rebuilt: dict[int, list[int]] = {}
    for column, sign in (("source", -1), ("target", 1)):
        rows = Movement.objects.order_by("pk").values_list(column, "amount")
        for stock, amount in rows.iterator(ROWS_AT_ONCE):
            stands = rebuilt.setdefault(stock, [0, 0])
            stands[0] += sign * amount
            stands[1] += 1
    for row in Stock.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        wanted = rebuilt.get(row.pk, [0, 0])
        if [row.balance, row.version] != wanted:
            yield f"stock {row.pk}: stored {[row.balance, row.version]}, movements say {wanted}"


def nothing_lies_below_zero() -> Iterator[str]:
    for pk in Stock.objects.filter(balance__lt=0, owes=False).values_list("pk", flat=True):
        yield f"stock {pk}: below zero"
    outside = Depot.objects.filter(kind=DepotKind.SUPPLIER)
    for pk in (
        Stock.objects.filter(owes=True).exclude(depot__in=outside).values_list("pk", flat=True)
    ):
        yield f"stock {pk}: owes, and is not the supplier's"


def chains_are_whole() -> Iterator[str]:
    """Each movement's hash holds, continues both stocks, and the last is their head."""
    heads: dict[int, tuple[int, str]] = {}
    for row in Movement.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        if not row.is_intact():
            yield f"movement {row.pk}: its hash is not that of its content"
        for stock, number, previous in (
            (row.source_id, row.source_number, row.source_previous),
            (row.target_id, row.target_number, row.target_previous),
        ):
            last, head = heads.get(stock, (0, GENESIS))
            if (number, previous) != (last + 1, head):
                yield f"movement {row.pk}: it does not continue stock {stock}"
            heads[stock] = (number, row.hash)
    for pk, version, head in Stock.objects.order_by("pk").values_list("pk", "version", "head"):
        if heads.get(pk, (0, GENESIS)) != (version, head):
            yield f"stock {pk}: its head is not its last movement"


def movements_say_what_was_asked() -> Iterator[str]:
    for row in Movement.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        asked = payload_hash(row.kind, row.source_id, row.target_id, row.amount, row.order_id)
        if row.payload_hash != asked:
            yield f"movement {row.pk}: it is not what its key asked for"


def movements_are_of_one_item() -> Iterator[str]:
    mixed = Movement.objects.exclude(source__item=F("target__item"))
    for pk in mixed.order_by("pk").values_list("pk", flat=True):
        yield f"movement {pk}: between two items"


CHECKS: tuple[Finding, ...] = (
    triggers_stand,
    every_item_is_zero,
    stocks_equal_their_movements,
    nothing_lies_below_zero,
    chains_are_whole,
    movements_say_what_was_asked,
    movements_are_of_one_item,
)


def run() -> Iterator[tuple[str, list[str]]]:
    """(name of the check, what it found) for all."""
    for check in CHECKS:
        yield check.__name__, list(check())
