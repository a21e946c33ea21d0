"""How supplies move: lock both stocks, decide, append; the database moves the balances."""

from dataclasses import dataclass
from datetime import datetime

from emergency.models import Movement, MovementKind, Stock
from lib.chain import fingerprint
from organizations.models import User


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for under a key; a retry asks the same later, maybe by another hand."""

    kind: MovementKind
    source_id: int
    target_id: int
    amount: int
    key: str
    order_id: int | None = None

    @property
    def payload_hash(self) -> str:
        return payload_hash(self.kind, self.source_id, self.target_id, self.amount, self.order_id)


def payload_hash(kind: str, source: int, target: int, amount: int, order: int | None) -> str:
    return fingerprint(
        {
            "kind": str(kind),
            "source": source,
            "target": target,
            "amount": amount,
            "order": order,
        }
    )


@dataclass(slots=True)
class Books:
    """The two stocks, locked in the order of their ids, and what the key did before."""

    stocks: dict[int, Stock]
    done: Movement | None

    @classmethod
    def open(cls, *stock_ids: int, key: str) -> "Books":
        """Lock first, then look for the key: a retry waits for the first try."""
        rows = Stock.objects.filter(pk__in=stock_ids).order_by("pk")
        stocks = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
        return cls(stocks, Movement.objects.filter(key=key).first())

    def write(self, wanted: Wanted, *, by: User, at: datetime, note: str = "") -> Movement:
        """Append the movement; its trigger changes both stocks, or refuses."""
        source, target = self.stocks[wanted.source_id], self.stocks[wanted.target_id]
        movement = Movement(
            key=wanted.key,
            kind=wanted.kind,
            payload_hash=wanted.payload_hash,
            order_id=wanted.order_id,
            source=source,
            source_number=source.version + 1,
            source_previous=source.head,
            target=target,
            target_number=target.version + 1,
            target_previous=target.head,
            amount=wanted.amount,
            by=by,
            at=at,
            note=note,
        )
        movement.hash = movement.digest()
        movement.save(force_insert=True)
        return movement
