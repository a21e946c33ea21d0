"""What people keep of their lists: views with a name, files taken along, moves of many cases."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.cases import Case
from lib.roles import Role
from organizations.models import Post, User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def open_to(self, user: User, *, on: datetime.date) -> Self:
        """A person's own views and those of the posts that the person holds on the day."""
        posts = Post.objects.held_by(user, on=on).values_list("body", "role")
        shared = Q(pk__in=[])
        for body, role in posts:
            shared |= Q(body=body, role=role)
        return self.filter(Q(person=user) | shared).order_by("-is_default", "name", "pk")


class SavedView(models.Model):
    """Filters, columns and order under a name: of one person, or of all who hold such a post.

    `query` is the query string of the list.
    """

    name = models.CharField(_("name"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    body = models.ForeignKey(
        "organizations.Body", models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, body=None, role="")
                | Q(person=None, body__isnull=False) & ~Q(role=""),
                name="view_has_one_owner",
            ),
            models.UniqueConstraint(fields=["person", "name"], name="view_name_of_person"),
            models.UniqueConstraint(fields=["body", "role", "name"], name="view_name_of_post"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_default=True), name="view_one_default_of_person"
            ),
            models.UniqueConstraint(
                fields=["body", "role"],
                condition=Q(is_default=True),
                name="view_one_default_of_post",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.person_id is None


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READY = "ready", _("Ready")
    TAKEN = "taken", _("Sent at once")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", pgettext_lazy("a file", "Expired")


class CaseExport(models.Model):
    """Cases taken along in a file: who, what, when, how many rows; kept for the audit.

    `masked`: personal details were masked in it. The file of a long one goes at `expires_at`.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("asked for"))
    query = models.CharField(_("filter"), max_length=2000, blank=True)
    columns = models.JSONField(default=list)
    language = models.CharField(max_length=10)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    masked = models.BooleanField(_("personal details masked"))
    state = models.CharField(_("state"), max_length=8, choices=ExportState)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    file = models.FileField(upload_to="exports/%Y/%m/", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [models.Index(fields=["by", "-id"], name="export_of_person")]

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether its file may still be fetched."""
        expires = self.expires_at
        return self.state == ExportState.READY and expires is not None and at < expires


class BulkMove(models.Model):
    """One move of many cases, each through its own service; `arguments` as JSON."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    move = models.SlugField()
    arguments = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("move of many cases")
        verbose_name_plural = _("moves of many cases")
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at=None), name="bulk_move_unfinished")
        ]

    def counts(self) -> dict[str, int]:
        """All rows, those moved, those refused, those that still wait."""
        found: dict[str, Any] = self.rows.aggregate(
            all=models.Count("id"),
            moved=models.Count("id", filter=Q(result=BulkRow.Result.MOVED)),
            refused=models.Count("id", filter=Q(result=BulkRow.Result.REFUSED)),
            waiting=models.Count("id", filter=Q(result="")),
        )
        return found


class BulkRow(models.Model):
    """What became of one case: moved, or refused with the sentence that says why."""

    class Result(models.TextChoices):
        MOVED = "moved", _("Done")
        REFUSED = "refused", _("Not done")

    bulk = models.ForeignKey(BulkMove, models.CASCADE, related_name="rows")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    result = models.CharField(max_length=8, choices=Result, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a move")
        verbose_name_plural = _("rows of moves")
        constraints = [models.UniqueConstraint(fields=["bulk", "case"], name="bulk_case_once")]
