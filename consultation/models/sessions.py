"""A session: when and where, what is on its agenda, who is invited, who came, who stood back."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models.blueprints import Participant
from consultation.models.matters import Consultation, Stage
from consultation.session_workflow import (
    AmendmentState,
    InvitationState,
    MinutesState,
    SessionState,
)
from organizations.models import User

# When people are reminded of a session, or of a vote that ends.
REMINDED_BEFORE = datetime.timedelta(hours=24)
# What stands for a name or for words whose person has had them erased.
ERASED = "—"


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        seen = Consultation.objects.visible_to(user, on=on)
        return self.filter(consultation__in=seen)

    def with_names(self) -> Self:
        return self.select_related(
            "consultation__body", "consultation__community", "stage", "roll", "minutes"
        )

    def public(self) -> Self:
        """Sessions of consultations that everybody sees."""
        return self.filter(consultation__started_at__isnull=False)

    def coming(self, *, at: datetime.datetime) -> Self:
        return self.filter(
            state__in=[SessionState.PLANNED, SessionState.OPEN], ends_at__gte=at
        ).order_by("starts_at", "pk")

    def to_be_reminded_of(self, *, at: datetime.datetime) -> Self:
        """They begin within a day, and nobody was reminded yet."""
        soon = at + REMINDED_BEFORE
        rows = self.filter(state=SessionState.PLANNED, reminded_at=None)
        return rows.filter(starts_at__gt=at, starts_at__lte=soon)

    def without_final_minutes(self, *, at: datetime.datetime) -> Self:
        """Held, and the next step of the minutes is the desk's: to write, lay out or finish."""
        rows = self.filter(state=SessionState.CLOSED)
        return rows.filter(
            Q(minutes__state=MinutesState.LIVE)
            | Q(minutes__state=MinutesState.DRAFT, minutes__amend_until__lte=at)
        )

    def with_open_amendments(self) -> Self:
        """Somebody wants the minutes to say something else and waits for the answer."""
        return self.filter(minutes__amendments__state=AmendmentState.PROPOSED).distinct()


class Session(models.Model):
    """One meeting of a stage. `roll`: an assembly of those who stand in it; without one its members
    are invited by name. `recused_leave`: who stands back is left out of the number out of which
    the quorum is counted (else he stays in it, and only does not take part)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="sessions")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="sessions")
    title = models.CharField(pgettext_lazy("a consultation", "title"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.CharField(pgettext_lazy("a session", "place"), max_length=120, blank=True)
    online_url = models.URLField(_("online"), max_length=300, blank=True)
    roll = models.ForeignKey(
        "grids.Roll", models.PROTECT, null=True, blank=True, related_name="sessions",
        verbose_name=_("assembly of the roll"),
    )  # fmt: skip
    recused_leave = models.BooleanField(
        _("who stands back is left out of the quorum"), default=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(pgettext_lazy("a session", "opened"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("a session", "closed"), null=True, blank=True)
    reason = models.CharField(_("why it was called off"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(room="") | ~Q(online_url=""), name="session_is_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_at=None, closed_at=None, reason="")
                | Q(state="open", opened_at__isnull=False, closed_at=None, reason="")
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False, reason="")
                | (Q(state="called_off", closed_at__isnull=False) & ~Q(reason="")),
                name="session_has_what_its_state_needs",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="session_calendar")]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes_long(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class AgendaItem(models.Model):
    """A point of the agenda with its time; triggers keep the points below it within that."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children",
        verbose_name=_("part of"),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("place"))
    title = models.CharField(_("point"), max_length=120)
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("of time", "minutes"))
    speaker = models.CharField(_("who speaks"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="agendaitem_takes_time"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="agendaitem_is_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_names(self) -> Self:
        return self.select_related("person", "entitled__dwelling")

    def of(self, user: User) -> Self:
        return self.filter(person=user)

    def coming(self, *, at: datetime.datetime) -> Self:
        """To sessions that are still to be held or under way."""
        states = [SessionState.PLANNED, SessionState.OPEN]
        return self.filter(session__state__in=states, session__ends_at__gte=at)

    def counted(self) -> Self:
        return self.filter(is_member=True)

    def present(self) -> Self:
        return self.filter(attendances__cancelled_at=None, attendances__isnull=False)


class Invitation(models.Model):
    """Somebody who is asked to come. `is_member`: counts for the quorum and may vote; guests,
    experts and the press do not. `entitled`: the place of a roll that he comes for. `is_woman` is
    noted where the law asks for a share of women (None: not noted)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="session_invitations",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=60)
    capacity = models.CharField(_("as"), max_length=20, choices=Participant)
    entitled = models.ForeignKey(
        "grids.Entitled", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_member = models.BooleanField(_("counts for the quorum"), default=True)
    is_woman = models.BooleanField(_("woman"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=InvitationState, default=InvitationState.SENT
    )
    sent_at = models.DateTimeField(_("invited"))
    read_at = models.DateTimeField(pgettext_lazy("an invitation", "read"), null=True, blank=True)
    answered_at = models.DateTimeField(
        pgettext_lazy("an invitation", "answered"), null=True, blank=True
    )
    reason = models.CharField(_("why not"), max_length=200, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="invitation_person_once"),
            models.UniqueConstraint(fields=["session", "entitled"], name="invitation_place_once"),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "declined"], answered_at__isnull=False)
                | Q(state__in=["sent", "read"], answered_at=None),
                name="invitation_is_answered_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """Who came: one row each, never a number that somebody typed. A wrong one is cancelled."""

    class How(models.TextChoices):
        CODE = "code", _("by the code of the session")
        CLERK = "clerk", _("by a clerk")

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="attendances")
    at = models.DateTimeField(_("came"))
    how = models.CharField(_("how"), max_length=5, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(cancelled_at=None), name="attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
                ),
                name="attendance_is_cancelled_for_a_reason",
            ),
        ]


class Recusal(models.Model):
    """Somebody stands back from a matter that touches himself or his kin."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="recusal")
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recusal_says_why")]


class Stance(models.TextChoices):
    FOR = "for", pgettext_lazy("position", "For")
    AGAINST = "against", _("Against")
    OTHER = "other", _("Other")


class Position(models.Model):
    """What somebody said, as it was taken down. `public_text` is what everybody may read."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="positions")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="positions")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="positions",
        verbose_name=_("point of the agenda"),
    )  # fmt: skip
    stance = models.CharField(_("position"), max_length=8, choices=Stance)
    text = models.TextField(_("what was said"), max_length=2000)
    public_text = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["at", "pk"]
