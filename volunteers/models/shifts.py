"""Shifts with their places, who has one, who waits for one, and what was told to them."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import in_reach
from lib.moving import MoveEvent, Moving
from organizations.models import User
from volunteers.models.activities import Activity
from volunteers.models.people import ORGANIZERS, Volunteer
from volunteers.workflow.activities import COMING, HOLDING, ON_THE_LIST, SignupState, WaitingState

# No way inside a city takes longer: what lies further apart in time cannot clash.
LONGEST_WAY = datetime.timedelta(hours=4)
# One sign-up of a volunteer to a shift, unless it was cancelled or refused.
_ONCE = sorted(COMING | {SignupState.MISSED})


class ShiftQuerySet(models.QuerySet["Shift"]):
    def with_activity(self) -> Self:
        return self.select_related(
            "activity", "activity__topic", "activity__organisation", "activity__community"
        )

    def standing(self) -> Self:
        return self.filter(called_off_at=None)

    def ahead(self, at: datetime.datetime) -> Self:
        """Not yet over."""
        return self.standing().filter(ends_at__gt=at)

    def near(self, shift: "Shift") -> Self:
        """So near in time that the way between may be too short."""
        return self.filter(
            starts_at__lt=shift.ends_at + LONGEST_WAY, ends_at__gt=shift.starts_at - LONGEST_WAY
        )

    def with_room(self) -> Self:
        """Somebody more can come."""
        return self.filter(Q(places=None) | Q(taken__lt=F("places")))

    def public(self) -> Self:
        return self.filter(activity__in=Activity.objects.published())


class Shift(models.Model):
    """A stretch of time of an activity with places for volunteers.

    `places` None: as many as come. `taken` counts sign-ups that hold a place and places that are
    offered to the waiting list; only conditional UPDATEs change it, and triggers keep it what the
    rows say (`volunteers/migrations/sql/places.*.sql`).
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    meeting_point = models.CharField(_("meeting point"), max_length=120, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leader on site"),
    )
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(places=None) | Q(places__gte=1, taken__lte=F("places")),
                name="shift_is_not_overbooked",
            ),
            models.UniqueConstraint(fields=["activity", "starts_at", "ends_at"], name="shift_once"),
        ]
        indexes = [models.Index(fields=["starts_at"], name="shift_starts")]

    @property
    def free(self) -> int | None:
        """Places that nobody has; None where there is no limit."""
        return None if self.places is None else self.places - self.taken

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.taken >= self.places

    @property
    def length(self) -> datetime.timedelta:
        return self.ends_at - self.starts_at


class SignupQuerySet(models.QuerySet["Signup"]):
    def with_names(self) -> Self:
        return self.select_related(
            "volunteer", "volunteer__person", "shift", "shift__activity",
            "shift__activity__community",
        )  # fmt: skip

    def holding(self) -> Self:
        return self.filter(state__in=HOLDING)

    def coming(self) -> Self:
        return self.filter(state__in=COMING)

    def waiting(self) -> Self:
        return self.filter(state=SignupState.ASKED)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(volunteer__in=Volunteer.objects.of(user).values("pk"))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """One's own and one's children's; to who leads the activity or organises its place."""
        if not user.pk:
            return self.none()
        led = Activity.objects.led_by(user, on=on).values("pk")
        near = Activity.objects.filter(in_reach(user, ORGANIZERS, on=on)).values("pk")
        own = Volunteer.objects.of(user).values("pk")
        return self.filter(
            Q(volunteer__in=own) | Q(shift__activity__in=led) | Q(shift__activity__in=near)
        )


class Signup(Moving):
    """A volunteer's sign-up to a shift. `is_late`: cancelled when it was too late to do so freely.

    `tight` marks who was warned that the way from another shift is short, and comes nevertheless.
    """

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="signups")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="signups")
    state = models.CharField(_("state"), max_length=12, choices=SignupState)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    tight = models.BooleanField(_("knows that the way is short"), default=False)
    is_late = models.BooleanField(_("cancelled late"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("signed up"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"],
                condition=Q(state__in=_ONCE),
                name="signup_once",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(state="cancelled"), name="signup_late_is_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="signup_volunteer")]


class SignupEvent(MoveEvent):
    subject = models.ForeignKey(Signup, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a sign-up")
        verbose_name_plural = _("moves of sign-ups")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="signupevent_once")
        ]


class WaitingPlaceQuerySet(models.QuerySet["WaitingPlace"]):
    def with_names(self) -> Self:
        return self.select_related("volunteer__person", "shift__activity")

    def with_rank(self) -> Self:
        """Each with `before`: how many wait for the same shift and came earlier."""
        earlier = WaitingPlace.objects.filter(
            shift=OuterRef("shift"), state=WaitingState.WAITING, pk__lt=OuterRef("pk")
        ).order_by()
        count = earlier.values("shift").annotate(count=Count("pk")).values("count")
        return self.annotate(before=Coalesce(Subquery(count), 0)).order_by("pk")

    def on_the_list(self) -> Self:
        return self.filter(state__in=ON_THE_LIST)

    def in_order(self) -> Self:
        return self.filter(state=WaitingState.WAITING).order_by("pk")

    def lapsing(self, at: datetime.datetime) -> Self:
        return self.filter(state=WaitingState.OFFERED, offered_until__lte=at)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(volunteer__in=Volunteer.objects.of(user).values("pk"))


class WaitingPlace(Moving):
    """A place on the waiting list of a shift, in the order of keys; an offer holds a real place."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="waiting_places")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="waiting_places")
    state = models.CharField(
        _("state"), max_length=12, choices=WaitingState, default=WaitingState.WAITING
    )
    at = models.DateTimeField(pgettext_lazy("waiting list", "joined"))
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    offered_until = models.DateTimeField(_("to be answered by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = WaitingPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on a waiting list")
        verbose_name_plural = _("places on waiting lists")
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"],
                condition=Q(state__in=sorted(ON_THE_LIST)),
                name="waitingplace_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered")
                | Q(offered_at__isnull=False, offered_until__gt=F("offered_at")),
                name="waitingplace_offer_has_end",
            ),
        ]
        indexes = [models.Index(fields=["state", "offered_until"], name="waitingplace_lapsing")]


class WaitingPlaceEvent(MoveEvent):
    subject = models.ForeignKey(WaitingPlace, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a waiting place")
        verbose_name_plural = _("moves of waiting places")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="waitingplaceevent_once")
        ]


class ShiftMessage(models.Model):
    """Words to everybody who has a place on a shift; sent once, kept as they were."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="messages")
    text = models.CharField(_("message"), max_length=300)
    reached = models.PositiveIntegerField(_("people told"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("message to a shift")
        verbose_name_plural = _("messages to shifts")
