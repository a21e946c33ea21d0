"""The ways of everything that has states here: what `moving` needs to know of each table."""

from lib.moving import Way
from talent.models import (
    Candidate,
    CandidateEvent,
    Course,
    CourseEvent,
    Enrolment,
    EnrolmentEvent,
    Objection,
    ObjectionEvent,
    Selection,
    SelectionEvent,
)
from talent.services import actors
from talent.workflow import selection as choosing
from talent.workflow import training

COURSE = Way(
    Course,
    CourseEvent,
    training.COURSE_MOVES,
    lambda state: training.CourseState(state).label,
    actors.to_course,
    needs_reason=training.COURSE_NEEDS_REASON,
    ends=frozenset({training.CourseState.FINISHED, training.CourseState.CANCELLED}),
)
ENROLMENT = Way(
    Enrolment,
    EnrolmentEvent,
    training.ENROLMENT_MOVES,
    lambda state: training.EnrolmentState(state).label,
    actors.to_enrolment,
    ends=frozenset(
        {
            training.EnrolmentState.PASSED,
            training.EnrolmentState.CANCELLED,
            training.EnrolmentState.CALLED_OFF,
        }
    ),
    related=("course", "person"),
)
SELECTION = Way(
    Selection,
    SelectionEvent,
    choosing.SELECTION_MOVES,
    lambda state: choosing.SelectionState(state).label,
    actors.to_selection,
    needs_reason=choosing.SELECTION_NEEDS_REASON,
    ends=frozenset({choosing.SelectionState.DECIDED, choosing.SelectionState.CANCELLED}),
)
CANDIDATE = Way(
    Candidate,
    CandidateEvent,
    choosing.CANDIDATE_MOVES,
    lambda state: choosing.CandidateState(state).label,
    actors.to_candidate,
    needs_reason=choosing.CANDIDATE_NEEDS_REASON,
    ends=frozenset(
        {
            choosing.CandidateState.EXCLUDED,
            choosing.CandidateState.PASSED_OVER,
            choosing.CandidateState.WITHDRAWN,
            choosing.CandidateState.APPOINTED,
        }
    ),
    related=("selection", "person"),
    keeps_reasons=False,
)
OBJECTION = Way(
    Objection,
    ObjectionEvent,
    choosing.OBJECTION_MOVES,
    lambda state: choosing.ObjectionState(state).label,
    actors.to_objection,
    needs_reason=choosing.OBJECTION_NEEDS_REASON,
    ends=frozenset({choosing.ObjectionState.UPHELD, choosing.ObjectionState.REJECTED}),
    related=("candidate", "candidate__selection", "person"),
    keeps_reasons=False,
)
