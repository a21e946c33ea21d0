"""The time bank (时间银行): minutes that people owe each other; all accounts together are zero.

A transfer *is* the movement from one account to another, so it balances by construction: triggers
(`volunteers/migrations/sql/time_bank.*.sql`) apply it to both accounts when it is inserted, and
refuse every other change of a balance. One hour of help is sixty minutes, whoever gives it.
"""

import datetime
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import BodyTerritory
from grids.scopes import Scope, scopes_of
from lib.chain import GENESIS, digest
from lib.roles import COMMITTEE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User

# Who keeps a community's pool.
KEEPERS = COMMITTEE | {Role.COMMUNITY_WORKER, Role.VOLUNTEER_ORGANIZER}
READERS = KEEPERS | {Role.SUPERVISOR, Role.AUDIT_ADMIN}


class TimeRule(Dated):
    """How far accounts may go, how long minutes last, how many may be given away. In minutes."""

    overdraft = models.PositiveIntegerField(
        _("a person may owe at most (minutes)"),
        help_text=_("So much help somebody may have before giving any."),
    )
    ceiling = models.PositiveIntegerField(
        _("a person may save at most (minutes)"),
        help_text=_("What comes in beyond it is refused."),
    )
    pool_overdraft = models.PositiveIntegerField(
        _("a community may owe at most (minutes)"),
        help_text=_("So much a community may pay before anything comes back to it."),
    )
    keep_months = models.PositiveSmallIntegerField(
        _("unused minutes return to the pool after (months)")
    )
    gift_minutes = models.PositiveIntegerField(
        _("may be given away in a month (minutes)"),
        help_text=_("To others, without help received for it."),
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of the time bank")
        verbose_name_plural = _("rules of the time bank")
        constraints = [
            ends_after_it_begins("timerule_ends_after_it_begins"),
            models.UniqueConstraint(fields=["valid_from"], name="timerule_begins_once"),
            models.CheckConstraint(
                condition=Q(keep_months__gte=1, ceiling__gte=1), name="timerule_gives_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


class TimeAccountQuerySet(models.QuerySet["TimeAccount"]):
    def with_names(self) -> Self:
        return self.select_related("person", "body", "home__body")

    def of_people(self) -> Self:
        return self.filter(person__isnull=False)

    def pools(self) -> Self:
        return self.filter(body__isnull=False)

    def numbered(self, number: str) -> Self:
        """The account with this number; none where the number is no such."""
        digits = number.strip().replace(" ", "")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            return self.none()
        key = int(digits) // 10
        return self.filter(pk=key) if int(with_check_digit(key)) == int(digits) else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """One's own account; who keeps or watches a community's pool, it and its people's.

        A post reaches pools of its bodies, and of the bodies of every place that it covers.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        scopes = [scope for scope in scopes_of(user, on=on) if scope.role in READERS]
        if any(scope.everywhere for scope in scopes):
            return self
        bodies = {body for scope in scopes for body in scope.body_ids}
        bodies |= _bodies_in(scopes, on=on) if scopes else set()
        return self.filter(Q(person=user) | Q(body__in=bodies) | Q(home__body__in=bodies))


def _bodies_in(scopes: Collection[Scope], *, on: datetime.date) -> set[int]:
    """Bodies with a pool that answer for a place within one of these."""
    towns = {key for scope in scopes for key in scope.towns}
    places = towns | {key for scope in scopes for key in scope.communities}
    rows = BodyTerritory.objects.valid_on(on).filter(body__time_pool__isnull=False)
    near = rows.filter(Q(territory__in=places) | Q(territory__parent__in=towns))
    return set(near.values_list("body", flat=True))


def with_check_digit(key: int) -> str:
    """A key as eight digits, the last of which tells most slips of the pen (Luhn)."""
    digits = f"{key:07d}"
    doubled = (
        int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits[::-1])
    )
    total = sum(number // 10 + number % 10 for number in doubled)
    return f"{digits}{-total % 10}"


class TimeAccount(models.Model):
    """Minutes of a person, or of a community's pool; `home` is the pool that a person belongs to.

    `balance` never falls below `floor` and never rises above `ceiling` (None: no end). Balance,
    version and head change by transfers only.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="time_account",
        verbose_name=_("person"),
    )
    body = models.OneToOneField(
        "organizations.Body",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="time_pool",
        verbose_name=_("body"),
    )
    home = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="members",
        verbose_name=_("pool"),
    )  # fmt: skip
    balance = models.BigIntegerField(_("balance (minutes)"), default=0)
    floor = models.BigIntegerField(_("not below (minutes)"))
    ceiling = models.BigIntegerField(_("not above (minutes)"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)
    opened_at = models.DateTimeField(_("opened"))

    objects = TimeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account of the time bank")
        verbose_name_plural = _("accounts of the time bank")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, body=None, home__isnull=False)
                | Q(person=None, body__isnull=False, home=None),
                name="timeaccount_is_a_persons_or_a_pool",
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=F("floor")), name="timeaccount_not_below_its_floor"
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(balance__lte=F("ceiling")),
                name="timeaccount_not_above_its_ceiling",
            ),
            models.CheckConstraint(condition=Q(floor__lte=0), name="timeaccount_floor_allows_zero"),
        ]

    def __str__(self) -> str:
        return str(self.body or self.person)

    @property
    def number(self) -> str:
        """What people tell each other: the key with a check digit (Luhn), 00000174."""
        return with_check_digit(self.pk)

    @property
    def is_pool(self) -> bool:
        return self.body_id is not None

    @property
    def spendable(self) -> int:
        """Minutes that may still leave."""
        return self.balance - self.floor


class TimeKind(models.TextChoices):
    """What a transfer did."""

    HELP = "help", _("Paid for help")
    DEPOSIT = "deposit", _("Saved from confirmed hours")
    GIFT = "gift", _("Given away")
    CARE = "care", _("Paid by the community")
    LAPSE = "lapse", _("Returned to the pool, unused too long")
    RETURN = "return", _("Returned to the pool, hours revoked")
    REVERSE = "reverse", _("Reversed")


class TimeTransferQuerySet(models.QuerySet["TimeTransfer"]):
    def of(self, account: TimeAccount) -> Self:
        return self.filter(Q(source=account) | Q(target=account))

    def around(self, pool: TimeAccount) -> Self:
        """What moved in a community: from or to its pool and its people."""
        accounts = TimeAccount.objects.filter(Q(pk=pool.pk) | Q(home=pool))
        return self.between(accounts)

    def between(self, accounts: models.QuerySet[TimeAccount]) -> Self:
        """From or to one of these accounts."""
        keys = accounts.values("pk")
        return self.filter(Q(source__in=keys) | Q(target__in=keys))

    def with_names(self) -> Self:
        return self.select_related(
            "source__person", "source__body", "source__home__body", "target__person",
            "target__body", "target__home__body", "by", "reversed_by", "note_row",
        )  # fmt: skip

    def into(self, account: TimeAccount, *, since: datetime.datetime) -> int:
        """Minutes that came in after `since`."""
        rows = self.filter(target=account, at__gt=since)
        return int(rows.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"])

    def given_by(
        self, account: TimeAccount, *, since: datetime.datetime, until: datetime.datetime
    ) -> int:
        """Minutes given away from `since` (included) to `until`, what was reversed left out."""
        gifts = self.filter(source=account, kind=TimeKind.GIFT, at__gte=since, at__lt=until)
        kept = gifts.filter(reversed_by=None)
        return int(kept.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"])


class TimeTransfer(models.Model):
    """`amount` minutes from `source` to `target`, under a key that the caller made.

    It is a link in the chains of both accounts: their numbers after it, the hashes before it, and
    one `hash` over all, which becomes the head of both. The same key again is answered with the
    first transfer; with another content (`payload_hash`) it is refused.
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=TimeKind)
    payload_hash = models.CharField(max_length=64)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    source = models.ForeignKey(
        TimeAccount, models.PROTECT, related_name="outgoing", db_index=False,
        verbose_name=_("from"),
    )  # fmt: skip
    source_number = models.PositiveIntegerField()
    source_previous = models.CharField(max_length=64)
    target = models.ForeignKey(
        TimeAccount, models.PROTECT, related_name="incoming", db_index=False, verbose_name=_("to")
    )
    target_number = models.PositiveIntegerField()
    target_previous = models.CharField(max_length=64)
    amount = models.BigIntegerField(pgettext_lazy("of time", "minutes"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    at = models.DateTimeField(_("made at"))
    note_digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = TimeTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer of time")
        verbose_name_plural = _("transfers of time")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="timetransfer_moves_something"),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="timetransfer_between_two"
            ),
            models.CheckConstraint(
                condition=Q(kind=TimeKind.REVERSE, reverses__isnull=False)
                | (~Q(kind=TimeKind.REVERSE) & Q(reverses=None)),
                name="timetransfer_reversal_names_it",
            ),
            models.UniqueConstraint(
                fields=["source", "source_number"], name="timetransfer_source_number_once"
            ),
            models.UniqueConstraint(
                fields=["target", "target_number"], name="timetransfer_target_number_once"
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_key"], name="timetransfer_about")]

    def __str__(self) -> str:
        return self.key

    def record(self) -> dict[str, Any]:
        """What the hash covers, beside the two hashes before it."""
        return {
            "key": self.key,
            "kind": str(self.kind),
            "payload": self.payload_hash,
            "subject": [self.subject_kind, self.subject_key],
            "source": [self.source_id, self.source_number],
            "target": [self.target_id, self.target_number],
            "amount": self.amount,
            "reverses": self.reverses_id,
            "by": self.by_id,
            "at": self.at,
            "note": self.note_digest,
        }

    def digest(self) -> str:
        return digest(self.record(), previous=f"{self.source_previous}{self.target_previous}")

    def is_intact(self) -> bool:
        return self.hash == self.digest()

    @property
    def note(self) -> str:
        """Its words, as long as they were not erased."""
        row = getattr(self, "note_row", None)
        return row.text if row else ""


class TimeNote(models.Model):
    """The words of a transfer, beside the chain: erasable. The chain keeps their salted digest."""

    transfer = models.OneToOneField(
        TimeTransfer, models.PROTECT, primary_key=True, related_name="note_row"
    )
    text = models.CharField(max_length=200, blank=True)
    salt = models.CharField(max_length=32, blank=True)
