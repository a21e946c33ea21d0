"""Photos: checked by content, without EXIF, upright, with a thumbnail."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.requests import Request
from cases.models.tasks import Task
from organizations.models import User


class PhotoQuerySet(models.QuerySet["Photo"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Photos of cases that the user may see, and those that were made public."""
        seen = Case.objects.visible_to(user, on=on)
        published = Case.objects.published()
        return self.filter(
            Q(case__in=seen.values("pk")) | Q(is_public=True, case__in=published.values("pk"))
        )


class Photo(models.Model):
    class Kind(models.TextChoices):
        BEFORE = "before", _("When reported")
        SITE = "site", _("On site, before filing")
        REQUEST = "request", _("With a request")
        AFTER = "after", _("Result")
        CHECK = "check", _("At the check")

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="photos")
    request = models.ForeignKey(
        Request, models.PROTECT, null=True, blank=True, related_name="photos"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    image = models.FileField(upload_to="cases/%Y/%m/")
    thumbnail = models.FileField(upload_to="cases/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_public = models.BooleanField(_("may be shown to everybody"), default=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(fields=["case", "sha256"], name="photo_once_per_case")
        ]
