"""Money of members and owners: who decided, what is distributed, who may not hold two offices.

农村集体经济组织法 (2024): art. 27, 28 two thirds of all members (or delegates) agree; art. 29 near
relatives do not sit in one council; art. 34 who is in the council or keeps the books, and their
near relatives, does not supervise; art. 42 reserve and welfare funds first, then distribution.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from funding.models.documents import Document
from funding.models.ledger import Hold, Posting
from funding.models.lines import Line
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_names(self) -> Self:
        return self.select_related("line__body", "line__source", "document", "by")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(line__in=Line.objects.visible_to(user, on=on))

    def decided(self, line: Line) -> int:
        """Fen of `line` that members or owners have agreed to spend, in all."""
        return self.filter(line=line).aggregate(sum=Sum("amount"))["sum"] or 0


class Decision(models.Model):
    """Members or owners agreed to spend up to `amount` fen of a line.

    Only a decision that passed is recorded, and it stays: the CHECKs repeat the counts that the law
    wants, a trigger lets no line that needs decisions spend more than they allow.
    `consultation_kind` and `consultation_key` name the consultation that it came from.
    """

    class Assembly(models.TextChoices):
        MEMBERS = "members", _("Meeting of all members")
        DELEGATES = "delegates", _("Meeting of members' delegates")
        OWNERS = "owners", _("Owners or residents who benefit")

    line = models.ForeignKey(
        Line, models.PROTECT, related_name="decisions", verbose_name=_("budget line")
    )
    assembly = models.CharField(_("who decided"), max_length=10, choices=Assembly)
    title = models.CharField(_("what was decided"), max_length=200)
    amount = models.BigIntegerField(_("up to the amount"))
    held_on = models.DateField(_("day of the meeting"))
    entitled = models.PositiveIntegerField(_("entitled to vote"))
    present = models.PositiveIntegerField(_("took part"))
    votes_for = models.PositiveIntegerField(_("for"))
    votes_against = models.PositiveIntegerField(_("against"), default=0)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", verbose_name=_("minutes")
    )
    consultation_kind = models.SlugField(blank=True)
    consultation_key = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of members or owners")
        verbose_name_plural = _("decisions of members or owners")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, entitled__gt=0), name="decision_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("entitled"))
                & Q(present__gte=F("votes_for") + F("votes_against")),
                name="decision_counts_fit",
            ),
            # Two thirds take part, and two thirds of all who are entitled agree.
            models.CheckConstraint(
                condition=Q(assembly="owners")
                | (
                    Q(GreaterThanOrEqual(F("present") * 3, F("entitled") * 2))
                    & Q(GreaterThanOrEqual(F("votes_for") * 3, F("entitled") * 2))
                ),
                name="decision_two_thirds_agreed",
            ),
            # 民法典 art. 278: two thirds vote, and three quarters of them agree, to spend what the
            # owners share.
            models.CheckConstraint(
                condition=~Q(assembly="owners")
                | (
                    Q(GreaterThanOrEqual(F("present") * 3, F("entitled") * 2))
                    & Q(GreaterThanOrEqual(F("votes_for") * 4, F("present") * 3))
                ),
                name="decision_owners_agreed",
            ),
        ]
        indexes = [models.Index(fields=["line"], name="decision_line")]

    def __str__(self) -> str:
        return self.title


class CollectiveOffice(Dated):
    """A person holds an office of a collective; triggers refuse what may not be joined."""

    class Office(models.TextChoices):
        DIRECTOR = "director", _("Member of the council")
        SUPERVISOR = "supervisor", _("Member of the supervisory board")
        FINANCE = "finance", _("Cashier or finance clerk")
        ACCOUNTANT = "accountant", _("Accountant")

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="offices", verbose_name=_("collective")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="offices", verbose_name=_("person")
    )
    office = models.CharField(_("office"), max_length=12, choices=Office)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("office of a collective")
        verbose_name_plural = _("offices of collectives")
        constraints = [ends_after_it_begins("collectiveoffice_ends_after_it_begins")]

    def __str__(self) -> str:
        return f"{self.body} · {self.get_office_display()}"


class Kinship(models.Model):
    """Two people are near relatives; kept once, the smaller key first."""

    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("relative")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("declared"))

    class Meta:
        verbose_name = _("near relatives")
        verbose_name_plural = _("near relatives")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="kinship_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="kinship_in_order"),
        ]


class DistributionPlan(models.Model):
    """The year's income of a collective: what is set aside, what members receive.

    `income` = `set_aside` + what the shares add up to. It stands on a decision; once approved by a
    second person its shares do not change, and each is paid once.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")

    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="plan", verbose_name=_("decision")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    income = models.BigIntegerField(_("income of the year"))
    set_aside = models.BigIntegerField(_("reserve and welfare fund"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    hold = models.OneToOneField(Hold, models.PROTECT, null=True, blank=True, related_name="plan")

    class Meta:
        verbose_name = _("distribution plan")
        verbose_name_plural = _("distribution plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(income__gt=0, set_aside__gte=0, set_aside__lt=F("income")),
                name="plan_sets_something_aside_first",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", approved_by=None, approved_at=None, hold=None)
                | Q(
                    state="approved", approved_by__isnull=False, approved_at__isnull=False,
                    hold__isnull=False,
                ),
                name="plan_approved_or_not",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="plan_is_approved_by_another",
            ),
        ]  # fmt: skip

    @property
    def to_share(self) -> int:
        return self.income - self.set_aside


class PlanShare(models.Model):
    """What one household of members receives; `household` is its number on the roll, no name."""

    plan = models.ForeignKey(
        DistributionPlan, models.PROTECT, related_name="shares", db_index=False
    )
    household = models.CharField(_("household"), max_length=40)
    shares = models.PositiveIntegerField(_("shares"))
    amount = models.BigIntegerField(_("amount"))
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="plan_share"
    )

    class Meta:
        verbose_name = _("share of a distribution")
        verbose_name_plural = _("shares of distributions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "household"], name="plan_share_once"),
            models.CheckConstraint(
                condition=Q(shares__gt=0, amount__gt=0), name="plan_share_positive"
            ),
        ]
