"""Talent teams, training with certificates, selection for posts, who comes and goes."""

from talent.models.certificates import Certificate, CertificateBook, Revocation
from talent.models.selection import (
    Candidate,
    CandidateEvent,
    Criterion,
    Judge,
    Kin,
    Objection,
    ObjectionEvent,
    Score,
    Selection,
    SelectionEvent,
    SelectionRule,
)
from talent.models.staffing import Establishment, Movement, Reason
from talent.models.teams import Membership, Team, TeamLevel
from talent.models.training import (
    Course,
    CourseEvent,
    Discipline,
    Enrolment,
    EnrolmentEvent,
    Programme,
    TrainingBase,
)

__all__ = [
    "Candidate",
    "CandidateEvent",
    "Certificate",
    "CertificateBook",
    "Course",
    "CourseEvent",
    "Criterion",
    "Discipline",
    "Enrolment",
    "EnrolmentEvent",
    "Establishment",
    "Judge",
    "Kin",
    "Membership",
    "Movement",
    "Objection",
    "ObjectionEvent",
    "Programme",
    "Reason",
    "Revocation",
    "Score",
    "Selection",
    "SelectionEvent",
    "SelectionRule",
    "Team",
    "TeamLevel",
    "TrainingBase",
]
