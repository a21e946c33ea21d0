"""Changes of borders: what was asked, what it changed, and whether it was taken back."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models.territory import Territory
from organizations.models import User


class EditKind(models.TextChoices):
    DRAW = "draw", _("Draw a new one")
    SPLIT = "split", _("Split by a line")
    MERGE = "merge", _("Merge neighbours")
    MOVE = "move", _("Move points of the border")
    MEND = "mend", _("Mend a gap or an overlap")


class BorderEditQuerySet(models.QuerySet["BorderEdit"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def with_names(self) -> Self:
        return self.select_related("unit", "by", "undone_by")


class BorderEdit(models.Model):
    """One saved change inside a unit (a community with its grids, a town with its communities).

    `asked`: what was drawn, as the form gave it. `changes`: per territory its outline's row before
    and the digest after; `founded`, `ended`: keys of territories; `given`, `taken`: keys of what
    posts and members were given or lost with them. So the last change can be taken back whole.
    """

    unit = models.ForeignKey(
        Territory, models.PROTECT, related_name="edits", verbose_name=_("inside")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=EditKind)
    effective = models.DateField(_("in force from"))
    asked = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("saved"))
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = BorderEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of borders")
        verbose_name_plural = _("changes of borders")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="border_edit_undone_by_somebody",
            )
        ]

    def of_kind(self, kind: str) -> list[Any]:
        """What the change did of one kind: `outline`, `founded`, `ended`, `given`, `taken` …"""
        return [row for row in self.changes if row["did"] == kind]
