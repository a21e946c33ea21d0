"""Monthly statements: published by themselves, never edited; a correction is a new version."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from lib.chain import ChainedEvent


class StatementQuerySet(models.QuerySet["Statement"]):
    def newest_versions(self) -> Self:
        """Of each body and month the version that holds."""
        of_same = Statement.objects.filter(body=OuterRef("body"), month=OuterRef("month"))
        last = of_same.order_by().values("body").annotate(last=Max("version")).values("last")
        return self.filter(version=Subquery(last))

    def with_sums(self) -> Self:
        """`received`, `spent` and `closing` without the payments, which may be many."""
        names = ("received", "spent", "closing")
        return self.defer("content").annotate(**{name: F(f"content__{name}") for name in names})

    def with_names(self) -> Self:
        return self.select_related("body", "by")


class Statement(ChainedEvent):
    """Income, spending, balance and payments of one body in one month.

    `content` is what was published, in fen (see `funding.synopsis`); `number` and the hashes chain
    all statements of the body, so that neither one nor its order can be changed unseen.
    """

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="statements", verbose_name=_("body")
    )
    month = models.DateField(_("month"))
    version = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    reason = models.CharField(_("reason of the correction"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("published"))

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly statement")
        verbose_name_plural = _("monthly statements")
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="statement_number_once"),
            models.UniqueConstraint(
                fields=["body", "month", "version"], name="statement_version_once"
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")),
                name="statement_correction_says_why",
            ),
        ]
        indexes = [models.Index(fields=["month", "body"], name="statement_month")]

    def __str__(self) -> str:
        return f"{self.body} {self.month:%Y-%m}"

    def record(self) -> dict[str, Any]:
        return {
            "body": self.body_id,
            "number": self.number,
            "month": self.month.isoformat(),
            "version": self.version,
            "content": self.content,
            "reason": self.reason,
            "by": self.by_id,
            "at": self.at,
        }
