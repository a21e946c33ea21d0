"""Selection (选拔) for posts: criteria, candidates, judges and their scores, objections.

Order of steps after 党政领导干部选拔任用工作条例: open criteria, application or recommendation,
judgement, publication (公示), decision. Triggers refuse that anybody judges himself or a relative.
"""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import in_reach
from lib.languages import in_language
from lib.moving import MoveEvent, Moving
from lib.roles import Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, User
from talent.models.chain import ORGANISERS
from talent.models.teams import Team
from talent.workflow.selection import CandidateState, ObjectionState, SelectionState
from volunteers.models.places import Placed

S = SelectionState
# Names that the public reads: from publication on.
NAMED = frozenset({CandidateState.PROPOSED, CandidateState.CHOSEN, CandidateState.APPOINTED})
FORGOTTEN = "—"


class SelectionRule(Dated):
    """How long a publication lasts at least (days), how many judges there are at least."""

    publication_days = models.PositiveSmallIntegerField(_("published for at least (days)"))
    fewest_judges = models.PositiveSmallIntegerField(_("judges at least"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of selection")
        verbose_name_plural = _("rules of selection")
        constraints = [
            ends_after_it_begins("selectionrule_ends_after_it_begins"),
            models.UniqueConstraint(fields=["valid_from"], name="selectionrule_begins_once"),
            models.CheckConstraint(
                condition=Q(publication_days__gte=5, fewest_judges__gte=2),
                name="selectionrule_is_fair",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


class SelectionQuerySet(models.QuerySet["Selection"]):
    def with_names(self) -> Self:
        return self.select_related("body", "community", "team")

    def public(self) -> Self:
        return self.exclude(state=S.DRAFT)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        return self.filter(in_reach(user, ORGANISERS, on=on)) if user.pk else self.none()

    def judged_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(judges__person=user.pk) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        led = Selection.objects.led_by(user, on=on).values("pk")
        return self.filter(~Q(state=S.DRAFT) | Q(pk__in=led))

    def to_close(self, at: datetime.datetime) -> Self:
        return self.filter(state=S.OPEN, apply_until__lte=at)


class Selection(Moving, Placed):
    """Posts (`role` in `body`) to be filled by `places` people.

    Open until `apply_until`; published from `published_at` to `objections_until`.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("talent team")
    )
    title = models.CharField(pgettext_lazy("of a selection", "title"), max_length=100)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    terms = models.TextField(_("who may apply"), max_length=2000)
    places = models.PositiveSmallIntegerField(_("places"), default=1)
    apply_until = models.DateTimeField(_("applications until"))
    state = models.CharField(_("state"), max_length=12, choices=S, default=S.DRAFT)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    objections_until = models.DateTimeField(_("objections until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="selection_has_places"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["published", "decided"],
                    published_at__isnull=False,
                    objections_until__gt=F("published_at"),
                )
                | Q(state__in=["draft", "open", "judging"], published_at=None)
                | Q(state="cancelled"),
                name="selection_published_for_a_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="decided",
                        decided_by__isnull=False,
                        ended_at__gte=F("objections_until"),
                    )
                    & ~Q(decided_by=F("made_by"))
                )
                | (~Q(state="decided") & Q(decided_by=None)),
                name="selection_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "cancelled"], ended_at__isnull=False)
                | (~Q(state__in=["decided", "cancelled"]) & Q(ended_at=None)),
                name="selection_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["state", "community"], name="selection_state_place")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)


class SelectionEvent(MoveEvent):
    subject = models.ForeignKey(Selection, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a selection")
        verbose_name_plural = _("moves of selections")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="selectionevent_once")
        ]


class Criterion(models.Model):
    """What is judged, and the most points for it."""

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="criteria")
    name = models.CharField(_("what is judged"), max_length=100)
    points = models.PositiveSmallIntegerField(_("points at most"))

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["selection", "name"], name="criterion_once"),
            models.CheckConstraint(condition=Q(points__gte=1), name="criterion_has_points"),
        ]

    def __str__(self) -> str:
        return self.name


class Judge(models.Model):
    """Somebody who scores the candidates of a selection."""

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="judges")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        constraints = [models.UniqueConstraint(fields=["selection", "person"], name="judge_once")]

    def __str__(self) -> str:
        return str(self.person)


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def with_names(self) -> Self:
        return self.select_related("selection__body", "person", "recommended_by")

    def standing(self) -> Self:
        """Who is judged."""
        return self.filter(state=CandidateState.APPLIED)

    def named(self) -> Self:
        """Whom everybody may read by name."""
        return self.filter(state__in=NAMED)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(person=user.pk) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Oneself; to who organises; to judges once judging has begun."""
        if not user.pk:
            return self.none()
        led = Selection.objects.led_by(user, on=on).values("pk")
        judged = Selection.objects.judged_by(user).exclude(state__in=[S.DRAFT, S.OPEN]).values("pk")
        return self.filter(Q(person=user.pk) | Q(selection__in=led) | Q(selection__in=judged))


class Candidate(Moving):
    """Somebody who applied, or was recommended and has agreed.

    `name` and `statement` are erased with the person; `score` is the mean of the judges' sums in
    hundredths, `rank` the place that follows from it, both set when the short list is made.
    """

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="candidates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="candidacies",
        verbose_name=_("person"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=60)
    statement = models.TextField(_("what speaks for you"), max_length=2000)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=CandidateState, default=CandidateState.APPLIED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    score = models.PositiveIntegerField(_("score"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(
        pgettext_lazy("in an order", "place"), null=True, blank=True
    )
    post = models.OneToOneField(
        "organizations.Post", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("applied"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("selection", "candidate")
        verbose_name_plural = pgettext_lazy("selection", "candidates")
        constraints = [
            models.UniqueConstraint(fields=["selection", "person"], name="candidate_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "chosen", "appointed"])
                | Q(score__isnull=False, rank__isnull=False),
                name="candidate_listed_was_scored",
            ),
            models.CheckConstraint(
                condition=Q(state="appointed", post__isnull=False)
                | (~Q(state="appointed") & Q(post=None)),
                name="candidate_appointed_has_post",
            ),
            models.CheckConstraint(
                condition=~Q(state="recommended") | Q(recommended_by__isnull=False),
                name="candidate_recommended_by",
            ),
            models.CheckConstraint(
                condition=Q(recommended_by=None) | ~Q(recommended_by=F("person")),
                name="candidate_not_by_himself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def points(self) -> str:
        """87.50, "—" before the short list."""
        return FORGOTTEN if self.score is None else f"{self.score / 100:.2f}"


class CandidateEvent(MoveEvent):
    subject = models.ForeignKey(Candidate, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a candidate")
        verbose_name_plural = _("moves of candidates")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="candidateevent_once")
        ]


class Kin(models.Model):
    """A judge and a candidate are near relatives, as one of them has declared."""

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="kin")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="kin")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("declared"))

    class Meta:
        verbose_name = _("relative among the candidates")
        verbose_name_plural = _("relatives among the candidates")
        constraints = [models.UniqueConstraint(fields=["judge", "candidate"], name="kin_once")]


class Score(models.Model):
    """Points of one judge for one candidate and criterion."""

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="scores")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(pgettext_lazy("of a judge", "points"))
    at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["judge", "candidate", "criterion"], name="score_once")
        ]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def with_names(self) -> Self:
        return self.select_related("candidate__selection", "person", "answered_by")

    def waiting(self) -> Self:
        return self.filter(state=ObjectionState.OPEN)

    def to_answer(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        led = Selection.objects.led_by(user, on=on).values("pk")
        return self.waiting().filter(candidate__selection__in=led)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To who objects and to who organises."""
        if not user.pk:
            return self.none()
        led = Selection.objects.led_by(user, on=on).values("pk")
        return self.filter(Q(person=user.pk) | Q(candidate__selection__in=led))


class Objection(Moving):
    """Somebody says why a published candidate should not be chosen. `text` is erased with them."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="objections")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("what speaks against it"), max_length=1000)
    state = models.CharField(
        _("state"), max_length=12, choices=ObjectionState, default=ObjectionState.OPEN
    )
    reason = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("raised"))
    ended_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to a candidate")
        verbose_name_plural = _("objections to candidates")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "person"],
                condition=Q(state="open"),
                name="candidate_objection_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_by=None, ended_at=None, reason="")
                | (
                    ~Q(state="open")
                    & Q(answered_by__isnull=False, ended_at__isnull=False)
                    & ~Q(reason="")
                    & ~Q(answered_by=F("person"))
                ),
                name="candidate_objection_answered",
            ),
        ]


class ObjectionEvent(MoveEvent):
    subject = models.ForeignKey(Objection, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an objection to a candidate")
        verbose_name_plural = _("moves of objections to candidates")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="candidate_objectionevent_once"
            )
        ]
