"""What a person is to a course, an enrolment, a selection, a candidate, an objection."""

import datetime

from django.utils.timezone import localdate

from lib.roles import Role
from organizations.models import User
from talent.models import Candidate, Course, Enrolment, Objection, Selection
from talent.models.chain import ORGANISERS
from talent.workflow.selection import CandidateActor, ObjectionActor, SelectionActor
from talent.workflow.training import CourseActor, EnrolmentActor
from volunteers.models.places import reaches

SECRETARIES = frozenset({Role.PARTY_SECRETARY})


def organises(user: User, course: Course, *, at: datetime.datetime) -> bool:
    """Who teaches it, and the committee of its place."""
    return course.teacher_id == user.pk or reaches(user, ORGANISERS, course, on=localdate(at))


def to_course(user: User, course: Course, *, at: datetime.datetime) -> frozenset[str]:
    return frozenset({CourseActor.ORGANISER} if organises(user, course, at=at) else ())


def to_enrolment(user: User, row: Enrolment, *, at: datetime.datetime) -> frozenset[str]:
    """Nobody notes or examines himself."""
    if user.is_system:
        return frozenset({EnrolmentActor.SYSTEM})
    if row.person_id == user.pk:
        return frozenset({EnrolmentActor.LEARNER})
    return frozenset({EnrolmentActor.ORGANISER} if organises(user, row.course, at=at) else ())


def to_selection(user: User, row: Selection, *, at: datetime.datetime) -> frozenset[str]:
    """A candidate is nothing but that to the selection."""
    if user.is_system:
        return frozenset({SelectionActor.CLOCK})
    if row.candidates.filter(person=user).exists():
        return frozenset()
    found = set()
    if reaches(user, ORGANISERS, row, on=localdate(at)):
        found.add(SelectionActor.ORGANISER)
    if row.made_by_id != user.pk and reaches(user, SECRETARIES, row, on=localdate(at)):
        found.add(SelectionActor.SECRETARY)
    return frozenset(found)


def to_candidate(user: User, row: Candidate, *, at: datetime.datetime) -> frozenset[str]:
    if user.is_system:
        return frozenset({CandidateActor.SYSTEM})
    if row.person_id == user.pk:
        return frozenset({CandidateActor.CANDIDATE})
    return frozenset(map(str, to_selection(user, row.selection, at=at)))


def to_objection(user: User, row: Objection, *, at: datetime.datetime) -> frozenset[str]:
    if row.person_id == user.pk:
        return frozenset()
    organises_it = SelectionActor.ORGANISER in to_selection(user, row.candidate.selection, at=at)
    return frozenset({ObjectionActor.ANSWERER} if organises_it else ())
