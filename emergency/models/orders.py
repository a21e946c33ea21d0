"""Orders (应急动员令): matter, class, level, territory, term, measures, basis, money."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emergency.models.reference import COLOURS, Grade, Kind, Measure
from emergency.workflow import PUBLIC, OrderState
from grids.locate import Place
from grids.scopes import Scope, in_reach, scopes_of
from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.roles import COMMITTEE, Role
from organizations.models import User

# Who gives orders, calls people out and leads what follows.
COMMANDERS = COMMITTEE | {Role.DUTY_OFFICER}
WATCHERS = COMMANDERS | {Role.SUPERVISOR, Role.AUDIT_ADMIN}
FIELD = frozenset({Role.GRID_WORKER, Role.COMMUNITY_WORKER})


class Placed(models.Model):
    """Abstract: town, community and grid as scopes of posts filter by them.

    Of a whole city all three are empty.
    """

    town = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    community = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("community"),
    )  # fmt: skip
    grid = models.ForeignKey(
        "grids.Territory", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Somewhere(Placed):
    """Abstract: a territory, and where it lies."""

    territory = models.ForeignKey(
        "grids.Territory", models.PROTECT, related_name="+", verbose_name=_("territory")
    )

    class Meta:
        abstract = True

    @property
    def place(self) -> Place:
        return Place(self.town_id, self.community_id, self.grid_id)


def touching(scopes: tuple[Scope, ...]) -> Q:
    """A filter: what lies in one of these scopes, or covers the place of one of them."""
    found = Q(pk__in=[])
    for scope in scopes:
        if scope.everywhere:
            return Q()
        towns, communities, grids = scope.towns, scope.communities, scope.grids
        parts = Q(town__in=towns) | Q(community__in=communities) | Q(grid__in=grids)
        parts |= Q(town=None)
        parts |= Q(community=None, town__children__in=communities)
        parts |= Q(grid=None, community__children__in=grids)
        parts |= Q(community=None, town__children__children__in=grids)
        found |= parts
    return found


class OrderQuerySet(models.QuerySet["Order"]):
    def with_names(self) -> Self:
        return self.select_related(
            "territory", "town", "community", "body", "made_by", "confirmed_by", "line"
        )

    def public(self) -> Self:
        return self.filter(state__in=PUBLIC)

    def in_force(self, at: datetime.datetime) -> Self:
        """In force, and within the term."""
        return self.filter(state=OrderState.IN_FORCE, starts_at__lte=at, until__gt=at)

    def held(self, at: datetime.datetime) -> Self:
        """In force at a moment, also one long ago, as far as the term is still known."""
        over = Q(ended_at=None) | Q(ended_at__gt=at)
        return self.public().filter(over, starts_at__lte=at, until__gt=at)

    def waiting(self) -> Self:
        return self.filter(state=OrderState.DRAFT)

    def late(self, at: datetime.datetime) -> Self:
        """Not confirmed in time, or over its term, and nobody has been told."""
        draft = Q(state=OrderState.DRAFT, confirm_due_at__lte=at)
        over = Q(state=OrderState.IN_FORCE, until__lte=at)
        return self.filter(draft | over, pressed_at=None)

    def to_delete(self, at: datetime.datetime) -> Self:
        return self.filter(state=OrderState.REVIEWED, delete_at__lte=at)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Of the places where `user` gives orders."""
        return self.filter(in_reach(user, COMMANDERS, on=on)) if user.pk else self.none()

    def watched_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(in_reach(user, WATCHERS, on=on)) if user.pk else self.none()

    def worked_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Whose territory holds, or lies in, what one of the user's posts reaches."""
        scopes = tuple(s for s in scopes_of(user, on=on) if s.role in FIELD | WATCHERS)
        if not scopes:
            return self.none()
        near = Order.objects.filter(touching(scopes)).values("pk")
        return self.filter(pk__in=near, state__in=PUBLIC)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Published ones to everybody; drafts and withdrawn ones to those of the place."""
        if not user.pk:
            return self.public()
        watched = Order.objects.watched_by(user, on=on).values("pk")
        return self.filter(Q(state__in=PUBLIC) | Q(pk__in=watched) | Q(made_by=user.pk))


class Order(Moving, Somewhere):
    """An order, drawn up by one and confirmed by another; residents read `title` and `text`.

    `line`: the special line of money that matters of its measures draw on first. `delete_at`: when
    the data collected for it are deleted, set by the review.
    """

    title = models.CharField(_("matter"), max_length=80)
    title_en = models.CharField(
        pgettext_lazy("of an order", "English title"), max_length=160, blank=True
    )
    text = models.TextField(_("what happens"), max_length=1000)
    text_en = models.TextField(_("the same in English"), max_length=1500, blank=True)
    kind = models.CharField(_("class"), max_length=10, choices=Kind)
    level = models.PositiveSmallIntegerField(pgettext_lazy("of an order", "level"), choices=Grade)
    until = models.DateTimeField(_("until"))
    measures = models.ManyToManyField(Measure, related_name="orders", verbose_name=_("measures"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    line = models.ForeignKey(
        "funding.Line", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("special line of money"),
    )  # fmt: skip
    is_exercise = models.BooleanField(_("exercise"), default=False)
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("drawn up"))
    confirm_due_at = models.DateTimeField(_("to be confirmed by"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    pressed_at = models.DateTimeField(_("told upwards"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=OrderState, default=OrderState.DRAFT
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("stood down"), null=True, blank=True)
    delete_at = models.DateTimeField(_("data deleted on"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of an emergency")
        verbose_name_plural = _("orders of emergencies")
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="order_level"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"], confirmed_by=None, starts_at=None)
                | (
                    Q(state__in=["in_force", "stood_down", "reviewed", "deleted"])
                    & Q(confirmed_by__isnull=False, starts_at__isnull=False)
                    & ~Q(confirmed_by=F("made_by"))
                ),
                name="order_was_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(until__gt=F("starts_at")),
                name="order_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_force"], ended_at=None)
                | (~Q(state__in=["draft", "in_force"]) & Q(ended_at__isnull=False)),
                name="order_ended_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reviewed", "deleted"], delete_at__isnull=False)
                | (~Q(state__in=["reviewed", "deleted"]) & Q(delete_at=None)),
                name="order_says_when_data_go",
            ),
            models.UniqueConstraint(
                fields=["territory", "kind"],
                condition=Q(state="in_force"),
                name="order_one_in_force",
            ),
        ]
        indexes = [models.Index(fields=["state", "until"], name="order_state_until")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def said(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def number(self) -> str:
        """EM000017."""
        return f"EM{self.pk:06d}"

    @property
    def colour(self) -> str:
        """The warning colour of the level: red, orange, yellow, blue."""
        return COLOURS[self.level]


class OrderEvent(MoveEvent):
    subject = models.ForeignKey(Order, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an order")
        verbose_name_plural = _("moves of orders")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="orderevent_once")
        ]
