"""A place in a course, what was attended, the examination and the certificate that follows.

The course is locked before its enrolments; triggers count the places, a CHECK keeps them.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import RuleViolation, WrongState
from organizations.models import User
from talent import notifications
from talent.models import Course, Enrolment
from talent.services.certificates import issue
from talent.services.ways import ENROLMENT
from talent.workflow.training import CourseState, EnrolmentState


class CourseFull(RuleViolation):
    def __init__(self) -> None:
        text = _("All places are taken. Places that become free are shown here again.")
        super().__init__(text, code="course_full")


@transaction.atomic
def enrol(course: Course, *, name: str, by: User, at: datetime.datetime) -> Enrolment:
    """`name` is what stands on the certificate. Raises WrongState, CourseFull, RuleViolation."""
    locked = _lock(course)
    if locked.state != CourseState.OPEN or at >= locked.sign_up_until:
        raise WrongState(_("Sign-up for this course is over."))
    if not name.strip():
        raise RuleViolation(_("Give the name that stands on the certificate."), code="no_name")
    if locked.teacher_id == by.pk:
        raise RuleViolation(_("Who teaches a course does not take part in it."), code="teacher")
    if locked.enrolments.holding().filter(person=by).exists():
        raise RuleViolation(_("You have a place already."), code="enrolled")
    if locked.free < 1:
        raise CourseFull
    row = Enrolment(course=locked, person=by, name=name.strip()[:60], at=at)
    done = ENROLMENT.start(row, "enrol", by=by, at=at)
    notifications.tell_learner(done, "course-place", at=at)
    return done


def _lock(course: Course) -> Course:
    return Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


@transaction.atomic
def cancel_enrolment(row: Enrolment, *, by: User, at: datetime.datetime) -> Enrolment:
    """The place is free again. Raises NotYours, WrongState."""
    course = _lock(row.course)
    if at >= course.starts_at:
        raise WrongState(_("The course has begun."))
    locked = ENROLMENT.begin(row, "cancel", by=by, at=at)
    return ENROLMENT.finish(locked, "cancel", by=by, at=at)


@transaction.atomic
def note_attendance(row: Enrolment, *, hours: int, by: User, at: datetime.datetime) -> Enrolment:
    """Enough hours: may be examined; fewer: did not attend enough. Raises RuleViolation."""
    course = _lock(row.course)
    if at < course.starts_at:
        raise WrongState(_("The course has not begun."))
    if not 0 <= hours <= course.hours:
        raise RuleViolation(
            _("The course has %(hours)s hours.") % {"hours": course.hours}, code="hours"
        )
    name = "attend" if hours >= course.attend_hours else "miss"
    locked = ENROLMENT.begin(row, name, by=by, at=at)
    return ENROLMENT.finish(locked, name, by=by, at=at, attended=hours, facts={"hours": hours})


@transaction.atomic
def grade(row: Enrolment, *, score: int, by: User, at: datetime.datetime) -> Enrolment:
    """The result of the examination; who passes gets a certificate. May be sat again once failed.

    Raises NotYours, WrongState, RuleViolation.
    """
    course = _lock(row.course)
    if not 0 <= score <= course.full_mark:
        raise RuleViolation(
            _("Scores go from 0 to %(full)s.") % {"full": course.full_mark}, code="score"
        )
    name = _result(Enrolment.objects.get(pk=row.pk), passes=score >= course.pass_mark)
    locked = ENROLMENT.begin(row, name, by=by, at=at)
    done = ENROLMENT.finish(
        locked, name, by=by, at=at, score=score, graded_by=by, graded_at=at,
        facts={"score": score},
    )  # fmt: skip
    if done.state == EnrolmentState.PASSED:
        issue(done, score=score, by=by, at=at)
    else:
        notifications.tell_learner(done, "course-failed", at=at)
    return done


def _result(row: Enrolment, *, passes: bool) -> str:
    if row.state == EnrolmentState.FAILED and passes:
        return "resit"
    return "pass" if passes else "fail"
