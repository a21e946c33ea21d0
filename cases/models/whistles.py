"""A whistle: departments called to a case or to a place, each with its arrival and its release."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.whistle_workflow import ANSWERS, BEST, WHISTLES, WORST, CallState
from grids.scopes import scopes_of, within
from lib.chain import GENESIS, ChainedEvent
from lib.roles import Role
from organizations.models import Body, User

WATCHES = WHISTLES | {Role.DISPATCHER, Role.SUPERVISOR, Role.ASSESSOR}


class WhistleQuerySet(models.QuerySet["Whistle"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those who may whistle or oversee where it is, and the departments called."""
        scopes = scopes_of(user, on=on)
        seen, called = Q(pk__in=[]), set[int]()
        for scope in scopes:
            if scope.role in WATCHES:
                seen |= within(scope)
            if scope.role in ANSWERS:
                called |= scope.body_ids
        if called:
            calls = WhistleCall.objects.filter(body__in=called)
            seen |= Q(pk__in=calls.values("whistle"))
        return self.filter(seen)

    def for_list(self) -> Self:
        calls = WhistleCall.objects.select_related("body").order_by("pk")
        return self.select_related("case", "town", "community", "body").prefetch_related(
            models.Prefetch("calls", calls)
        )

    def for_page(self) -> Self:
        return self.for_list().select_related("called_by")

    def going_on(self) -> Self:
        return self.filter(ended_at=None)

    def waiting_for(self, user: User, *, on: datetime.date) -> Self:
        """Whistles that still expect a department of this person."""
        bodies = {
            body
            for scope in scopes_of(user, on=on)
            if scope.role in ANSWERS
            for body in scope.body_ids
        }
        expected = WhistleCall.objects.filter(body__in=bodies).exclude(state=CallState.RELEASED)
        return self.going_on().filter(pk__in=expected.values("whistle"))


class Whistle(models.Model):
    """`metres` is how near the point (WGS-84) counts as being there; it ends when the last
    department has been released. `version` and `head`: number and hash of its newest event."""

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", _("Joint enforcement")
        STUBBORN = "stubborn", _("What residents keep raising")
        EMERGENCY = "emergency", _("Emergency response")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="whistles", verbose_name=_("case")
    )
    text = models.CharField(_("what is needed"), max_length=500)
    address = models.CharField(_("address"), max_length=200, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    metres = models.PositiveSmallIntegerField()
    town = models.ForeignKey("grids.Territory", models.PROTECT, related_name="+")
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("who whistles")
    )
    called_at = models.DateTimeField(_("called"))
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    objects = WhistleQuerySet.as_manager()

    class Meta:
        verbose_name = _("whistle")
        verbose_name_plural = _("whistles")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="whistle_says_what_is_needed"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("called_at")),
                name="whistle_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "-id"], name="whistle_town"),
            models.Index(fields=["town"], condition=Q(ended_at=None), name="whistle_going_on"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def subject(self) -> tuple[str, str]:
        return "whistle", str(self.pk)


class CallNumber(models.TextChoices):
    """What is counted of a body's whistles: as one that was called, or as the one that called."""

    CALLED = "called", _("Called: there, or late")
    ON_TIME = "on_time", _("Arrived in time")
    LATE = "late", _("Late or not arrived")
    MARKS = "marks", _("Rated by who called")
    BLOWN = "blown", _("Departments called")
    CALL_MARKS = "call_marks", _("Rated by who was called")


# By number: whose body it is, and which of the calls count; `came` is the arrival, or the end.
_LATE = Q(came__gt=F("due_at"))
_BEHIND: dict[str, tuple[str, Q]] = {
    CallNumber.CALLED: ("body", _LATE | Q(arrived_at__isnull=False)),
    CallNumber.ON_TIME: ("body", ~_LATE & Q(arrived_at__isnull=False)),
    CallNumber.LATE: ("body", _LATE),
    CallNumber.MARKS: ("body", Q(response_score__isnull=False)),
    CallNumber.BLOWN: ("whistle__body", Q()),
    CallNumber.CALL_MARKS: ("whistle__body", Q(call_score__isnull=False)),
}


class WhistleCallQuerySet(models.QuerySet["WhistleCall"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(whistle__in=Whistle.objects.visible_to(user, on=on).values("pk"))

    def behind(
        self, number: str, body: Body, *, since: datetime.datetime, until: datetime.datetime
    ) -> Self:
        """The very calls that a number of `CallNumber` counts for a body, as of `until`."""
        side, counts = _BEHIND[number]
        within = self.filter(called_at__gte=since, called_at__lte=until, **{side: body})
        return within.alias(came=Coalesce("arrived_at", "released_at", until)).filter(counts)


class WhistleCall(models.Model):
    """One department called. `by_place`: the arrival was proven by a position within reach of the
    point (`distance`, `accuracy` in metres); else `arrival_words` say why not, and it is flagged.

    `response_*` is what the caller thinks of the department, `call_*` what it thinks of the call.
    """

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls")
    body = models.ForeignKey("organizations.Body", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CallState, default=CallState.CALLED)
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_place = models.BooleanField(default=False)
    distance = models.PositiveIntegerField(null=True, blank=True)
    accuracy = models.PositiveIntegerField(null=True, blank=True)
    arrival_words = models.CharField(max_length=300, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    release_words = models.CharField(max_length=300, blank=True)
    response_score = models.PositiveSmallIntegerField(null=True, blank=True)
    response_words = models.CharField(max_length=300, blank=True)
    response_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    response_at = models.DateTimeField(null=True, blank=True)
    call_score = models.PositiveSmallIntegerField(null=True, blank=True)
    call_words = models.CharField(max_length=300, blank=True)
    call_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    call_at = models.DateTimeField(null=True, blank=True)

    objects = WhistleCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("department called")
        verbose_name_plural = _("departments called")
        constraints = [
            models.UniqueConstraint(fields=["whistle", "body"], name="whistle_calls_a_body_once"),
            models.CheckConstraint(
                condition=Q(state=CallState.CALLED, arrived_at=None, released_at=None)
                | Q(state=CallState.ARRIVED, arrived_at__isnull=False, released_at=None)
                | Q(state=CallState.RELEASED, released_at__isnull=False),
                name="call_moments_match_its_state",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived_by=None, by_place=False)
                | Q(arrived_at__isnull=False, arrived_by__isnull=False)
                & (Q(by_place=True, distance__isnull=False) | ~Q(arrival_words="")),
                name="call_arrival_is_proven_or_explained",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False)
                & (Q(arrived_at__isnull=False) | ~Q(release_words="")),
                name="call_released_by_somebody",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{side}_score": None, f"{side}_at": None, f"{side}_by": None})
                    | Q(
                        **{
                            f"{side}_score__range": (WORST, BEST),
                            f"{side}_at__isnull": False,
                            f"{side}_by__isnull": False,
                        },
                        released_at__isnull=False,
                    ),
                    name=f"call_{side}_rated_after_release",
                )
                for side in ("response", "call")
            ),
        ]
        indexes = [models.Index(fields=["body", "-id"], name="call_body")]

    @property
    def minutes(self) -> int | None:
        """Whole minutes from the call to the arrival."""
        if self.arrived_at is None:
            return None
        return int((self.arrived_at - self.called_at).total_seconds() // 60)

    def is_late(self, at: datetime.datetime) -> bool:
        """Arrived after the time was over, or still not there."""
        return (self.arrived_at or self.released_at or at) > self.due_at


class WhistleEvent(ChainedEvent):
    """What happened at a whistle; free words stand in the rows of the calls, not here."""

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="events")
    move = models.SlugField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a whistle")
        verbose_name_plural = _("history of whistles")
        constraints = [
            models.UniqueConstraint(fields=["whistle", "number"], name="whistle_event_number_once")
        ]

    def record(self) -> dict[str, Any]:
        return {
            "whistle": self.whistle_id,
            "number": self.number,
            "move": self.move,
            "by": self.by_id,
            "at": self.at,
            "facts": self.facts,
        }
