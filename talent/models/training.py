"""Leading disciplines, training bases, programmes; courses with places, and who takes part.

`taken` counts the enrolments that hold a place; triggers (`talent/migrations/sql/`) count, a CHECK
keeps it within `places`.
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
from lib.validity import Dated, DatedQuerySet, ends_after_it_begins
from organizations.models import Body, User
from talent.models.chain import ORGANISERS, in_chain_of
from talent.models.teams import Named, Team
from talent.workflow.training import HOLDING, CourseState, EnrolmentState
from volunteers.models.places import Placed


class Discipline(Named, Dated):
    """A leading discipline (优势学科点): what a body teaches better than others."""

    code = models.SlugField(_("code"), unique=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("led by")
    )
    about = models.CharField(_("about"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("leading discipline")
        verbose_name_plural = _("leading disciplines")
        constraints = [ends_after_it_begins("discipline_ends_after_it_begins")]


class TrainingBase(Named, Dated):
    """A base of practical training (实践培训基地)."""

    code = models.SlugField(_("code"), unique=True)
    address = models.CharField(_("address"), max_length=200)
    seats = models.PositiveSmallIntegerField(_("seats"))
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("led by")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training base")
        verbose_name_plural = _("training bases")
        constraints = [
            ends_after_it_begins("trainingbase_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="trainingbase_has_seats"),
        ]


class Programme(Named, Dated):
    """A plan of training (培养计划) for a team: how many people it means to train."""

    code = models.SlugField(_("code"), unique=True)
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="programmes", verbose_name=_("talent team")
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, null=True, blank=True, related_name="programmes",
        verbose_name=_("leading discipline"),
    )  # fmt: skip
    aim = models.CharField(_("aim"), max_length=300)
    people = models.PositiveIntegerField(_("people to be trained"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training programme")
        verbose_name_plural = _("training programmes")
        constraints = [ends_after_it_begins("programme_ends_after_it_begins")]


class CourseQuerySet(models.QuerySet["Course"]):
    def with_names(self) -> Self:
        return self.select_related("programme__team", "base", "community", "body", "teacher")

    def public(self) -> Self:
        return self.exclude(state=CourseState.PLANNED)

    def open(self) -> Self:
        return self.filter(state=CourseState.OPEN)

    def led_by(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """Courses that `user` organises or teaches."""
        if not user.pk:
            return self.none()
        return self.filter(in_reach(user, ORGANISERS, on=on) | Q(teacher=user.pk))

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        led = Course.objects.led_by(user, on=on).values("pk")
        return self.filter(~Q(state=CourseState.PLANNED) | Q(pk__in=led))


class Course(Moving, Placed):
    """A course of `hours` with `places`; who has `attend_hours` of it may be examined.

    Scores go from 0 to `full_mark`; from `pass_mark` on it is passed.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="courses", verbose_name=_("training programme")
    )
    base = models.ForeignKey(
        TrainingBase, models.PROTECT, related_name="courses", verbose_name=_("training base")
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("held by"))
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    about = models.TextField(_("about"), max_length=2000, blank=True)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taught by")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    sign_up_until = models.DateTimeField(_("sign-up until"))
    hours = models.PositiveSmallIntegerField(_("hours"))
    attend_hours = models.PositiveSmallIntegerField(_("hours to attend at least"))
    places = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), default=60)
    full_mark = models.PositiveSmallIntegerField(_("full mark"), default=100)
    state = models.CharField(
        _("state"), max_length=12, choices=CourseState, default=CourseState.PLANNED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("talent", "course")
        verbose_name_plural = pgettext_lazy("talent", "courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=1, taken__lte=F("places")), name="course_is_not_overbooked"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), sign_up_until__lte=F("starts_at")),
                name="course_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(attend_hours__lte=F("hours"), hours__gte=1),
                name="course_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__lte=F("full_mark"), pass_mark__gte=1),
                name="course_marks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["finished", "cancelled"], ended_at__isnull=False)
                | (~Q(state__in=["finished", "cancelled"]) & Q(ended_at=None)),
                name="course_ended_or_not",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="course_state_starts")]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def free(self) -> int:
        return self.places - self.taken


class CourseEvent(MoveEvent):
    subject = models.ForeignKey(Course, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of a course")
        verbose_name_plural = _("moves of courses")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="courseevent_once")
        ]


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def with_names(self) -> Self:
        return self.select_related("course__programme__team", "course__body", "person")

    def holding(self) -> Self:
        return self.filter(state__in=HOLDING)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(person=user.pk) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser, *, on: datetime.date) -> Self:
        """To who takes part, who organises or teaches the course, and the person's chain."""
        led = Course.objects.led_by(user, on=on).values("pk")
        chain = in_chain_of(user, on=on, prefix="person__") if user.pk else Q(pk__in=[])
        return self.filter(Q(person=user.pk or 0) | Q(course__in=led) | chain)


class Enrolment(Moving):
    """A person in a course. `name` is what stands on the certificate; it is erased with them."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    name = models.CharField(_("name"), max_length=60)
    state = models.CharField(
        _("state"), max_length=12, choices=EnrolmentState, default=EnrolmentState.ENROLLED
    )
    attended = models.PositiveSmallIntegerField(_("hours attended"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    graded_at = models.DateTimeField(_("examined"), null=True, blank=True)
    at = models.DateTimeField(_("signed up"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                condition=~Q(state__in=["cancelled", "called_off"]),
                name="enrolment_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["passed", "failed"],
                    score__isnull=False,
                    graded_by__isnull=False,
                    graded_at__isnull=False,
                    attended__isnull=False,
                )
                | (~Q(state__in=["passed", "failed"]) & Q(score=None, graded_by=None)),
                name="enrolment_result_was_graded",
            ),
            models.CheckConstraint(
                condition=Q(graded_by=None) | ~Q(graded_by=F("person")),
                name="enrolment_graded_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="attended") | Q(attended__isnull=False),
                name="enrolment_attended_hours",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="enrolment_person_state")]

    def __str__(self) -> str:
        return f"{self.course} · {self.name}"


class EnrolmentEvent(MoveEvent):
    subject = models.ForeignKey(Enrolment, models.PROTECT, related_name="events", db_index=False)

    class Meta:
        verbose_name = _("move of an enrolment")
        verbose_name_plural = _("moves of enrolments")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="enrolmentevent_once")
        ]
