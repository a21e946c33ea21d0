"""Gifts of money: what the donor wished, what was receipted, what was told about their use.

慈善法 (2023): art. 38 receipt, 39 agreement, 42 the donor's right to know, 72 and 79 disclosure,
82 what is not published against the donor's will, 110 no other purpose than the donor's. This
house collects no donations in public (art. 22, 27): it records what a body was given.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funding.models.documents import Document
from funding.models.ledger import Posting
from funding.models.lines import Line, Purpose
from lib.chain import ChainedEvent
from lib.languages import in_language
from lib.numbering import YearBook
from organizations.models import User

# The code of the source that donations belong to (`funding/reference/sources.csv`).
DONATION = "donation"


class DonationProjectQuerySet(models.QuerySet["DonationProject"]):
    def with_names(self) -> Self:
        return self.select_related("line__body", "line__source")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(line__in=Line.objects.visible_to(user, on=on))


class DonationProject(models.Model):
    """What a line of donated money is for, and how often its use must be told.

    While `emergency_until` has not passed the short term of an emergency holds.
    """

    line = models.OneToOneField(
        Line, models.PROTECT, related_name="project", verbose_name=_("budget line")
    )
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    about = models.TextField(_("what it is for"), max_length=1000)
    begins = models.DateField(_("begins"))
    ends = models.DateField(_("ends"), null=True, blank=True)
    emergency_from = models.DateField(_("emergency since"), null=True, blank=True)
    emergency_until = models.DateField(_("emergency until"), null=True, blank=True)

    objects = DonationProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project of donations")
        verbose_name_plural = _("projects of donations")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("begins")), name="project_ends_after_begin"
            ),
            models.CheckConstraint(
                condition=Q(emergency_from=None, emergency_until=None)
                | Q(emergency_from__isnull=False, emergency_until=None)
                | Q(emergency_until__gte=F("emergency_from")),
                name="project_emergency_ends_after_begin",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def is_emergency(self, on: datetime.date) -> bool:
        began = self.emergency_from is not None and self.emergency_from <= on
        return began and (self.emergency_until is None or on <= self.emergency_until)


class DonationQuerySet(models.QuerySet["Donation"]):
    def with_names(self) -> Self:
        return self.select_related(
            "line__body", "line__source", "purpose", "recorded_by", "decided_by"
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Donations to the lines that `user` may read."""
        return self.filter(line__in=Line.objects.visible_to(user, on=on))

    def waiting(self) -> Self:
        return self.filter(state=Donation.State.RECORDED)

    def received(self) -> Self:
        """What has become money of its line."""
        return self.filter(state=Donation.State.RECEIVED)


class Donation(models.Model):
    """A gift of `amount` fen to the owner of `line`.

    A clerk records it, a reviewer, another person, finds it on the account; then it is money of the
    line and has its number. `purpose` is the donor's wish: the line may then serve no other one.
    The donor's name and telephone may be erased when the law's time is over; nothing else changes.
    """

    class State(models.TextChoices):
        RECORDED = "recorded", _("Waits for the check")
        RECEIVED = "received", _("Received")
        REFUSED = "refused", _("Refused")

    class Donor(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANIZATION = "organization", _("Organisation")

    class Receipt(models.TextChoices):
        ISSUED = "issued", _("Receipt wanted")
        WAIVED = "waived", _("Receipt waived by the donor")
        ANONYMOUS = "anonymous", _("Donor unknown or anonymous: no receipt")

    line = models.ForeignKey(
        Line, models.PROTECT, related_name="donations", verbose_name=_("to the budget line")
    )
    purpose = models.ForeignKey(
        Purpose,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("purpose wished by the donor"),
    )
    donor_kind = models.CharField(
        _("donor is a"), max_length=12, choices=Donor, default=Donor.PERSON
    )
    donor_name = models.CharField(_("donor"), max_length=100, blank=True)
    donor_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    amount = models.BigIntegerField(_("amount"))
    given_on = models.DateField(_("given on"))
    receipt = models.CharField(_("receipt"), max_length=10, choices=Receipt, default=Receipt.ISSUED)
    name_shown = models.BooleanField(_("the name may be published"), default=False)
    amount_shown = models.BooleanField(_("the amount may be published"), default=True)
    agreement = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("written agreement"),
    )  # fmt: skip
    key = models.CharField(max_length=100, unique=True)
    payload_hash = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECORDED)
    number = models.CharField(_("number"), max_length=20, blank=True)
    code = models.CharField(_("query code"), max_length=12)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("checked"), null=True, blank=True)
    answer = models.CharField(_("reason"), max_length=200, blank=True)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="donation"
    )

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="donation_amount_positive"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("recorded_by")),
                name="donation_is_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="recorded", decided_by=None, decided_at=None, posting=None)
                & Q(number="")
                | (
                    Q(state="received", decided_by__isnull=False, decided_at__isnull=False)
                    & Q(posting__isnull=False) & ~Q(number="")
                )
                | (
                    Q(state="refused", decided_by__isnull=False, decided_at__isnull=False)
                    & Q(posting=None, number="") & ~Q(answer="")
                ),
                name="donation_decided_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(receipt="anonymous") | Q(name_shown=False),
                name="donation_anonymous_is_not_named",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="donation_number_once"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "line"], name="donation_state")]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def is_anonymous(self) -> bool:
        return self.receipt == Donation.Receipt.ANONYMOUS

    @property
    def public_name(self) -> str:
        """The name where the donor agreed to its publication, else ""."""
        return self.donor_name if self.name_shown else ""

    @property
    def public_amount(self) -> int | None:
        """None where the donor does not want it shown; sums hold it all the same."""
        return self.amount if self.amount_shown else None


class DonationBook(YearBook):
    """Numbers of donations of a year."""


class UseReport(ChainedEvent):
    """What was received, used and left of a project up to a day: told to donors and everybody."""

    project = models.ForeignKey(
        DonationProject, models.PROTECT, related_name="reports", verbose_name=_("project")
    )
    upto = models.DateField(_("up to"))
    text = models.TextField(_("what was done"), max_length=2000)
    figures = models.JSONField(_("figures"))
    is_final = models.BooleanField(_("final report"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("report on the use of donations")
        verbose_name_plural = _("reports on the use of donations")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="use_report_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "project": self.project_id,
            "number": self.number,
            "upto": self.upto.isoformat(),
            "text": self.text,
            "figures": self.figures,
            "final": self.is_final,
            "by": self.by_id,
            "at": self.at,
        }


class DonationList(models.Model):
    """A list that somebody has published, read from a file whose own total agrees with its rows.

    `fingerprint` covers the rows, not the file: the same list under another name is recognised.
    """

    title = models.CharField(_("title"), max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    fingerprint = models.CharField(max_length=64, unique=True)
    total = models.BigIntegerField(_("total"))
    rows = models.PositiveIntegerField(_("rows"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("published list of donations")
        verbose_name_plural = _("published lists of donations")

    def __str__(self) -> str:
        return self.title


class ListedDonation(models.Model):
    """One row of a published list, as it stood there."""

    list = models.ForeignKey(DonationList, models.PROTECT, related_name="listed", db_index=False)
    position = models.PositiveIntegerField()
    given_on = models.DateField(_("given on"))
    donor = models.CharField(_("donor"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("donation of a published list")
        verbose_name_plural = _("donations of published lists")
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="listed_position_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="listed_amount_positive"),
        ]
