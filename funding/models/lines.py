"""Five kinds of money, what each may be used for, and the lines that hold it. Amounts are fen."""

import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import scopes_of
from lib.languages import in_language
from lib.roles import COMMITTEE, FINANCE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User


class Source(models.Model):
    """A kind of money (公共财政, 社区自治金, 公益性捐赠, 社区内生性资金, 农村集体经济收入).

    `rank` is the order in which routing asks the sources: the smallest first.
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)

    class Meta:
        verbose_name = _("source of money")
        verbose_name_plural = _("sources of money")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Purpose(models.Model):
    """What money is for; a filing standard names one, a line allows some."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class SourcePurpose(models.Model):
    """A source allows a purpose. What is not listed is forbidden."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="allowed")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="sources")

    class Meta:
        verbose_name = _("allowed purpose")
        verbose_name_plural = _("allowed purposes")
        constraints = [
            models.UniqueConstraint(fields=["source", "purpose"], name="source_allows_purpose_once")
        ]


# Who reads the lines of a body and of everything below it.
READERS = FINANCE | COMMITTEE | {Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.AUDIT_ADMIN}


class LineQuerySet(DatedQuerySet):
    def with_names(self) -> Self:
        return self.select_related("source", "body", "territory")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Lines of the bodies in which `user` deals with money, and of those below them."""
        bodies = {
            body
            for scope in scopes_of(user, on=on)
            if scope.role in READERS
            for body in scope.body_ids
        }
        return self.filter(body__in=bodies)

    def totals(self) -> dict[str, int]:
        """Fen in each bucket, over all these lines."""
        buckets = ("received", "available", "reserved", "payable", "spent")
        return self.aggregate(**{bucket: Coalesce(Sum(bucket), 0) for bucket in buckets})


class Line(Dated):
    """An amount of one source, owned by a body, for some purposes, a territory and a period.

    Buckets: available → reserved → payable → spent; `received` is their sum. Only entries change
    them (triggers refuse the rest): `version` is the number of the line's newest entry, `head`
    its hash. A line begins empty, and its source never changes.
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="lines", verbose_name=_("source")
    )
    body = models.ForeignKey(
        "organizations.Body",
        models.PROTECT,
        related_name="lines",
        verbose_name=_("owner"),
    )
    territory = models.ForeignKey(
        "grids.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("territory"),
        help_text=_("Empty: wherever the owner works."),
    )
    received = models.BigIntegerField(pgettext_lazy("money", "received"), default=0, editable=False)
    available = models.BigIntegerField(_("available"), default=0, editable=False)
    reserved = models.BigIntegerField(_("reserved"), default=0, editable=False)
    payable = models.BigIntegerField(_("payable"), default=0, editable=False)
    spent = models.BigIntegerField(_("spent"), default=0, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="0" * 64, editable=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [
            ends_after_it_begins("line_ends_after_it_begins"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{bucket}__gte": 0}),
                    name=f"line_{bucket}_not_negative",
                )
                for bucket in ("received", "available", "reserved", "payable", "spent")
            ),
            models.CheckConstraint(
                condition=Q(received=F("available") + F("reserved") + F("payable") + F("spent")),
                name="line_buckets_sum_to_received",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class LinePurpose(models.Model):
    """The earmark: a line may be used for this purpose."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="purposes")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="lines")

    class Meta:
        verbose_name = _("purpose of a line")
        verbose_name_plural = _("purposes of lines")
        constraints = [
            models.UniqueConstraint(fields=["line", "purpose"], name="line_purpose_once")
        ]
