"""Supplies: bought, handed out, moved, lost, given back, used up. Units are whole."""

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency.ledger import Books, Wanted
from emergency.models import Depot, DepotKind, Item, Movement, MovementKind, Order, Stock
from emergency.models.supplies import stores_near
from emergency.workflow import OrderState
from grids.locate import Place
from grids.models import Territory
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User


class NotEnough(RuleViolation):
    def __init__(self, there: int) -> None:
        text = _("Only %(there)s are there.") % {"there": there}
        super().__init__(text, code="not_enough")


class KeyReused(RuleViolation):
    def __init__(self) -> None:
        text = _("This was sent before with other contents. Load the page again.")
        super().__init__(text, code="key_reused")


@dataclass(frozen=True, slots=True)
class Lot:
    """So many units of an item, under a key that makes a retry harmless."""

    item: Item
    amount: int
    key: str
    note: str = ""


@transaction.atomic
def open_depot(  # noqa: PLR0913 -- what the form asks
    *,
    name: str,
    address: str,
    territory: Territory,
    by: User,
    at: datetime.datetime,
    lon: float | None = None,
    lat: float | None = None,
) -> Depot:
    """A depot of a town or community. Raises NotYours, RuleViolation."""
    place = Place.of(territory)
    depot = Depot(
        name=name.strip(), address=address.strip(), lon=lon, lat=lat, town_id=place.town_id,
        community_id=place.community_id, grid_id=place.grid_id,
    )  # fmt: skip
    if place.town_id is None:
        raise RuleViolation(_("Say in which town the depot lies."), code="no_place")
    depot.save()
    _demand_keeper(depot, by, at=at)
    return depot


def receive(depot: Depot, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    """Came in from outside: bought, given or returned by the town."""
    _demand_keeper(depot, by, at=at)
    return _move(MovementKind.IN, outside(DepotKind.SUPPLIER), depot, lot, by=by, at=at)


def transfer(depot: Depot, to: Depot, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    _demand_keeper(depot, by, at=at)
    if to.kind != DepotKind.STORE or to.pk == depot.pk:
        raise RuleViolation(_("Choose another depot."), code="depot")
    return _move(MovementKind.TRANSFER, depot, to, lot, by=by, at=at)


def lose(depot: Depot, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    """Lost or spoilt; the note says how."""
    _demand_keeper(depot, by, at=at)
    if not lot.note.strip():
        raise RuleViolation(_("Write the reason."), code="reason_missing")
    return _move(MovementKind.LOSS, depot, outside(DepotKind.LOST), lot, by=by, at=at)


def hand_out(depot: Depot, order: Order, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    """Into the field of an order in force. Raises NotYours, NotEnough, WrongState, KeyReused."""
    _demand_keeper(depot, by, at=at)
    if not Order.objects.filter(pk=order.pk, state=OrderState.IN_FORCE).exists():
        raise WrongState(_("The order is not in force."))
    return _move(MovementKind.OUT, depot, field_of(order), lot, order=order, by=by, at=at)


def take_back(depot: Depot, order: Order, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    """Back from the field."""
    _demand_keeper(depot, by, at=at)
    return _move(MovementKind.RETURN, field_of(order), depot, lot, order=order, by=by, at=at)


def use_up(depot: Depot, order: Order, lot: Lot, *, by: User, at: datetime.datetime) -> Movement:
    """What was handed out by `depot` and used up in the field."""
    _demand_keeper(depot, by, at=at)
    gone = outside(DepotKind.USED)
    return _move(MovementKind.USE, field_of(order), gone, lot, order=order, by=by, at=at)


def _demand_keeper(depot: Depot, by: User, *, at: datetime.datetime) -> None:
    if not stores_near(by, on=localdate(at)).filter(pk=depot.pk).exists():
        raise NotYours(_("Only who works at the place of the depot may do that."))


def outside(kind: DepotKind) -> Depot:
    """The one that stands for the supplier, for what is used up, for what is lost."""
    depot, _made = Depot.objects.get_or_create(kind=kind, defaults={"name": kind.value})
    return depot


def field_of(order: Order) -> Depot:
    return Depot.objects.get(order=order)


def _stock(depot: Depot, item: Item) -> Stock:
    owes = depot.kind == DepotKind.SUPPLIER
    stock, _made = Stock.objects.get_or_create(depot=depot, item=item, defaults={"owes": owes})
    return stock


def _move(  # noqa: PLR0913 -- what a movement says
    kind: MovementKind,
    source: Depot,
    target: Depot,
    lot: Lot,
    *,
    by: User,
    at: datetime.datetime,
    order: Order | None = None,
) -> Movement:
    """Raises RuleViolation (no amount), NotEnough, KeyReused."""
    if lot.amount < 1:
        raise RuleViolation(_("Enter how many."), code="amount")
    ends = _stock(source, lot.item), _stock(target, lot.item)
    key = order.pk if order else None
    wanted = Wanted(kind, ends[0].pk, ends[1].pk, lot.amount, lot.key, key)
    try:
        return _written(wanted, by=by, at=at, note=lot.note.strip()[:200])
    except IntegrityError:  # the same key at the same time, between other stocks
        known = Movement.objects.filter(key=lot.key).first()
        if known is None:
            raise
        return _same(known, wanted)


@transaction.atomic
def _written(wanted: Wanted, *, by: User, at: datetime.datetime, note: str) -> Movement:
    books = Books.open(wanted.source_id, wanted.target_id, key=wanted.key)
    if books.done is not None:
        return _same(books.done, wanted)
    source = books.stocks[wanted.source_id]
    if not source.owes and source.balance < wanted.amount:
        raise NotEnough(source.balance)
    return books.write(wanted, by=by, at=at, note=note)


def _same(known: Movement, wanted: Wanted) -> Movement:
    if known.payload_hash != wanted.payload_hash:
        raise KeyReused
    return known
