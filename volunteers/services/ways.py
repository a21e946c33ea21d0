"""The ways of everything that has states here: what `moving` needs to know of each table."""

from lib.moving import Way
from volunteers.models import (
    Activity,
    ActivityEvent,
    Call,
    CallEvent,
    DoubleReport,
    DoubleReportEvent,
    HelpDeal,
    HelpDealEvent,
    HelpPost,
    HelpPostEvent,
    Objection,
    ObjectionEvent,
    Organisation,
    OrganisationEvent,
    Presence,
    PresenceEvent,
    ReportTask,
    ReportTaskEvent,
    Signup,
    SignupEvent,
    Take,
    TakeEvent,
    Volunteer,
    VolunteerEvent,
    WaitingPlace,
    WaitingPlaceEvent,
    Wish,
    WishEvent,
)
from volunteers.services import actors
from volunteers.workflow import activities as work
from volunteers.workflow import hours as stays
from volunteers.workflow import organisations as bodies
from volunteers.workflow import people, wishes

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
PRESENCE = Way(
    Presence,
    PresenceEvent,
    stays.PRESENCE_MOVES,
    lambda state: stays.PresenceState(state).label,
    actors.to_presence,
    needs_reason=stays.PRESENCE_NEEDS_REASON,
    related=(
        "volunteer",
        "signup",
        "signup__volunteer",
        "signup__shift",
        "signup__shift__activity",
    ),
)
OBJECTION = Way(
    Objection,
    ObjectionEvent,
    stays.OBJECTION_MOVES,
    lambda state: stays.ObjectionState(state).label,
    actors.to_objection,
    needs_reason=stays.OBJECTION_NEEDS_REASON,
    ends=frozenset(stays.ObjectionState) - {stays.ObjectionState.OPEN},
    related=(
        "presence",
        "presence__volunteer",
        "presence__signup",
        "presence__signup__volunteer",
        "presence__signup__shift",
        "presence__signup__shift__activity",
    ),
    keeps_reasons=False,
)
WISH = Way(
    Wish,
    WishEvent,
    wishes.WISH_MOVES,
    lambda state: wishes.WishState(state).label,
    actors.to_wish,
    needs_reason=wishes.WISH_NEEDS_REASON,
    ends=frozenset(
        {wishes.WishState.REFUSED, wishes.WishState.GRANTED, wishes.WishState.WITHDRAWN}
    ),
    related=("asker",),
    keeps_reasons=False,
)
TAKE = Way(
    Take,
    TakeEvent,
    wishes.TAKE_MOVES,
    lambda state: wishes.TakeState(state).label,
    actors.to_take,
    needs_reason=wishes.TAKE_NEEDS_REASON,
    ends=frozenset(
        {wishes.TakeState.CONFIRMED, wishes.TakeState.GIVEN_BACK, wishes.TakeState.LAPSED}
    ),
    related=("wish", "taker"),
    keeps_reasons=False,
)
HELP = Way(
    HelpPost,
    HelpPostEvent,
    wishes.HELP_MOVES,
    lambda state: wishes.HelpState(state).label,
    actors.to_help,
    needs_reason=wishes.HELP_NEEDS_REASON,
    ends=frozenset({wishes.HelpState.ENDED}),
    related=("person",),
    keeps_reasons=False,
)
DEAL = Way(
    HelpDeal,
    HelpDealEvent,
    wishes.DEAL_MOVES,
    lambda state: wishes.DealState(state).label,
    actors.to_deal,
    ends=frozenset({wishes.DealState.DONE, wishes.DealState.DECLINED, wishes.DealState.CALLED_OFF}),
    related=("post", "post__person", "person"),
    keeps_reasons=False,
)
