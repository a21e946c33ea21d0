"""Supplies (物资): depots, what they hold, and movements between them; nothing falls below zero.

A movement *is* what leaves one stock and comes into another, so all stocks of an item together are
zero: what was bought stands as a debt of `supplier`. Triggers (`emergency/migrations/sql`) apply a
movement to both stocks, and refuse every other change of a balance.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.models.orders import FIELD, WATCHERS, Order, Placed
from emergency.models.reference import Item
from grids.scopes import in_reach
from lib.chain import GENESIS, digest
from lib.roles import Role
from organizations.models import User

KEEPERS = WATCHERS | FIELD


class DepotKind(models.TextChoices):
    STORE = "store", _("Depot")
    FIELD = "field", _("In the field")
    SUPPLIER = "supplier", _("Supplier")
    USED = "used", _("Used up")
    LOST = "lost", _("Lost")


class DepotQuerySet(models.QuerySet["Depot"]):
    def stores(self) -> Self:
        return self.filter(kind=DepotKind.STORE)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Of the places where `user` works; stocks in the field with their order."""
        if not user.pk:
            return self.none()
        near = Depot.objects.filter(in_reach(user, KEEPERS, on=on)).values("pk")
        orders = Order.objects.worked_by(user, on=on).values("pk")
        return self.filter(Q(pk__in=near, kind=DepotKind.STORE) | Q(order__in=orders))


class Depot(Placed):
    """A place that keeps supplies, or what stands for where they came from and went.

    One `field` for each order: what was handed out there and is neither used nor back.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=DepotKind, default=DepotKind.STORE)
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="field_depot"
    )

    objects = DepotQuerySet.as_manager()

    class Meta:
        verbose_name = _("depot")
        verbose_name_plural = _("depots")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="field", order__isnull=False) | (~Q(kind="field") & Q(order=None)),
                name="depot_field_has_its_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind="store") | Q(town__isnull=False), name="depot_lies_somewhere"
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=["supplier", "used", "lost"]),
                name="depot_one_outside",
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.kind == DepotKind.STORE else str(DepotKind(self.kind).label)


class Stock(models.Model):
    """Units of an item at a depot; only what stands for the supplier may owe."""

    depot = models.ForeignKey(Depot, models.PROTECT, related_name="stocks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="stocks", verbose_name=_("item"))
    owes = models.BooleanField(default=False, editable=False)
    balance = models.BigIntegerField(_("units"), default=0)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stocks")
        constraints = [
            models.UniqueConstraint(fields=["depot", "item"], name="stock_once"),
            models.CheckConstraint(
                condition=Q(balance__gte=0) | Q(owes=True), name="stock_not_below_zero"
            ),
        ]


class MovementKind(models.TextChoices):
    IN = "in", pgettext_lazy("supplies", "Came in")
    OUT = "out", _("Handed out")
    TRANSFER = "transfer", _("Moved to another depot")
    LOSS = "loss", _("Lost or spoilt")
    RETURN = "return", _("Came back")
    USE = "use", _("Used up")


class SupplyMovementQuerySet(models.QuerySet["Movement"]):
    def with_names(self) -> Self:
        return self.select_related("source__depot", "source__item", "target__depot", "by", "order")

    def of_depot(self, depot: Depot) -> Self:
        return self.filter(Q(source__depot=depot) | Q(target__depot=depot))


class Movement(models.Model):
    """`amount` units from one stock to another of the same item, under a key that the caller made.

    A link in the chains of both stocks; the same key again is answered with the first movement.
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    payload_hash = models.CharField(max_length=64)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="movements"
    )
    source = models.ForeignKey(Stock, models.PROTECT, related_name="outgoing", db_index=False)
    source_number = models.PositiveIntegerField()
    source_previous = models.CharField(max_length=64)
    target = models.ForeignKey(Stock, models.PROTECT, related_name="incoming", db_index=False)
    target_number = models.PositiveIntegerField()
    target_previous = models.CharField(max_length=64)
    amount = models.BigIntegerField(_("units"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = SupplyMovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of supplies")
        verbose_name_plural = _("movements of supplies")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="movement_between_two"),
            models.UniqueConstraint(
                fields=["source", "source_number"], name="movement_source_number_once"
            ),
            models.UniqueConstraint(
                fields=["target", "target_number"], name="movement_target_number_once"
            ),
        ]

    def record(self) -> dict[str, Any]:
        """What the hash covers, beside the two hashes before it."""
        return {
            "key": self.key,
            "kind": str(self.kind),
            "payload": self.payload_hash,
            "order": self.order_id,
            "source": [self.source_id, self.source_number],
            "target": [self.target_id, self.target_number],
            "amount": self.amount,
            "by": self.by_id,
            "at": self.at,
            "note": self.note,
        }

    def digest(self) -> str:
        return digest(self.record(), previous=f"{self.source_previous}{self.target_previous}")

    def is_intact(self) -> bool:
        return self.hash == self.digest()


def stores_near(user: User, *, on: datetime.date) -> DepotQuerySet:
    """Depots that `user` may move supplies from and to."""
    roles = KEEPERS - {Role.SUPERVISOR, Role.AUDIT_ADMIN}
    rows: DepotQuerySet = Depot.objects.stores().filter(in_reach(user, roles, on=on))
    return rows
