"""Counters by which readers learn that something they hold in memory has changed."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F

BOUNDARIES = "boundaries"
COVERAGE = "coverage"


class ChangeCounterQuerySet(models.QuerySet["ChangeCounter"]):
    def raised(self, subject: str) -> None:
        """Count one more change of `subject`; call it inside the transaction of the change."""
        raised: dict[str, Any] = {"value": F("value") + 1, "stamp": uuid.uuid4()}
        if not self.filter(subject=subject).update(**raised):
            self.get_or_create(subject=subject)
            self.filter(subject=subject).update(**raised)

    def stamp_of(self, subject: str) -> str:
        """Changes with every change; empty before the first."""
        stamp = self.filter(subject=subject).values_list("stamp", flat=True).first()
        return stamp.hex if stamp else ""


class ChangeCounter(models.Model):
    """One row per subject (`boundaries`, `coverage` …); a write raises `value` in its transaction.

    Readers compare `stamp`, not `value`: after a rollback the same value comes a second time with
    other content, and who had read it inside the transaction would keep what never was.
    """

    subject = models.SlugField(primary_key=True)
    value = models.PositiveBigIntegerField(default=0)
    stamp = models.UUIDField(default=uuid.uuid4)

    objects = ChangeCounterQuerySet.as_manager()
