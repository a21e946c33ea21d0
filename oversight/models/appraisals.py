"""An appraisal of a period: who is appraised, the numbers stored for it, and what came of them.

An *edition* is one outcome: the first one, or a corrected one with its reason. Numbers say from
which edition on they hold, so that every edition can be computed again from what is stored.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Territory
from grids.scopes import scopes_of
from lib.moving import MoveEvent, Moving
from organizations.models import User
from oversight.models.schemes import Of, Scheme
from oversight.periods import Kind, Period
from oversight.workflow import HEADS, KNOWN_INSIDE, OVERSEERS, State

SPANS = [
    (kind, kind.label) for kind in Kind if kind in {Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR}
]


def towns_overseen(user: User | AnonymousUser, roles: Any, *, on: datetime.date) -> Q | None:
    """Towns that one of `user`'s posts with these roles covers, as a filter; None: none."""
    scopes = [scope for scope in scopes_of(user, on=on) if scope.role in roles]
    if any(scope.everywhere for scope in scopes):
        return Q()
    towns = {town for scope in scopes for town in scope.towns}
    return Q(town__in=sorted(towns)) if towns else None


def towns_known(user: User | AnonymousUser, *, on: datetime.date) -> Q | None:
    """Towns in which `user` works, wherever in them."""
    scopes = scopes_of(user, on=on)
    if any(scope.everywhere for scope in scopes):
        return Q()
    towns = {key for scope in scopes for key in scope.towns}
    below = {key for scope in scopes for key in scope.communities | scope.grids}
    if not towns and not below:
        return None
    inside = Territory.objects.filter(pk__in=sorted(below))
    return (
        Q(town__in=sorted(towns))
        | Q(town__in=inside.values("parent"))
        | Q(town__in=inside.values("parent__parent"))
    )


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    def with_names(self) -> Self:
        return self.select_related("scheme", "town", "opened_by")

    def overseen_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        found = towns_overseen(user, OVERSEERS, on=on)
        return self.none() if found is None else self.filter(found)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Those who work on it; from its publicity on, everybody who works in the town."""
        seen = Q(pk__in=self.model.objects.overseen_by(user, on=on).values("pk"))
        known = towns_known(user, on=on)
        if known is not None:
            seen |= known & Q(state__in=sorted(KNOWN_INSIDE))
        return self.filter(seen) if user.pk else self.none()

    def to_compute(self) -> Self:
        return self.filter(state=State.COMPUTING)

    def to_publish(self, at: datetime.datetime) -> Self:
        """Their time for appeals is over and none waits for an answer."""
        waiting = self.filter(appraised__appeals__state="open").values("pk")
        over = self.filter(state=State.PUBLICISED, appeal_until__lte=at)
        return over.exclude(pk__in=waiting)

    def published(self) -> Self:
        """What everybody may read: of bodies and areas, never of people."""
        return self.filter(state=State.PUBLISHED).exclude(scheme__of=Of.PERSON)


class Appraisal(Moving):
    """`stored` holds rules and terms as they were when it was opened (`scoring.as_stored`).

    `total` are appraised, of `collected` the numbers are stored; `edition` is the newest outcome,
    0 before there is one.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    town = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("town"))
    span = models.CharField(_("period"), max_length=8, choices=SPANS)
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    stored = models.JSONField()
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.COMPUTING)
    total = models.PositiveIntegerField(default=0)
    collected = models.PositiveIntegerField(default=0)
    edition = models.PositiveSmallIntegerField(default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(pgettext_lazy("appraisal", "opened"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    publicised_at = models.DateTimeField(_("publicised"), null=True, blank=True)
    appeal_until = models.DateTimeField(_("appeals until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="appraisal_has_days"),
            models.CheckConstraint(
                condition=Q(collected__lte=F("total")), name="appraisal_collects_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["computing", "cancelled"]) | Q(edition__gte=1),
                name="appraisal_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["publicised", "published"],
                    publicised_at__isnull=False,
                    appeal_until__isnull=False,
                    appeal_until__gt=F("publicised_at"),
                )
                | ~Q(state__in=["publicised", "published"])
                & Q(publicised_at=None, appeal_until=None),
                name="appraisal_gives_time_to_appeal",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="published", ended_at__isnull=False, ended_at__gte=F("appeal_until")
                )
                | Q(state="cancelled", ended_at__isnull=False)
                | ~Q(state__in=["published", "cancelled"]) & Q(ended_at=None),
                name="appraisal_ended_or_not",
            ),
            models.UniqueConstraint(
                fields=["scheme", "town", "first", "last"],
                condition=~Q(state="cancelled"),
                name="appraisal_once_a_period",
            ),
        ]
        indexes = [models.Index(fields=["state", "town"], name="appraisal_state")]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.period}"

    @property
    def period(self) -> Period:
        return Period(self.span, self.first, self.last)

    @property
    def per_cent(self) -> int:
        """How far the numbers are stored."""
        return self.collected * 100 // self.total if self.total else 0


class AppraisalEvent(MoveEvent):
    """Reasons that may speak of a person stand in their rows, not here."""

    subject = models.ForeignKey(Appraisal, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an appraisal")
        verbose_name_plural = _("moves of appraisals")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="appraisal_event_once")
        ]


class AppraisedQuerySet(models.QuerySet["Appraised"]):
    def with_names(self) -> Self:
        return self.select_related("body", "territory", "person", "appraisal__scheme")

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """All to those who work on it. Bodies and areas from its publicity on to who works in the
        town; people only to themselves and to the heads above them."""
        if not user.pk:
            return self.none()
        known = Appraisal.objects.visible_to(user, on=on).filter(state__in=sorted(KNOWN_INSIDE))
        concerned = self.model.objects.concerning(user, on=on).values("pk")
        return self.filter(Q(pk__in=concerned) | Q(person=None, appraisal__in=known.values("pk")))

    def concerning(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """All to those who work on it; from the publicity on what is one's own, and to heads what
        is of their bodies: also appeals, rewards and penalties of these."""
        worked_on = Appraisal.objects.overseen_by(user, on=on)
        led = {
            body
            for scope in scopes_of(user, on=on)
            if scope.role in HEADS
            for body in scope.body_ids
        }
        own = Q(person=user.pk, person__isnull=False) | Q(body__in=sorted(led))
        public = Q(appraisal__state__in=sorted(KNOWN_INSIDE))
        return self.filter(Q(appraisal__in=worked_on.values("pk")) | public & own)


class Appraised(models.Model):
    """One body, area or person in an appraisal. `body` is the body itself, the one that answers for
    the area, or the one in which the person holds the post."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="appraised")
    body = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+"
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    collected_at = models.DateTimeField(null=True, blank=True)

    objects = AppraisedQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraised")
        verbose_name_plural = _("appraised")
        constraints = [
            models.CheckConstraint(
                condition=Q(territory=None, body__isnull=False)
                | Q(territory__isnull=False, person=None),
                name="appraised_is_one",
            ),
            models.UniqueConstraint(
                fields=["appraisal", "person"],
                condition=Q(person__isnull=False),
                name="appraised_person_once",
            ),
            models.UniqueConstraint(
                fields=["appraisal", "territory"],
                condition=Q(territory__isnull=False),
                name="appraised_area_once",
            ),
            models.UniqueConstraint(
                fields=["appraisal", "body"],
                condition=Q(territory=None, person=None),
                name="appraised_body_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.territory or self.body)

    @property
    def key(self) -> int:
        """Of the person, area or body that counts are kept for."""
        return self.person_id or self.territory_id or self.body_id or 0


class Input(models.Model):
    """A number that counts for somebody, from `edition` on until a later one; 0 where none is."""

    appraised = models.ForeignKey(Appraised, models.PROTECT, related_name="inputs", db_index=False)
    edition = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    value = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("stored number of an appraisal")
        verbose_name_plural = _("stored numbers of appraisals")
        constraints = [
            models.UniqueConstraint(fields=["appraised", "code", "edition"], name="input_once"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="input_of_an_edition"),
        ]
