"""What the running installation writes about itself."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignQuerySet(models.QuerySet["Sign"]):
    def seen_since(self, moment: datetime.datetime) -> Self:
        return self.filter(seen_at__gt=moment)


class Sign(models.Model):
    """A process of the background and when it last said that it lives."""

    class Kind(models.TextChoices):
        WORKER = "worker", _("Worker")
        CLOCK = "clock", _("Clock")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    node = models.CharField(_("node"), max_length=200)
    seen_at = models.DateTimeField(_("seen at"))

    objects = SignQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        constraints = [models.UniqueConstraint(fields=["kind", "node"], name="sign_once_a_node")]

    def __str__(self) -> str:
        return f"{self.kind} {self.node}"


class Loaded(models.Model):
    """Data that a first start has loaded into this database, so that the next start does not."""

    what = models.CharField(_("what"), max_length=50, unique=True)
    at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("loaded data")
        verbose_name_plural = _("loaded data")

    def __str__(self) -> str:
        return self.what
