"""Call-outs (召集): who is called in which wave, what they answer, where they assemble.

These rows are personal: they are deleted after the emergency, so they have no chain. What is
counted from them stays on the review.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.models.orders import Order
from emergency.workflow import CalledState, OrderState
from organizations.models import Skill, User
from volunteers.models import Volunteer


class AssemblyPoint(models.Model):
    """Where the called come together (WGS-84); `keeper` checks in who comes without a telephone."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="points")
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("keeper"),
    )  # fmt: skip
    capacity = models.PositiveIntegerField(
        _("room for so many people"), null=True, blank=True, help_text=_("Empty: not limited.")
    )

    class Meta:
        verbose_name = _("assembly point")
        verbose_name_plural = _("assembly points")
        constraints = [
            models.UniqueConstraint(fields=["order", "name"], name="assemblypoint_once"),
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="assemblypoint_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CallOutQuerySet(models.QuerySet["CallOut"]):
    def with_names(self) -> Self:
        return self.select_related("order", "point", "by")

    def with_figures(self) -> Self:
        """With the number of people in each state, as `n_<state>`."""
        counts = {f"n_{s}": Count("called", filter=Q(called__state=s)) for s in CalledState.values}
        return self.annotate(n_all=Count("called"), **counts)

    def due(self, at: datetime.datetime) -> Self:
        """Whose next wave is to be called."""
        return self.filter(closed_at=None, due_at__lte=at, order__state=OrderState.IN_FORCE)


class CallOut(models.Model):
    """A call for `wanted` people: staff of the territory, volunteers by skill and distance.

    Each wave calls `wave_size` people; `due_at` is when the next may be called (None: nobody is
    left to call). `metres`: volunteers who live no further from the assembly point.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="callouts")
    point = models.ForeignKey(
        AssemblyPoint, models.PROTECT, related_name="callouts", verbose_name=_("assembly point")
    )
    text = models.CharField(_("what for"), max_length=200)
    wanted = models.PositiveIntegerField(_("people wanted"))
    wave_size = models.PositiveIntegerField(_("called at once"))
    calls_staff = models.BooleanField(_("workers of the territory"), default=True)
    calls_volunteers = models.BooleanField(_("volunteers"), default=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="+", verbose_name=_("skills"))
    is_dangerous = models.BooleanField(_("dangerous: insured adults only"), default=False)
    metres = models.PositiveIntegerField(_("no further than (metres)"), null=True, blank=True)
    wave = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("called"))
    closed_at = models.DateTimeField(
        pgettext_lazy("of a call-out", "closed"), null=True, blank=True
    )

    objects = CallOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("call-out")
        verbose_name_plural = _("call-outs")
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wave_size__gte=1), name="callout_wants_people"
            ),
            models.CheckConstraint(
                condition=Q(calls_staff=True) | Q(calls_volunteers=True),
                name="callout_calls_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(due_at=None), name="callout_closed_calls_nobody"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="callout_due")]

    def __str__(self) -> str:
        return self.text


class CalledQuerySet(models.QuerySet["Called"]):
    def with_names(self) -> Self:
        return self.select_related("person", "callout__point", "callout__order")

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(person=user.pk) if user.pk else self.none()

    def going_on(self) -> Self:
        """Of orders in force."""
        return self.filter(callout__order__state=OrderState.IN_FORCE)

    def standing(self) -> Self:
        """Is coming or there."""
        return self.filter(state__in=[CalledState.COMING, CalledState.ARRIVED])

    def figures(self) -> dict[str, int]:
        """People by state."""
        counts = {state: Count("pk", filter=Q(state=state)) for state in CalledState.values}
        return self.aggregate(all=Count("pk"), **counts)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """One's own; to who leads the order; to who keeps the assembly point."""
        if not user.pk:
            return self.none()
        led = Order.objects.led_by(user, on=on).values("pk")
        return self.filter(Q(person=user.pk) | Q(order__in=led) | Q(callout__point__keeper=user.pk))


class Called(models.Model):
    """Somebody who was called, once for an order. `minutes`: until there, as they said.

    `metres`: from home (the middle of the grid or community) to the assembly point.
    """

    callout = models.ForeignKey(CallOut, models.PROTECT, related_name="called")
    order = models.ForeignKey(Order, models.PROTECT, related_name="called", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    wave = models.PositiveSmallIntegerField(_("wave"))
    metres = models.PositiveIntegerField(_("distance (metres)"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=CalledState, default=CalledState.CALLED
    )
    at = models.DateTimeField(_("called"))
    minutes = models.PositiveSmallIntegerField(_("minutes until there"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    left_at = models.DateTimeField(pgettext_lazy("of a call", "released"), null=True, blank=True)

    objects = CalledQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who was called")
        verbose_name_plural = _("people who were called")
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="called_once"),
            models.CheckConstraint(
                condition=Q(state="called", answered_at=None, arrived_at=None, left_at=None)
                | Q(state__in=["coming", "cannot"], answered_at__isnull=False, arrived_at=None,
                    left_at=None)
                | Q(state="arrived", arrived_at__isnull=False, left_at=None)
                | Q(state="released", left_at__isnull=False),
                name="called_state_says_when",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="called_left_after_arriving",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["callout", "state", "id"], name="called_state"),
            models.Index(fields=["person"], name="called_person"),
        ]
