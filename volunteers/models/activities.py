"""Activities, what they ask for, and the calls of cases and commitments that they answer."""

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
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Skill, User
from volunteers.models.organisations import Organisation
from volunteers.models.people import ORGANIZERS, Course
from volunteers.models.places import Placed
from volunteers.workflow.activities import CallState, State

# Who looks at an activity before it is published; never the one who made it.
REVIEWERS = ORGANIZERS | COMMITTEE | {Role.DEPARTMENT_HEAD}
SEEN = (State.PUBLISHED, State.FINISHED)


class Topic(models.Model):
    """What an activity is about, as data (助老, 环保, 交通引导 …)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        verbose_name = _("topic of activities")
        verbose_name_plural = _("topics of activities")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def with_names(self) -> Self:
        return self.select_related("topic", "body", "organisation", "town", "community")

    def with_demands(self) -> Self:
        """With what `volunteers.eligibility` asks for."""
        return self.prefetch_related("prerequisites__skill", "prerequisites__course")

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Made by `user`, of an organisation for which they act, or led by them on some shift."""
        if not user.pk:
            return self.none()
        led = Organisation.objects.led_by(user, on=on).values("pk")
        shifts = Activity.objects.filter(shifts__leader=user.pk).values("pk")
        return self.filter(Q(made_by=user.pk) | Q(organisation__in=led) | Q(pk__in=shifts))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """What is or was published to everybody; drafts to who leads, organises and reviews."""
        public = Q(state__in=SEEN) | Q(state=State.CANCELLED, published_at__isnull=False)
        if not user.pk:
            return self.filter(public)
        near = Activity.objects.filter(in_reach(user, REVIEWERS, on=on)).values("pk")
        led = Activity.objects.led_by(user, on=on).values("pk")
        return self.filter(public | Q(pk__in=near) | Q(pk__in=led))


class Activity(Moving, Placed):
    """Work that volunteers are asked for: once, by a rule, or open to whoever comes.

    `danger` says how much can happen: `dangerous` work asks for insurance and for words about the
    risks (articles 12 and 17). `cancel_hours` before a shift a place may be given back without
    being counted as late; an offered place waits `confirm_hours` for its answer.
    """

    class Form(models.TextChoices):
        ONCE = "once", _("Once")
        RECURRING = "recurring", _("Again and again")
        OPEN = "open", _("Open: come as you like")

    class Danger(models.TextChoices):
        NONE = "none", _("No particular risk")
        RAISED = "raised", _("Some risk, with a briefing")
        DANGEROUS = "dangerous", _("Dangerous: insurance is needed")

    title = models.CharField(pgettext_lazy("activity", "title"), max_length=80)
    title_en = models.CharField(
        pgettext_lazy("activity", "English title"), max_length=160, blank=True
    )
    summary = models.TextField(_("what is done"), max_length=3000)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="activities",
        verbose_name=pgettext_lazy("activity", "topic"),
    )
    form = models.CharField(_("form"), max_length=10, choices=Form, default=Form.ONCE)
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="+", verbose_name=_("responsible body")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("organisation"),
    )
    address = models.CharField(pgettext_lazy("activity", "place"), max_length=120)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    min_age = models.PositiveSmallIntegerField(_("from age"), default=0)
    max_age = models.PositiveSmallIntegerField(_("to age"), default=120)
    danger = models.CharField(_("danger"), max_length=10, choices=Danger, default=Danger.NONE)
    risks = models.TextField(_("risks"), max_length=1000, blank=True)
    equipment = models.CharField(_("equipment"), max_length=300, blank=True)
    needs_approval = models.BooleanField(_("sign-ups are approved one by one"), default=False)
    cancel_hours = models.PositiveSmallIntegerField(_("cancel until (hours before)"), default=24)
    confirm_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offered place"), default=12
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                condition=Q(min_age__lte=F("max_age")), name="activity_ages_in_order"
            ),
            models.CheckConstraint(
                condition=Q(danger="none") | ~Q(risks=""), name="activity_says_its_risks"
            ),
            models.CheckConstraint(
                condition=~Q(danger="dangerous") | Q(min_age__gte=18),
                name="activity_dangerous_is_for_adults",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="activity_point_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "finished"])
                | (
                    Q(published_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("made_by"))
                ),
                name="activity_was_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["finished", "cancelled"], ended_at__isnull=False)
                | (~Q(state__in=["finished", "cancelled"]) & Q(ended_at=None)),
                name="activity_ended_or_not",
            ),
            models.CheckConstraint(
                condition=Q(confirm_hours__gte=1), name="activity_time_to_answer"
            ),
        ]
        indexes = [models.Index(fields=["state", "community"], name="activity_state_place")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def is_dangerous(self) -> bool:
        return self.danger == self.Danger.DANGEROUS


class ActivityEvent(MoveEvent):
    subject = models.ForeignKey(Activity, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an activity")
        verbose_name_plural = _("moves of activities")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="activityevent_once")
        ]


class Recurrence(models.Model):
    """The rule of a recurring or open activity: weekdays (0 = Monday), every so many weeks.

    The clock makes the shifts of the next weeks from it; `made_until` is the last day looked at.
    """

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="recurrence")
    weekdays = models.JSONField(_("weekdays"), default=list)
    every_weeks = models.PositiveSmallIntegerField(_("every … weeks"), default=1)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    made_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rule of shifts")
        verbose_name_plural = _("rules of shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="recurrence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="recurrence_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, every_weeks__lte=12), name="recurrence_every_weeks"
            ),
        ]


class Prerequisite(models.Model):
    """What who signs up must have: a skill, a course, insurance. `is_required` False: is wished.

    Ages stand on the activity.
    """

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skill")
        COURSE = "course", _("Course")
        INSURANCE = "insurance", _("Insurance")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="prerequisites")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skill")
    )
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    is_required = models.BooleanField(_("required"), default=True)
    needs_proof = models.BooleanField(_("with proof"), default=False)

    class Meta:
        verbose_name = _("prerequisite")
        verbose_name_plural = _("prerequisites")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="skill", skill__isnull=False, course=None)
                | Q(kind="course", skill=None, course__isnull=False)
                | Q(kind="insurance", skill=None, course=None),
                name="prerequisite_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["activity", "skill"],
                condition=Q(kind="skill"),
                name="prerequisite_skill_once",
            ),
            models.UniqueConstraint(
                fields=["activity", "course"],
                condition=Q(kind="course"),
                name="prerequisite_course_once",
            ),
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(kind="insurance"),
                name="prerequisite_insurance_once",
            ),
        ]


class CallQuerySet(models.QuerySet["Call"]):
    def with_names(self) -> Self:
        return self.select_related("town", "community", "body", "activity", "by")

    def with_skills(self) -> Self:
        return self.prefetch_related("skills")

    def open(self) -> Self:
        return self.filter(state=CallState.OPEN)

    def about(self, kind: str, key: str) -> Self:
        return self.filter(subject_kind=kind, subject_key=key)

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        if not user.pk:
            return self.none()
        return self.filter(in_reach(user, ORGANIZERS, on=on) | Q(by=user.pk))


class Call(Moving, Placed):
    """A call for volunteers from something of a higher app, named by (kind, key), for showing only.

    The organiser answers it with an activity, or declines with a reason.
    """

    subject_kind = models.SlugField()
    subject_key = models.CharField(max_length=60)
    title = models.CharField(pgettext_lazy("activity", "title"), max_length=80)
    text = models.TextField(_("what is needed"), max_length=1000)
    people = models.PositiveSmallIntegerField(_("people needed"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    address = models.CharField(pgettext_lazy("activity", "place"), max_length=120)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"))
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="calls"
    )
    state = models.CharField(_("state"), max_length=12, choices=CallState, default=CallState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("called"))

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for volunteers")
        verbose_name_plural = _("calls for volunteers")
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="call_needs_people"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="call_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="answered", activity__isnull=False)
                | (~Q(state="answered") & Q(activity=None)),
                name="call_answered_by_activity",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key"],
                condition=Q(state="open"),
                name="call_one_open_of_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CallEvent(MoveEvent):
    subject = models.ForeignKey(Call, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a call")
        verbose_name_plural = _("moves of calls")
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="callevent_once")]
