from cases.models import Request
from cases.models.tasks import TaskState
from cases.workflow import State
from consultation import commitment_workflow, opinion_workflow, project_workflow
from consultation import workflow as consultation_workflow
from consultation.session_workflow import (
    AmendmentState,
    InvitationState,
    MinutesState,
    SessionState,
    VoteState,
)
from funding.models import Budget, Instruction, Payment
from funding.workflow import State as ApplicationState
from grids import duty_workflow
from grids.visit_workflow import FindingState, VisitState
from lib import icons, tones
from lib.money_bar import parts
from volunteers.workflow import activities, hours, organisations, people, wishes

BY_SUBJECT = [
    states
    for module in (
        *(activities, hours, organisations, people, wishes, commitment_workflow, project_workflow),
        *(consultation_workflow, opinion_workflow, duty_workflow),
    )
    for name, states in vars(module).items()
    if name.endswith("State")
]


def test_every_state_has_its_tone():
    known = (State, TaskState, Request.State, ApplicationState, Payment.State, Instruction.State,
             Budget.State, VisitState, FindingState, SessionState, InvitationState, MinutesState,
             AmendmentState, VoteState, *BY_SUBJECT)  # fmt: skip
    told = {value for states in known for value in states.values}
    assert set(tones.OF_STATE) <= told
    # What nobody named looks like waiting, on purpose.
    assert told - set(tones.OF_STATE) <= {
        "waiting",
        "draft",
        "planned",
        "sent",
        "read",
        "live",
        "proposed",
    }


def test_every_tone_has_an_icon_that_exists():
    assert [tone.name for tone in tones.ALL.values() if not icons.is_known(tone.icon)] == []


def test_a_decoration_is_hidden_from_readers_and_a_meaning_is_named():
    assert 'aria-hidden="true"' in icons.icon("clock")
    assert 'role="img" aria-label="&lt;b&gt;"' in icons.icon("clock", "<b>")


def test_the_money_bar_runs_from_paid_to_free_and_fills_the_whole():
    bar = parts(free=50, reserved=25, payable=0, spent=25)
    assert [(part.name, part.x, part.width) for part in bar] == [
        ("spent", 0.0, 25.0),
        ("payable", 25.0, 0.0),
        ("reserved", 25.0, 25.0),
        ("free", 50.0, 50.0),
    ]


def test_a_line_without_money_has_an_empty_bar():
    assert [part.width for part in parts(free=0, reserved=0, payable=0, spent=0)] == [0, 0, 0, 0]
