"""Directives (任务): what a decision gives somebody to do, by when, measured by what."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committee.models.meetings import Meeting
from committee.models.members import bodies_known_to
from committee.models.two_new import Instructor, NewOrganisation
from committee.models.votes import Decision
from committee.workflow import OPEN_DIRECTIVES, DirectiveState, Verb
from grids.scopes import scopes_of
from lib.moving import MoveEvent, Moving
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User

PERSON = settings.AUTH_USER_MODEL
# Who answers for a body to which a directive was given.
ANSWERS = COMMITTEE | {Role.DEPARTMENT_HEAD}
_OPEN = sorted(OPEN_DIRECTIVES)


def bodies_answered_for(user: User | AnonymousUser, *, on: datetime.date) -> set[int]:
    return {scope.body_id for scope in scopes_of(user, on=on) if scope.role in ANSWERS}


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def with_names(self) -> Self:
        return self.select_related(
            "decision__item__meeting", "body__kind", "owner_body", "owner_organisation",
            "owner_post__person", "owner_post__body",
        )  # fmt: skip

    def owned_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What `user` is to do: for his body, his post, or the organisation that he instructs."""
        if not isinstance(user, User):
            return self.none()
        posts = Post.objects.held_by(user, on=on).values("pk")
        instructed = Instructor.objects.filter(person=user).valid_on(on).values("organisation")
        return self.filter(
            Q(owner_body__in=bodies_answered_for(user, on=on))
            | Q(owner_post__in=posts)
            | Q(owner_organisation__in=instructed)
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Of bodies that one leads or belongs to, what one is to do, and what one gave out."""
        if not isinstance(user, User):
            return self.none()
        own = Directive.objects.owned_by(user, on=on).values("pk")
        held = Meeting.objects.filter(Q(chair=user) | Q(recorder=user)).values("pk")
        return self.filter(
            Q(body__in=bodies_known_to(user, on=on))
            | Q(pk__in=own)
            | Q(decision__item__meeting__in=held)
        )

    def going_on(self) -> Self:
        return self.filter(state__in=_OPEN)

    def overdue(self, on: datetime.date) -> Self:
        return self.going_on().filter(due_on__lt=on)

    def to_tell(self, on: datetime.date) -> Self:
        """Overdue ones of whose date nobody has been told yet."""
        return self.overdue(on).filter(Q(told_for=None) | Q(told_for__lt=F("due_on")))


class Directive(Moving):
    """Given by a body's decision to another body, a post, or a new organisation.

    `due_on` is the last day. `percent` is what the newest progress says. `told_for`: the date of
    which its overrun was told, so that a later date is told of again.
    """

    body = models.ForeignKey(
        Body, models.PROTECT, related_name="directives_given", verbose_name=_("given by")
    )
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="directives")
    verb = models.CharField(pgettext_lazy("directive", "what for"), max_length=10, choices=Verb)
    title = models.CharField(_("task"), max_length=120)
    text = models.TextField(_("what exactly"), max_length=2000, blank=True)
    measure = models.CharField(_("measure of success"), max_length=300)
    owner_body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("responsible body"),
    )
    owner_post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("responsible post"),
    )
    owner_organisation = models.ForeignKey(
        NewOrganisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="directives",
        verbose_name=_("responsible new organisation"),
    )
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("given out"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=12, choices=DirectiveState, default=DirectiveState.ISSUED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    percent = models.PositiveSmallIntegerField(_("done (%)"), default=0)
    reported_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(
        pgettext_lazy("directive", "reported"), null=True, blank=True
    )
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_in = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(pgettext_lazy("directive", "ended"), null=True, blank=True)
    told_for = models.DateField(null=True, editable=False)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_body__isnull=False, owner_post=None, owner_organisation=None)
                | Q(owner_body=None, owner_post__isnull=False, owner_organisation=None)
                | Q(owner_body=None, owner_post=None, owner_organisation__isnull=False),
                name="directive_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "done"], reported_at__isnull=False,
                            reported_by__isnull=False)
                | ~Q(state__in=["reported", "done"]),
                name="directive_reported_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="done", confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("reported_by"))
                | (~Q(state="done") & Q(confirmed_by=None, confirmed_in=None)),
                name="directive_done_by_another_word",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dropped"], ended_at__isnull=False)
                | (~Q(state__in=["done", "dropped"]) & Q(ended_at=None)),
                name="directive_ended_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(measure="") & ~Q(title=""), name="directive_is_measured"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="directive_percent"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "due_on"], name="directive_due"),
            models.Index(fields=["verb", "state"], name="directive_verb"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """T0000017."""
        return f"T{self.pk:07d}"

    @property
    def owner(self) -> str:
        return str(self.owner_body or self.owner_post or self.owner_organisation)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DIRECTIVES

    def is_late(self, on: datetime.date) -> bool:
        return self.is_open and self.due_on < on


class DirectiveEvent(MoveEvent):
    subject = models.ForeignKey(Directive, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a directive")
        verbose_name_plural = _("moves of directives")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="directiveevent_once")
        ]


class Progress(models.Model):
    """How far it is, in words and per cent; never changed."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="progress")
    percent = models.PositiveSmallIntegerField(_("done (%)"))
    text = models.TextField(pgettext_lazy("directive", "what was done"), max_length=1000)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    client_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("progress of a directive")
        verbose_name_plural = _("progress of directives")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=100) & ~Q(text=""), name="progress_says_something"
            )
        ]


class Proof(models.Model):
    """A paper or photo that shows it; kept as sent, known by its digest; never changed."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="proofs")
    file = models.FileField(_("file"), upload_to="committee/%Y/%m/")
    name = models.CharField(_("name"), max_length=120)
    mime = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")
