"""Who changed which reference data, when and how: append-only, chained per object."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.chain import ChainedEvent


class ChangeRecordQuerySet(models.QuerySet):
    def of(self, obj: models.Model) -> Self:
        return self.filter(kind=obj._meta.label_lower, key=str(obj.pk))


class ChangeRecord(ChainedEvent):
    """One change of one row of reference data (`kind` = model label, `key` = primary key)."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    action = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = ChangeRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "number"], name="change_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "key": self.key,
            "number": self.number,
            "action": self.action,
            "by": self.by_id,
            "at": self.at,
            "before": self.before,
            "after": self.after,
        }
