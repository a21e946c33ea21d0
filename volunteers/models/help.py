"""Neighbours' help (邻里互助): skills, tools and company, offered and asked for."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import in_reach
from lib.moving import MoveEvent, Moving
from lib.roles import Role
from organizations.models import Skill, User
from volunteers.models.places import Placed
from volunteers.models.time_bank import TimeTransfer
from volunteers.workflow.wishes import DealState, HelpState

WORKERS = frozenset({Role.COMMUNITY_WORKER, Role.VOLUNTEER_ORGANIZER})


class HelpPostQuerySet(models.QuerySet["HelpPost"]):
    def with_names(self) -> Self:
        return self.select_related("person", "community", "town", "skill")

    def open(self, at: datetime.datetime) -> Self:
        return self.filter(state=HelpState.OPEN, until__gte=at.date())

    def lapsing(self, today: datetime.date) -> Self:
        return self.filter(state=HelpState.OPEN, until__lt=today)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Open ones to whoever has signed in; others to the owner, partners and workers."""
        if not user.pk:
            return self.none()
        near = HelpPost.objects.filter(in_reach(user, WORKERS, on=on)).values("pk")
        dealt = HelpDeal.objects.filter(person=user.pk).values("post")
        mine = Q(person=user.pk) | Q(pk__in=dealt) | Q(pk__in=near)
        return self.filter(mine | Q(state=HelpState.OPEN))

    def matching(self, post: "HelpPost") -> Self:
        """Of the other kind in the same community, the same field first the same skill."""
        other = HelpPost.Kind.REQUEST if post.is_offer else HelpPost.Kind.OFFER
        rows = self.filter(
            kind=other, community=post.community_id, field=post.field, state=HelpState.OPEN
        ).exclude(person=post.person_id)
        return rows.annotate(
            fits=models.Case(
                models.When(skill=post.skill_id, then=0), default=1,
                output_field=models.IntegerField(),
            )
        ).order_by("fits", "-pk")  # fmt: skip


class HelpPost(Moving, Placed):
    """An offer or a request of help, about so many minutes; `settles`: in the time bank."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("I can help")
        REQUEST = "request", _("I need help")

    class Field(models.TextChoices):
        SKILL = "skill", _("A skill")
        TOOL = "tool", _("A tool to lend")
        COMPANY = "company", _("Company on the way, or at home")
        OTHER = "other", _("Something else")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    field = models.CharField(_("with what"), max_length=8, choices=Field)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    title = models.CharField(_("in a few words"), max_length=80)
    text = models.TextField(_("more"), max_length=1000, blank=True)
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skill")
    )
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"), default=60)
    settles = models.BooleanField(_("settle in the time bank"), default=True)
    until = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=12, choices=HelpState, default=HelpState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("written"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = HelpPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer or request of help")
        verbose_name_plural = _("offers and requests of help")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="helppost_takes_time"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | Q(state="ended", ended_at__isnull=False),
                name="helppost_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["state", "community", "kind"], name="helppost_place")]

    def __str__(self) -> str:
        return self.title or str(_("Erased by its author"))

    @property
    def is_offer(self) -> bool:
        return self.kind == HelpPost.Kind.OFFER


class HelpPostEvent(MoveEvent):
    subject = models.ForeignKey(HelpPost, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an offer or request")
        verbose_name_plural = _("moves of offers and requests")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="helppostevent_once")
        ]


class HelpDealQuerySet(models.QuerySet["HelpDeal"]):
    def with_names(self) -> Self:
        return self.select_related("post__person", "person", "transfer")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To both sides alone."""
        del on
        if not user.pk:
            return self.none()
        return self.filter(Q(person=user.pk) | Q(post__person=user.pk))


class HelpDeal(Moving):
    """`person` answers an offer or request; both agree; who was helped says that it is done."""

    post = models.ForeignKey(HelpPost, models.PROTECT, related_name="deals")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who answered")
    )
    minutes = models.PositiveIntegerField(pgettext_lazy("of time", "minutes"))
    settles = models.BooleanField(_("settle in the time bank"), default=True)
    words = models.CharField(_("message"), max_length=300, blank=True)
    transfer = models.OneToOneField(
        TimeTransfer, models.PROTECT, null=True, blank=True, related_name="deal"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=DealState, default=DealState.PROPOSED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("answered"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = HelpDealQuerySet.as_manager()

    class Meta:
        verbose_name = _("help agreed on")
        verbose_name_plural = _("help agreed on")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "person"],
                condition=Q(state__in=["proposed", "agreed"]),
                name="helpdeal_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(transfer=None) | Q(state="done", settles=True),
                name="helpdeal_settled_when_done",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="helpdeal_takes_time"),
        ]

    @property
    def helper(self) -> User:
        return self.post.person if self.post.is_offer else self.person

    @property
    def helped(self) -> User:
        return self.person if self.post.is_offer else self.post.person


class HelpDealEvent(MoveEvent):
    subject = models.ForeignKey(HelpDeal, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of help agreed on")
        verbose_name_plural = _("moves of help agreed on")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="helpdealevent_once")
        ]
