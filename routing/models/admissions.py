"""Admission of matters to communities (社区工作事项准入): applied for, reviewed, tried, admitted.

权随责走、费随事转: a department that hands a matter over names the people, their hours and the
money for each community. Triggers (`routing/migrations/sql/admissions.*.sql`) keep what was
promised as it was applied for, and let nothing past a draft whose shares do not add up.
"""

import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.scopes import scopes_of
from lib.moving import MoveEvent, Moving
from lib.roles import ADMINISTRATORS, COMMITTEE, Role
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import User
from routing.models.catalogue import Category
from routing.models.duty import Admission
from routing.workflow import COMPLETE, IN_FORCE, OVER, ApplicationState

# Who reads every application that was made.
OVERSEERS = ADMINISTRATORS | {Role.SUPERVISOR, Role.ASSESSOR}


class AdmissionRule(Dated):
    """How an admission is applied for: 30 working days ahead, reviewed within 15 (as in Xicheng,
    Beijing), tried for some days, and renewed only where communities rate it well enough."""

    notice_days = models.PositiveSmallIntegerField(_("working days ahead"), default=30)
    review_days = models.PositiveSmallIntegerField(_("working days for the review"), default=15)
    trial_days = models.PositiveSmallIntegerField(_("days of trial"), default=90)
    least_score = models.DecimalField(
        _("average score from which on it may be renewed"), max_digits=2, decimal_places=1,
        default=Decimal("3.0"),
    )  # fmt: skip

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of admission")
        verbose_name_plural = _("rules of admission")
        constraints = [
            ends_after_it_begins("admission_rule_ends_after_it_begins"),
            models.UniqueConstraint(
                models.Value(1), condition=Q(valid_to=None), name="one_admission_rule_now"
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=1, review_days__gte=1, trial_days__gte=1)
                & Q(least_score__gte=1, least_score__lte=5),
                name="admission_rule_has_days",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


class AdmissionQuerySet(models.QuerySet["AdmissionApplication"]):
    def with_names(self) -> Self:
        return self.select_related("category", "department", "checker", "made_by").prefetch_related(
            "shares__community"
        )

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Its department's to who heads it; what is applied for also to reviewers, to those who
        speak for its communities, and to committees over them and who supervises there."""
        if not isinstance(user, User):
            return self.none()
        scopes = scopes_of(user, on=on)
        headed = {key for s in scopes if s.role == Role.DEPARTMENT_HEAD for key in s.body_ids}
        seen = Q(reviews__reviewer=user.pk)
        for scope in scopes:
            oversees = scope.role in COMMITTEE | OVERSEERS
            if oversees and (scope.everywhere or scope.role in ADMINISTRATORS):
                seen = ~Q(pk=None)
                break
            if scope.role in COMMITTEE | {Role.COMMUNITY_WORKER, Role.DEPARTMENT_HEAD}:
                seen |= Q(shares__community__in=scope.body_ids)
            if oversees:
                seen |= Q(shares__community__territories__territory__in=scope.communities)
                seen |= Q(shares__community__territories__territory__parent__in=scope.towns)
        others = self.model._default_manager.filter(seen).exclude(state=ApplicationState.DRAFT)
        return self.filter(Q(department__in=headed) | Q(pk__in=others.values("pk")))

    def in_force(self) -> Self:
        return self.filter(state__in=sorted(IN_FORCE))

    def rated(self) -> Self:
        """With `score` (None: nobody has said anything) and `said` (how many did)."""
        told = "shares__evaluations"
        return self.annotate(score=Avg(f"{told}__score"), said=Count(f"{told}", distinct=True))

    def ending(self, on: datetime.date) -> Self:
        """What the clock ends on that day."""
        return self.in_force().filter(ends__lte=on)

    def waiting(self) -> Self:
        return self.filter(state=ApplicationState.APPLIED)

    def to_review(self, user: User | AnonymousUser) -> Self:
        """Those whose joint review waits for this person."""
        open_ = AdmissionReview.objects.pending().filter(reviewer=user.pk)
        return self.filter(state=ApplicationState.REVIEW, pk__in=open_.values("application"))


class AdmissionApplication(Moving):
    """A matter that `department` wants to hand to communities from `begins` to `ends` (excluded).

    `headcount`, `hours` (a week), `points` and `amount` (fen) are the sums of its shares, set when
    it is applied for. `round` counts how often; reviews belong to a round.
    """

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="applications", verbose_name=_("matter")
    )
    department = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="admission_applications",
        verbose_name=_("department"),
    )  # fmt: skip
    begins = models.DateField(_("from"))
    ends = models.DateField(_("until (excluded)"))
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    equipment = models.CharField(_("equipment"), max_length=300, blank=True)
    training = models.CharField(_("training"), max_length=300, blank=True)
    checker = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who checks"),
    )  # fmt: skip
    headcount = models.PositiveSmallIntegerField(_("people"), default=0, editable=False)
    hours = models.PositiveSmallIntegerField(_("hours a week"), default=0, editable=False)
    points = models.PositiveIntegerField(_("points of work at once"), default=0, editable=False)
    amount = models.BigIntegerField(_("money (fen)"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied for"), null=True, blank=True)
    earliest = models.DateField(_("may begin from"), null=True, blank=True)
    review_due = models.DateField(_("to be reviewed by"), null=True, blank=True)
    trial_until = models.DateField(_("trial until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for admission")
        verbose_name_plural = _("applications for admission")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(COMPLETE))
                | (
                    Q(headcount__gte=1, hours__gte=1, points__gte=1, amount__gte=1)
                    & ~Q(legal_basis="")
                    & ~Q(equipment="")
                    & ~Q(training="")
                    & Q(checker__isnull=False, applied_by__isnull=False, applied_at__isnull=False)
                    & Q(review_due__isnull=False, begins__gte=F("earliest"))
                ),
                name="admission_application_brings_its_shares",
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")), name="admission_application_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.TRIAL) | Q(trial_until__isnull=False),
                name="admission_application_trial_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OVER), ended_at__isnull=False)
                | (~Q(state__in=sorted(OVER)) & Q(ended_at=None)),
                name="admission_application_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["state", "ends"], name="admission_state_ends")]

    def __str__(self) -> str:
        return f"{self.number} {self.category}"

    @property
    def number(self) -> str:
        """ZR00017: stands in the books of both sides."""
        return f"ZR{self.pk:05d}"


class AdmissionShare(models.Model):
    """What one community gets: `amount` fen of the department's `line`, and people.

    Once in force: `own_line` is the community's line that the money went to, `admission` is by
    what the router knows of it.
    """

    application = models.ForeignKey(AdmissionApplication, models.PROTECT, related_name="shares")
    community = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="admission_shares",
        verbose_name=_("community"),
    )  # fmt: skip
    line = models.ForeignKey(
        "funding.Line", models.PROTECT, related_name="+", verbose_name=_("budget line")
    )
    purpose = models.ForeignKey(
        "funding.Purpose", models.PROTECT, related_name="+", verbose_name=_("purpose of money")
    )
    amount = models.BigIntegerField(_("money (fen)"))
    own_line = models.OneToOneField(
        "funding.Line", models.PROTECT, null=True, blank=True, related_name="admission_share"
    )
    admission = models.OneToOneField(
        Admission, models.PROTECT, null=True, blank=True, related_name="share"
    )

    class Meta:
        verbose_name = _("share of a community")
        verbose_name_plural = _("shares of communities")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "community"], name="admission_share_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="admission_share_has_money"),
        ]


class PromisedPostQuerySet(models.QuerySet["PromisedPost"]):
    def finished(self) -> Self:
        """Of admissions that are over: who stayed to finish what was open, and has finished it."""
        stayed = self.filter(share__application__state__in=sorted(OVER), seconded__valid_to=None)
        return stayed.filter(seconded__isnull=False).exclude(seconded__load__tasks__gt=0)


class PromisedPost(models.Model):
    """A person of the department, by post, who works `hours` a week for the community and carries
    `points` of work at once. `seconded` is the post in the community that came of it."""

    share = models.ForeignKey(AdmissionShare, models.PROTECT, related_name="people")
    post = models.ForeignKey(
        "organizations.Post", models.PROTECT, related_name="+", verbose_name=_("person")
    )
    hours = models.PositiveSmallIntegerField(_("hours a week"))
    points = models.PositiveSmallIntegerField(_("points of work at once"))
    seconded = models.OneToOneField(
        "organizations.Post", models.PROTECT, null=True, blank=True, related_name="promised"
    )

    objects = PromisedPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("promised person")
        verbose_name_plural = _("promised people")
        constraints = [
            models.UniqueConstraint(fields=["share", "post"], name="promised_post_once"),
            models.CheckConstraint(
                condition=Q(hours__gte=1, points__gte=1), name="promised_post_works"
            ),
        ]


class AdmissionReviewQuerySet(models.QuerySet["AdmissionReview"]):
    def pending(self) -> Self:
        return self.filter(answer="")

    def overdue(self, on: datetime.date) -> Self:
        return self.pending().filter(due_on__lt=on, application__state=ApplicationState.REVIEW)


class AdmissionReview(models.Model):
    """What one reviewer says, by `due_on`; who applied does not review."""

    class Answer(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        OBJECTS = "objects", _("Objects")

    application = models.ForeignKey(AdmissionApplication, models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    due_on = models.DateField(_("to be answered by"))
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    words = models.CharField(pgettext_lazy("of an answer", "words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = AdmissionReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of an application")
        verbose_name_plural = _("reviews of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round", "reviewer"], name="admission_review_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="admission_review_answered_or_not",
            ),
        ]


class ApplicationEvent(MoveEvent):
    subject = models.ForeignKey(
        AdmissionApplication, models.PROTECT, related_name="events", db_index=False
    )

    class Meta:
        verbose_name = _("move of an application for admission")
        verbose_name_plural = _("moves of applications for admission")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="admission_event_once")
        ]


class AdmissionEvaluation(models.Model):
    """What a community says of an admitted matter, once a year: never changed."""

    share = models.ForeignKey(AdmissionShare, models.PROTECT, related_name="evaluations")
    year = models.PositiveSmallIntegerField(_("year"))
    score = models.PositiveSmallIntegerField(pgettext_lazy("of an answer", "score"))
    words = models.CharField(pgettext_lazy("of an answer", "words"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("evaluation of an admitted matter")
        verbose_name_plural = _("evaluations of admitted matters")
        constraints = [
            models.UniqueConstraint(fields=["share", "year"], name="admission_evaluated_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="admission_score_of_five"
            ),
        ]


class UnadmittedRefusal(models.Model):
    """A community refused a matter that was not admitted: for a record, and for no count of
    returns. Never changed. `subject_kind` and `subject_key` name the case, where it was one.
    """

    community = models.ForeignKey(
        "organizations.Body", models.PROTECT, related_name="unadmitted_refusals",
        verbose_name=_("community"),
    )  # fmt: skip
    department = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("handed over by"),
    )  # fmt: skip
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("matter")
    )
    what = models.CharField(_("what was handed over"), max_length=200)
    subject_kind = models.SlugField(blank=True)
    subject_key = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("refused"))

    class Meta:
        verbose_name = _("refusal of what was not admitted")
        verbose_name_plural = _("refusals of what was not admitted")
        indexes = [models.Index(fields=["community", "-at"], name="unadmitted_by_community")]
