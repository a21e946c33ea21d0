"""The ledger's core: every entry moves an amount between two buckets of a line, so it balances.

An entry *is* the movement: triggers (`funding/migrations/sql`) apply it to its line and its hold
when it is inserted, and refuse every other change of their amounts. So money cannot move without
an entry, nor an entry be written that moves nothing, on either database.
"""

import datetime
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.models.lines import Line, Purpose
from lib.chain import GENESIS, ChainedEvent
from organizations.models import User


class Bucket(models.TextChoices):
    OUTSIDE = "outside", _("Outside")
    AVAILABLE = "available", _("Free")
    RESERVED = "reserved", _("Reserved")
    PAYABLE = "payable", _("Payable")
    SPENT = "spent", _("Spent")


# Every way that money may go; each is one step, forwards or back.
STEPS = (
    (Bucket.OUTSIDE, Bucket.AVAILABLE),
    (Bucket.AVAILABLE, Bucket.RESERVED),
    (Bucket.RESERVED, Bucket.PAYABLE),
    (Bucket.PAYABLE, Bucket.SPENT),
)


def _is_a_step() -> Q:
    allowed = Q()
    for near, far in STEPS:
        allowed |= Q(source_bucket=near, target_bucket=far)
        allowed |= Q(source_bucket=far, target_bucket=near)
    return allowed


class Kind(models.TextChoices):
    """What a posting did."""

    RECEIVE = "receive", _("Received")
    TRANSFER = "transfer", _("Moved to another line")
    RESERVE = "reserve", _("Reserved")
    TOP_UP = "top_up", _("Topped up")
    SETTLE = "settle", _("Settled")
    SETTLE_PART = "settle_part", _("Settled in part")
    RELEASE = "release", _("Released")
    EXPIRE = "expire", _("Expired")
    PAY = "pay", _("Paid")
    DROP = "drop", _("No longer owed")
    REFUND = "refund", _("Refunded")
    ENTRUST = "entrust", _("Moved with the task")
    REVERSE = "reverse", _("Reversed")


class Posting(models.Model):
    """One thing that happened to money, under a key that the caller made.

    The same key again is answered with the first posting; the same key with another content
    (`payload_hash`) is refused. `subject_kind` and `subject_key` name what it was for.
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    payload_hash = models.CharField(max_length=64)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    at = models.DateTimeField(_("made at"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.REVERSE, reverses__isnull=False)
                | (~Q(kind=Kind.REVERSE) & Q(reverses=None)),
                name="reversal_names_its_posting",
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_key"], name="posting_subject")]

    def __str__(self) -> str:
        return self.key

    def record(self) -> dict[str, Any]:
        """The posting's part of what an entry's hash covers."""
        return {
            "key": self.key,
            "kind": self.kind,
            "payload": self.payload_hash,
            "subject": [self.subject_kind, self.subject_key],
            "reverses": self.reverses_id,
            "by": self.by_id,
            "at": self.at,
            "note": self.note,
        }


class HoldQuerySet(models.QuerySet["Hold"]):
    def unresolved(self) -> Self:
        return self.filter(open__gt=0)

    def expired(self, *, at: datetime.datetime) -> Self:
        return self.unresolved().filter(expires_at__lte=at)

    def with_names(self) -> Self:
        return self.select_related("line", "line__source", "line__body", "purpose")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Holds on the lines that `user` may read."""
        return self.filter(line__in=Line.objects.visible_to(user, on=on))


class Hold(models.Model):
    """Money kept for one piece of work, as its entries made it; a new hold holds nothing.

    `amount` was reserved in all; `open` is not yet resolved, `payable` is owed, `paid` is spent;
    the rest went back. Line, purpose and subject never change.
    """

    line = models.ForeignKey(Line, models.PROTECT, related_name="holds", verbose_name=_("line"))
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, related_name="+", db_index=False, verbose_name=_("purpose")
    )
    subject_kind = models.SlugField()
    subject_key = models.CharField(max_length=60)
    amount = models.BigIntegerField(_("amount"), default=0)
    open = models.BigIntegerField(_("not yet resolved"), default=0)
    payable = models.BigIntegerField(_("payable"), default=0)
    paid = models.BigIntegerField(_("paid"), default=0)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(open__gte=0, payable__gte=0, paid__gte=0),
                name="hold_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("open") + F("payable") + F("paid")),
                name="hold_parts_fit",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_key"], name="hold_subject"),
            models.Index(
                fields=["expires_at"],
                condition=Q(open__gt=0, expires_at__isnull=False),
                name="hold_open_expiry",
            ),
        ]

    @property
    def released(self) -> int:
        """What went back to the line."""
        return self.amount - self.open - self.payable - self.paid


@dataclass(frozen=True, slots=True)
class Verified:
    """Entries `first` to `last` were recomputed; `broken_at` is one that does not hold."""

    first: int
    last: int
    broken_at: int | None


class EntryQuerySet(models.QuerySet["Entry"]):
    def in_order(self) -> Self:
        """Chains of all lines, one after the other, with what their hashes cover."""
        return self.select_related("posting").order_by("line", "number")

    def with_names(self) -> Self:
        return self.select_related("posting", "posting__by", "purpose", "hold")

    def verify_newest(self, line: Line, count: int) -> "Verified":
        """Recompute the hashes of the newest `count` entries of `line`, up to its head."""
        newest = self.filter(line=line).select_related("posting").order_by("-number")[:count]
        expected, number, first = line.head, line.version, line.version + 1
        for entry in newest:
            if (entry.number, entry.hash) != (number, expected) or not entry.is_intact():
                return Verified(first, line.version, broken_at=number)
            expected, number, first = entry.previous_hash, number - 1, entry.number
        reached = first == max(1, line.version - count + 1)
        intact = reached and (first > 1 or expected == GENESIS)
        return Verified(first, line.version, broken_at=None if intact else number)


class Entry(ChainedEvent):
    """A movement of `amount` fen of one line; `number` is the line's version after it."""

    # The unique constraints below are the indexes of `posting` and `line`.
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries", db_index=False)
    position = models.PositiveSmallIntegerField()
    line = models.ForeignKey(Line, models.PROTECT, related_name="entries", db_index=False)
    hold = models.ForeignKey(Hold, models.PROTECT, null=True, related_name="entries")
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source_bucket = models.CharField(_("moved from"), max_length=10, choices=Bucket)
    target_bucket = models.CharField(_("moved to"), max_length=10, choices=Bucket)
    amount = models.BigIntegerField(_("amount"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="entry_version_once"),
            models.UniqueConstraint(fields=["posting", "position"], name="entry_position_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=_is_a_step(), name="entry_goes_one_step"),
            models.CheckConstraint(
                condition=(
                    (Q(source_bucket=Bucket.OUTSIDE) | Q(target_bucket=Bucket.OUTSIDE))
                    & Q(hold=None, purpose=None)
                )
                | (
                    ~Q(source_bucket=Bucket.OUTSIDE)
                    & ~Q(target_bucket=Bucket.OUTSIDE)
                    & Q(hold__isnull=False, purpose__isnull=False)
                ),
                name="entry_inside_names_hold_and_purpose",
            ),
        ]

    def record(self) -> dict[str, Any]:
        return {
            "line": self.line_id,
            "number": self.number,
            "position": self.position,
            "hold": self.hold_id,
            "purpose": self.purpose_id,
            "from": str(self.source_bucket),
            "to": str(self.target_bucket),
            "amount": self.amount,
            "posting": self.posting.record(),
        }
