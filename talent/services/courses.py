"""Courses: planned, opened for sign-up, finished when everybody has a result, or cancelled."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from grids.models import Territory
from lib.errors import NotYours, RuleViolation
from lib.moving import moved
from organizations.models import Body, User
from talent import notifications
from talent.models import Course, Programme, TrainingBase
from talent.models.chain import ORGANISERS
from talent.services.ways import COURSE, ENROLMENT
from talent.workflow.training import EnrolmentState
from volunteers.models.places import reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a course is to be; `places` and the marks are whole numbers, times are aware."""

    programme: Programme
    base: TrainingBase
    body: Body
    teacher: User
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    sign_up_until: datetime.datetime
    hours: int
    attend_hours: int
    places: int
    pass_mark: int = 60
    full_mark: int = 100
    title_en: str = ""
    about: str = ""

    def check(self) -> None:
        """Raises RuleViolation."""
        if not self.sign_up_until <= self.starts_at < self.ends_at:
            raise RuleViolation(
                _("Sign-up ends before the course begins, and it ends after it begins."),
                code="times",
            )
        if not (1 <= self.pass_mark <= self.full_mark and self.attend_hours <= self.hours):
            raise RuleViolation(
                _("The pass mark lies within the full mark, the hours to attend within all hours."),
                code="marks",
            )
        if not 1 <= self.places <= self.base.seats:
            raise RuleViolation(
                _("The training base has %(seats)s seats: offer at least one place, and no more.")
                % {"seats": self.base.seats},
                code="seats",
            )

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def plan_course(
    planned: Planned, community: Territory, *, by: User, at: datetime.datetime
) -> Course:
    """A course in a community, not public yet. Raises NotYours, RuleViolation."""
    planned.check()
    row = Course(  # type: ignore[misc]  # a community lies in a town
        town_id=community.parent_id, community=community, made_by=by, made_at=at,
        **planned.columns(),
    )  # fmt: skip
    if not reaches(by, ORGANISERS, row, on=localdate(at)):
        raise NotYours(_("The committee of the place plans courses."))
    return COURSE.start(row, "plan", by=by, at=at)


@transaction.atomic
def edit_course(course: Course, planned: Planned, *, by: User, at: datetime.datetime) -> Course:
    """Before it is open. Raises NotYours, WrongState, RuleViolation."""
    planned.check()
    locked = COURSE.begin(course, "edit", by=by, at=at)
    return COURSE.finish(locked, "edit", by=by, at=at, **planned.columns())


@transaction.atomic
def open_course(course: Course, *, by: User, at: datetime.datetime) -> Course:
    locked = COURSE.begin(course, "open", by=by, at=at)
    if locked.sign_up_until <= at:
        raise RuleViolation(_("Sign-up would be over already: choose later times."), code="late")
    return COURSE.finish(locked, "open", by=by, at=at)


@transaction.atomic
def finish_course(course: Course, *, by: User, at: datetime.datetime) -> Course:
    """After its end, when everybody who has a place has a result. Raises RuleViolation."""
    locked = COURSE.begin(course, "finish", by=by, at=at)
    if at < locked.ends_at:
        raise RuleViolation(_("The course is not over yet."), code="not_over")
    waiting = [EnrolmentState.ENROLLED, EnrolmentState.ATTENDED]
    if locked.enrolments.filter(state__in=waiting).exists():
        raise RuleViolation(
            _("Somebody has no result yet: note who came, and enter the scores."), code="no_result"
        )
    return COURSE.finish(locked, "finish", by=by, at=at)


@transaction.atomic
def cancel_course(course: Course, *, reason: str, by: User, at: datetime.datetime) -> Course:
    """Everybody without a result is told. Raises NotYours, WrongState, RuleViolation."""
    done = moved(COURSE, course, "cancel", by=by, at=at, reason=reason)
    system = User.objects.system()
    open_ones = [EnrolmentState.ENROLLED, EnrolmentState.ATTENDED, EnrolmentState.ABSENT]
    for row in done.enrolments.filter(state__in=open_ones).order_by("pk"):
        locked = ENROLMENT.begin(row, "call_off", by=system, at=at)
        told = ENROLMENT.finish(locked, "call_off", by=system, at=at)
        notifications.tell_learner(told, "course-cancelled", at=at, reason=done.reason)
    return done
