"""Who was at a shift from when to when, and the hours that follow from it.

Hours are whole minutes and are born from arriving and leaving only. Triggers
(`volunteers/migrations/sql/hours.*.sql`) see to it that nobody is at two places at once, that hours
do not exceed the stay, and that nobody confirms his own.
"""

import datetime
from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import in_reach
from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User
from volunteers.models.activities import Activity
from volunteers.models.people import ORGANIZERS, Volunteer
from volunteers.models.shifts import Shift, Signup
from volunteers.workflow.hours import ObjectionState, PresenceState

# The most that a rule may overlook at either end; the triggers know it too.
MOST_GRACE = 30


class HoursRule(Dated):
    """How arriving and leaving are checked and counted, and by when hours are confirmed."""

    early_minutes = models.PositiveSmallIntegerField(
        _("arriving is possible before the shift (minutes)"), default=30
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("late or early by so much counts in full (minutes)"), default=10
    )
    leave_minutes = models.PositiveSmallIntegerField(
        _("leaving is possible after the shift (minutes)"), default=60
    )
    overtime_minutes = models.PositiveSmallIntegerField(
        _("the organiser may add after the shift (minutes)"), default=120
    )
    radius = models.PositiveSmallIntegerField(_("distance from the place (metres)"), default=200)
    code_seconds = models.PositiveSmallIntegerField(_("a code is shown (seconds)"), default=30)
    offline_hours = models.PositiveSmallIntegerField(
        _("a code may be sent later (hours)"), default=12
    )
    confirm_days = models.PositiveSmallIntegerField(_("confirmed within (days)"), default=7)
    remind_days = models.PositiveSmallIntegerField(_("reminded after (days)"), default=3)
    object_days = models.PositiveSmallIntegerField(_("objected to within (days)"), default=15)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of hours")
        verbose_name_plural = _("rules of hours")
        constraints = [
            ends_after_it_begins("hoursrule_ends_after_it_begins"),
            models.UniqueConstraint(fields=["valid_from"], name="hoursrule_begins_once"),
            models.CheckConstraint(
                condition=Q(grace_minutes__lte=MOST_GRACE), name="hoursrule_grace_is_short"
            ),
            models.CheckConstraint(
                condition=Q(code_seconds__gte=10, remind_days__lte=F("confirm_days")),
                name="hoursrule_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


class StarQuerySet(DatedQuerySet):
    def earned_by(self, minutes: int, *, on: datetime.date) -> "Star | None":
        """The highest that so many confirmed minutes reach."""
        rows: StarQuerySet = self.valid_on(on).filter(minutes__lte=minutes)
        highest: Star | None = rows.order_by("-minutes").first()
        return highest


class Star(Dated):
    """A grade of volunteers by confirmed hours (星级志愿者); an honour, without a prize."""

    rank = models.PositiveSmallIntegerField(_("stars"))
    minutes = models.PositiveIntegerField(_("from confirmed minutes"))
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)

    objects = StarQuerySet.as_manager()

    class Meta:
        verbose_name = _("star of volunteers")
        verbose_name_plural = _("stars of volunteers")
        constraints = [
            ends_after_it_begins("star_ends_after_it_begins"),
            models.UniqueConstraint(fields=["rank", "valid_from"], name="star_begins_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=5), name="star_of_five"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class How(models.TextChoices):
    CODE = "code", _("by code")
    LATER = "later", _("by code, sent later")
    PLACE = "place", _("by place")
    LEADER = "leader", _("by the organiser")
    CLOCK = "clock", _("not told; the shift's end was taken")


class PresenceQuerySet(models.QuerySet["Presence"]):
    def with_names(self) -> Self:
        return self.select_related(
            "volunteer__person", "signup__shift__activity__community", "confirmed_by",
            "signup__shift__activity__organisation",
        )  # fmt: skip

    def confirmed(self) -> Self:
        return self.filter(state=PresenceState.CONFIRMED)

    def waiting(self) -> Self:
        return self.filter(state=PresenceState.LEFT)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(volunteer__in=Volunteer.objects.of(user).values("pk"))

    def forgotten(self, at: datetime.datetime) -> Self:
        """Still here though the time for leaving is over."""
        return self.filter(state=PresenceState.PRESENT, closes_at__lte=at)

    def since(self, day: datetime.date, until: datetime.date | None = None) -> Self:
        """Of shifts that began on that day or later; before `until`, if that is given."""
        rows = self.filter(signup__shift__starts_at__date__gte=day)
        return rows if until is None else rows.filter(signup__shift__starts_at__date__lt=until)

    def near(
        self, user: User | AnonymousUser, roles: Collection[str], *, on: datetime.date
    ) -> Self:
        """At activities of the places where `user` holds one of these roles."""
        return self.filter(in_reach(user, roles, on=on, prefix="signup__shift__activity__"))

    def by_month(self) -> "models.QuerySet[Presence, Any]":
        """{month (aware, its first moment), sum (minutes), times, people} of each month."""
        return (
            self.annotate(month=TruncMonth("signup__shift__starts_at"))
            .values("month")
            .annotate(
                sum=Sum("minutes"), times=Count("pk"), people=Count("volunteer", distinct=True)
            )
            .order_by("month")
        )

    def minutes(self) -> int:
        return int(self.aggregate(sum=Coalesce(Sum("minutes"), 0))["sum"])

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What `user` may confirm: of activities that they lead or whose place they organise."""
        led = Activity.objects.led_by(user, on=on).values("pk")
        near = Activity.objects.filter(in_reach(user, ORGANIZERS, on=on)).values("pk")
        found = Q(signup__shift__activity__in=led) | Q(signup__shift__activity__in=near)
        if not user.pk:
            return self.none()
        return self.filter(found | Q(signup__shift__leader=user.pk)).exclude(
            volunteer__person=user.pk
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """One's own and one's children's; to who leads the activity or organises its place."""
        if not user.pk:
            return self.none()
        led = Presence.objects.led_by(user, on=on).values("pk")
        own = Presence.objects.of(user).values("pk")
        return self.filter(Q(pk__in=led) | Q(pk__in=own))


class Presence(Moving):
    """A volunteer's stay at a shift. `minutes` counts once it is confirmed.

    Where somebody stood is not kept, only how far from the place. `doubtful`: sent later, or
    leaving was forgotten, so the organiser should look. `closes_at`: when the clock ends the stay.
    """

    signup = models.OneToOneField(Signup, models.PROTECT, related_name="presence")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="presences")
    arrived_at = models.DateTimeField(_("arrived"))
    arrived_how = models.CharField(max_length=8, choices=How)
    arrived_metres = models.PositiveIntegerField(null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_how = models.CharField(max_length=8, choices=How, blank=True)
    left_metres = models.PositiveIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField()
    doubtful = models.BooleanField(_("look again"), default=False)
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"), default=0)
    state = models.CharField(
        _("state"), max_length=12, choices=PresenceState, default=PresenceState.PRESENT
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay at a shift")
        verbose_name_plural = _("stays at shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="present", left_at=None, minutes=0)
                | (~Q(state="present") & Q(left_at__isnull=False, due_at__isnull=False)),
                name="presence_here_or_left",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("arrived_at")),
                name="presence_left_after_arriving",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["present", "left"], confirmed_by=None, confirmed_at=None)
                | (
                    Q(state__in=["confirmed", "refused", "revoked"])
                    & Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                ),
                name="presence_decided_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "revoked"]) | ~Q(reason=""),
                name="presence_says_why_not",
            ),
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(left_at=None), name="presence_at_one_place"
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "state"], name="presence_volunteer"),
            models.Index(fields=["state", "remind_at"], name="presence_reminding"),
            models.Index(fields=["state", "closes_at"], name="presence_closing"),
        ]

    @property
    def shift(self) -> Shift:
        return self.signup.shift

    @property
    def counted(self) -> int:
        """What it is worth now: nothing unless confirmed."""
        return self.minutes if self.state == PresenceState.CONFIRMED else 0


class PresenceEvent(MoveEvent):
    subject = models.ForeignKey(Presence, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a stay")
        verbose_name_plural = _("moves of stays")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="presenceevent_once")
        ]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def with_names(self) -> Self:
        return self.select_related(
            "presence__volunteer__person", "presence__signup__shift__activity",
            "presence__confirmed_by",
        )  # fmt: skip

    def waiting(self) -> Self:
        return self.filter(state=ObjectionState.OPEN)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(presence__in=Presence.objects.visible_to(user, on=on).values("pk"))

    def to_answer(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What an organiser may answer: hours that somebody else decided on."""
        led = Presence.objects.led_by(user, on=on).exclude(confirmed_by=user.pk)
        return self.waiting().filter(presence__in=led.values("pk"))


class Objection(Moving):
    """The volunteer says that decided hours are wrong; somebody else answers. One is open."""

    presence = models.ForeignKey(Presence, models.PROTECT, related_name="objections")
    text = models.CharField(_("what is wrong"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("objected"))
    due_at = models.DateTimeField(_("to be answered by"))
    state = models.CharField(
        _("state"), max_length=12, choices=ObjectionState, default=ObjectionState.OPEN
    )
    reason = models.CharField(_("answer"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to hours")
        verbose_name_plural = _("objections to hours")
        constraints = [
            models.UniqueConstraint(
                fields=["presence"], condition=Q(state="open"), name="objection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="objection_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "declined"]) | ~Q(reason=""),
                name="objection_is_answered",
            ),
        ]


class ObjectionEvent(MoveEvent):
    subject = models.ForeignKey(Objection, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an objection")
        verbose_name_plural = _("moves of objections")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="objectionevent_once")
        ]
