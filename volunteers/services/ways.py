"""The ways of everything that has states here: what `moving` needs to know of each table."""

from volunteers.models import (
    Activity,
    ActivityEvent,
    Call,
    CallEvent,
    DoubleReport,
    DoubleReportEvent,
    Organisation,
    OrganisationEvent,
    ReportTask,
    ReportTaskEvent,
    Signup,
    SignupEvent,
    Volunteer,
    VolunteerEvent,
    WaitingPlace,
    WaitingPlaceEvent,
)
from volunteers.services import actors
from volunteers.services.moving import Way
from volunteers.workflow import activities as work
from volunteers.workflow import organisations as bodies
from volunteers.workflow import people

VOLUNTEER = Way(
    Volunteer,
    VolunteerEvent,
    people.MOVES,
    lambda state: people.State(state).label,
    actors.to_volunteer,
    needs_reason=people.NEEDS_REASON,
    ends=people.GONE | {people.State.ERASED},
    related=("person",),
    keeps_reasons=False,
)
ORGANISATION = Way(
    Organisation,
    OrganisationEvent,
    bodies.ORGANISATION_MOVES,
    lambda state: bodies.OrganisationState(state).label,
    actors.to_organisation,
    needs_reason=bodies.NEEDS_REASON,
    ends=frozenset({bodies.OrganisationState.REFUSED, bodies.OrganisationState.ENDED}),
)
REPORT = Way(
    DoubleReport,
    DoubleReportEvent,
    bodies.REPORT_MOVES,
    lambda state: bodies.ReportState(state).label,
    actors.to_report,
    needs_reason=bodies.NEEDS_REASON,
    ends=frozenset({bodies.ReportState.REFUSED, bodies.ReportState.ENDED}),
    keeps_reasons=False,
)
TASK = Way(
    ReportTask,
    ReportTaskEvent,
    bodies.TASK_MOVES,
    lambda state: bodies.TaskState(state).label,
    actors.to_task,
    needs_reason=bodies.NEEDS_REASON,
    related=("report",),
    keeps_reasons=False,
)
ACTIVITY = Way(
    Activity,
    ActivityEvent,
    work.MOVES,
    lambda state: work.State(state).label,
    actors.to_activity,
    needs_reason=work.NEEDS_REASON,
    ends=frozenset({work.State.FINISHED, work.State.CANCELLED}),
)
SIGNUP = Way(
    Signup,
    SignupEvent,
    work.SIGNUP_MOVES,
    lambda state: work.SignupState(state).label,
    actors.to_signup,
    needs_reason=work.SIGNUP_NEEDS_REASON,
    ends=frozenset(
        {work.SignupState.REFUSED, work.SignupState.CANCELLED, work.SignupState.CALLED_OFF}
    ),
    related=("volunteer", "shift", "shift__activity"),
    keeps_reasons=False,
)
WAITING_PLACE = Way(
    WaitingPlace,
    WaitingPlaceEvent,
    work.WAITING_MOVES,
    lambda state: work.WaitingState(state).label,
    actors.to_waiting_place,
    ends=frozenset(
        {
            work.WaitingState.TAKEN,
            work.WaitingState.LAPSED,
            work.WaitingState.LEFT,
            work.WaitingState.CLOSED,
        }
    ),
    related=("volunteer", "shift", "shift__activity"),
)
CALL = Way(
    Call,
    CallEvent,
    work.CALL_MOVES,
    lambda state: work.CallState(state).label,
    actors.to_call,
    needs_reason=work.CALL_NEEDS_REASON,
)
