"""Courses with their places, and who takes part in them. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.workflow import Move, move


class CourseState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("course", "Planned")
    OPEN = "open", pgettext_lazy("course", "Open for sign-up")
    FINISHED = "finished", pgettext_lazy("course", "Finished")
    CANCELLED = "cancelled", pgettext_lazy("course", "Cancelled")


class CourseActor(models.TextChoices):
    ORGANISER = "organiser", _("Committee of the place, or who teaches")


COURSE_MOVES: dict[str, Move] = {
    "edit": move({CourseState.PLANNED}, None, by={CourseActor.ORGANISER}),
    "open": move({CourseState.PLANNED}, CourseState.OPEN, by={CourseActor.ORGANISER}),
    "finish": move({CourseState.OPEN}, CourseState.FINISHED, by={CourseActor.ORGANISER}),
    "cancel": move(
        {CourseState.PLANNED, CourseState.OPEN}, CourseState.CANCELLED, by={CourseActor.ORGANISER}
    ),
}
COURSE_NEEDS_REASON = frozenset({"cancel"})


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("Has a place")
    ATTENDED = "attended", _("Attended")
    ABSENT = "absent", _("Did not attend enough")
    PASSED = "passed", pgettext_lazy("examination", "Passed")
    FAILED = "failed", pgettext_lazy("examination", "Not passed")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "Cancelled")
    CALLED_OFF = "called_off", pgettext_lazy("enrolment", "Course cancelled")


class EnrolmentActor(models.TextChoices):
    LEARNER = "learner", _("Who takes part")
    ORGANISER = "organiser", _("Committee of the place, or who teaches")
    SYSTEM = "system", _("Follows from the course")


# What takes a place of the course.
HOLDING = frozenset(EnrolmentState) - {EnrolmentState.CANCELLED, EnrolmentState.CALLED_OFF}

ENROLMENT_MOVES: dict[str, Move] = {
    "cancel": move(
        {EnrolmentState.ENROLLED}, EnrolmentState.CANCELLED, by={EnrolmentActor.LEARNER}
    ),
    "attend": move(
        {EnrolmentState.ENROLLED, EnrolmentState.ABSENT},
        EnrolmentState.ATTENDED,
        by={EnrolmentActor.ORGANISER},
    ),
    "miss": move({EnrolmentState.ENROLLED}, EnrolmentState.ABSENT, by={EnrolmentActor.ORGANISER}),
    "pass": move({EnrolmentState.ATTENDED}, EnrolmentState.PASSED, by={EnrolmentActor.ORGANISER}),
    "fail": move({EnrolmentState.ATTENDED}, EnrolmentState.FAILED, by={EnrolmentActor.ORGANISER}),
    "resit": move({EnrolmentState.FAILED}, EnrolmentState.PASSED, by={EnrolmentActor.ORGANISER}),
    "call_off": move(
        {EnrolmentState.ENROLLED, EnrolmentState.ATTENDED, EnrolmentState.ABSENT},
        EnrolmentState.CALLED_OFF,
        by={EnrolmentActor.SYSTEM},
    ),
}
