"""Posts that should be filled, and people who come and go."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, Post, User
from talent.models.chain import led_bodies


class EstablishmentQuerySet(DatedQuerySet):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(body__in=led_bodies(user, on=on)) if user.pk else self.none()


class Establishment(Dated):
    """How many people a body should have with a role (编制、岗位设置)."""

    body = models.ForeignKey(
        Body, models.PROTECT, related_name="establishments", verbose_name=_("body")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    places = models.PositiveSmallIntegerField(_("places"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        constraints = [
            ends_after_it_begins("establishment_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["body", "role", "valid_from"], name="establishment_begins_once"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="establishment_has_places"),
        ]

    def __str__(self) -> str:
        return f"{self.body} · {self.get_role_display()}"


class Reason(models.TextChoices):
    """Why somebody comes (first five) or goes."""

    SELECTED = "selected", _("selected")
    RECRUITED = "recruited", _("recruited in public")
    ASSIGNED = "assigned", _("assigned")
    RETURNED = "returned", _("came back")
    TRANSFER_IN = "transfer_in", _("transferred here")
    TRANSFER_OUT = "transfer_out", _("transferred elsewhere")
    RESIGNED = "resigned", _("resigned")
    RETIRED = "retired", _("retired")
    TERM_ENDED = "term_ended", _("term or contract ended")
    DISMISSED = "dismissed", _("dismissed")
    DIED = "died", _("died")


ENTRIES = (
    Reason.SELECTED, Reason.RECRUITED, Reason.ASSIGNED, Reason.RETURNED, Reason.TRANSFER_IN,
)  # fmt: skip
EXITS = tuple(reason for reason in Reason if reason not in ENTRIES)


class MovementQuerySet(models.QuerySet["Movement"]):
    def with_names(self) -> Self:
        return self.select_related("post__person", "post__body", "by")

    def between(self, first: datetime.date, end: datetime.date) -> Self:
        """From `first` (included) to `end` (excluded)."""
        return self.filter(day__gte=first, day__lt=end)

    def exits(self) -> Self:
        return self.filter(way=Movement.Way.EXIT)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        if not user.pk:
            return self.none()
        own = Q(post__person=user.pk)
        return self.filter(own | Q(post__body__in=led_bodies(user, on=on)))


class Movement(models.Model):
    """A person came to a post or left it, and why. Never changed."""

    class Way(models.TextChoices):
        ENTRY = "entry", pgettext_lazy("to a post", "came")
        EXIT = "exit", pgettext_lazy("a post", "left")

    post = models.ForeignKey(Post, models.PROTECT, related_name="movements", verbose_name=_("post"))
    way = models.CharField(_("came or left"), max_length=5, choices=Way)
    why = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    day = models.DateField(_("day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"))

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of staff")
        verbose_name_plural = _("movements of staff")
        constraints = [
            models.UniqueConstraint(fields=["post", "way"], name="movement_once"),
            models.CheckConstraint(
                condition=Q(
                    way="entry",
                    why__in=["selected", "recruited", "assigned", "returned", "transfer_in"],
                )
                | Q(
                    way="exit",
                    why__in=[
                        "transfer_out",
                        "resigned",
                        "retired",
                        "term_ended",
                        "dismissed",
                        "died",
                    ],
                ),
                name="movement_reason_fits",
            ),
        ]
        indexes = [models.Index(fields=["way", "day"], name="movement_way_day")]

    def __str__(self) -> str:
        return f"{self.post} · {self.get_way_display()}"
