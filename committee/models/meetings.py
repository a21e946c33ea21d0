"""Meetings: agenda, who is invited and came, minutes. The quorum is proved by the rows."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.models.members import bodies_known_to
from committee.models.rules import MeetingKind
from committee.workflow import MeetingState, Outcome
from lib.moving import MoveEvent, Moving
from organizations.models import User

PERSON = settings.AUTH_USER_MODEL
HELD = (MeetingState.SITTING, MeetingState.CLOSED, MeetingState.CONFIRMED)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def with_names(self) -> Self:
        return self.select_related("body__kind", "kind", "chair", "recorder")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Meetings of the bodies that one leads or belongs to, and those one is invited to."""
        if not isinstance(user, User):
            return self.none()
        known = bodies_known_to(user, on=on)
        invited = Invitation.objects.filter(person=user).values("meeting")
        own = Q(pk__in=invited) & ~Q(state=MeetingState.PLANNED)
        return self.filter(Q(body__in=known) | own | Q(chair=user) | Q(recorder=user))

    def held(self) -> Self:
        return self.filter(state__in=HELD)

    def standing(self) -> Self:
        return self.exclude(state=MeetingState.CANCELLED)

    def coming(self, at: datetime.datetime) -> Self:
        ahead = [MeetingState.PLANNED, MeetingState.CALLED, MeetingState.SITTING]
        return self.filter(state__in=ahead, ends_at__gte=at)

    def between(self, first: datetime.datetime, end: datetime.datetime) -> Self:
        return self.filter(starts_at__gte=first, starts_at__lt=end)


class Meeting(Moving):
    """A meeting of a body. `entitled` and `present` stand when it has been opened."""

    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="meetings", verbose_name=_("body")
    )
    kind = models.ForeignKey(
        MeetingKind, models.PROTECT, related_name="meetings", verbose_name=_("kind of meeting")
    )
    title = models.CharField(pgettext_lazy("meeting", "title"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(pgettext_lazy("meeting", "place"), max_length=120)
    chair = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("chair"))
    recorder = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("recorder")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MeetingState, default=MeetingState.PLANNED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    called_at = models.DateTimeField(pgettext_lazy("meeting", "called"), null=True, blank=True)
    opened_at = models.DateTimeField(pgettext_lazy("meeting", "opened"), null=True, blank=True)
    entitled = models.PositiveSmallIntegerField(_("may vote"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("present"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("meeting", "closed"), null=True, blank=True)
    minutes = models.TextField(_("minutes"), max_length=20_000, blank=True)
    minutes_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("minutes confirmed"), null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["sitting", "closed_draft", "confirmed"],
                    opened_at__isnull=False,
                    entitled__isnull=False,
                    present__isnull=False,
                    present__lte=F("entitled"),
                )
                | Q(
                    state__in=["planned", "called", "cancelled"],
                    opened_at=None,
                    entitled=None,
                    present=None,
                ),
                name="meeting_opened_with_a_count",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed_draft", "confirmed"], closed_at__isnull=False)
                | (~Q(state__in=["closed_draft", "confirmed"]) & Q(closed_at=None)),
                name="meeting_closed_or_not",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False,
                    minutes_by__isnull=False,
                )
                & ~Q(confirmed_by=F("minutes_by"))
                & ~Q(minutes="")
                | (~Q(state="confirmed") & Q(confirmed_at=None, confirmed_by=None)),
                name="meeting_minutes_by_another",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["body", "kind", "starts_at"], name="meeting_body_kind"),
            models.Index(fields=["starts_at"], name="meeting_starts"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """M0000017."""
        return f"M{self.pk:07d}"


class MeetingEvent(MoveEvent):
    subject = models.ForeignKey(Meeting, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a meeting")
        verbose_name_plural = _("moves of meetings")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="meetingevent_once")
        ]


class MeetingInvitationQuerySet(models.QuerySet["Invitation"]):
    def entitled(self) -> Self:
        return self.filter(may_vote=True)

    def here(self) -> Self:
        return self.filter(present_at__isnull=False)

    def with_names(self) -> Self:
        return self.select_related("person").order_by("-may_vote", "pk")


class Invitation(models.Model):
    """A person invited to a meeting, and since when they are present. Guests have no vote."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("person"))
    may_vote = models.BooleanField(_("may vote"), default=False)
    invited_at = models.DateTimeField(_("invited"))
    present_at = models.DateTimeField(_("present since"), null=True, blank=True)
    marked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    excuse = models.CharField(_("excuse"), max_length=120, blank=True)

    objects = MeetingInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="invitation_once"),
            models.CheckConstraint(
                condition=Q(present_at=None, marked_by=None)
                | Q(present_at__isnull=False, marked_by__isnull=False, excuse=""),
                name="invitation_present_or_excused",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AgendaItem(models.Model):
    """A point of the agenda; `source` is what waits elsewhere: shown, never used in a rule."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(pgettext_lazy("agenda", "position"))
    title = models.CharField(pgettext_lazy("meeting", "title"), max_length=200)
    text = models.TextField(_("text"), max_length=2000, blank=True)
    source_kind = models.CharField(max_length=40, blank=True, editable=False)
    source_key = models.CharField(max_length=60, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.PENDING
    )

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agendaitem_position"),
            models.UniqueConstraint(
                fields=["meeting", "source_kind", "source_key"],
                condition=~Q(source_kind=""),
                name="agendaitem_source_once",
            ),
            models.CheckConstraint(
                condition=Q(source_kind="", source_key="")
                | (~Q(source_kind="") & ~Q(source_key="")),
                name="agendaitem_source_whole",
            ),
        ]
        indexes = [models.Index(fields=["source_kind", "source_key"], name="agendaitem_source")]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> tuple[str, str]:
        return (self.source_kind, self.source_key)
