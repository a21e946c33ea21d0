"""The tables of moves of this app as one page of documentation."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import override

from lib.workflow import Move, mermaid_arrows
from volunteers.workflow import activities as work
from volunteers.workflow import hours, people, wishes
from volunteers.workflow import organisations as bodies

HEAD = """# The states of volunteers' work

Written by `manage.py volunteer_states` from `volunteers/workflow/`; a test compares.
Change the tables, not this page.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table of moves with its title, the state in which a row begins, and its words."""

    title: str
    begins: tuple[str, ...]
    moves: Mapping[str, Move]
    states: type[TextChoices]
    actors: type[TextChoices]


DRAWN: list[Drawn] = [
    Drawn("A volunteer", ("waiting",), people.MOVES, people.State, people.Actor),
    Drawn(
        "An organisation",
        ("waiting",),
        bodies.ORGANISATION_MOVES,
        bodies.OrganisationState,
        bodies.OrganisationActor,
    ),
    Drawn(
        "A report to a community (双报到)",
        ("waiting",),
        bodies.REPORT_MOVES,
        bodies.ReportState,
        bodies.ReportActor,
    ),
    Drawn(
        "A task that was taken up",
        ("taken",),
        bodies.TASK_MOVES,
        bodies.TaskState,
        bodies.ReportActor,
    ),
    Drawn("An activity", ("draft",), work.MOVES, work.State, work.Actor),
    Drawn(
        "A sign-up",
        ("asked", "confirmed"),
        work.SIGNUP_MOVES,
        work.SignupState,
        work.SignupActor,
    ),
    Drawn(
        "A place on the waiting list",
        ("waiting",),
        work.WAITING_MOVES,
        work.WaitingState,
        work.WaitingActor,
    ),
    Drawn("A call for volunteers", ("open",), work.CALL_MOVES, work.CallState, work.CallActor),
    Drawn(
        "A stay at a shift, and its hours",
        ("present",),
        hours.PRESENCE_MOVES,
        hours.PresenceState,
        hours.PresenceActor,
    ),
    Drawn(
        "An objection to hours",
        ("open",),
        hours.OBJECTION_MOVES,
        hours.ObjectionState,
        hours.ObjectionActor,
    ),
    Drawn("A wish", ("asked",), wishes.WISH_MOVES, wishes.WishState, wishes.WishActor),
    Drawn(
        "A wish that somebody has taken up",
        ("taken",),
        wishes.TAKE_MOVES,
        wishes.TakeState,
        wishes.TakeActor,
    ),
    Drawn(
        "An offer or request of help",
        ("open",),
        wishes.HELP_MOVES,
        wishes.HelpState,
        wishes.HelpActor,
    ),
    Drawn("Help agreed on", ("proposed",), wishes.DEAL_MOVES, wishes.DealState, wishes.DealActor),
]


def draw_states() -> str:
    """`docs/volunteer-states.md`, in English."""
    with override("en"):
        return HEAD + "".join(map(_section, DRAWN))


def _section(drawn: Drawn) -> str:
    begins = "".join(f"    [*] --> {state}\n" for state in drawn.begins)
    diagram = f"```mermaid\nstateDiagram-v2\n{begins}{mermaid_arrows(drawn.moves)}```\n"
    return f"\n## {drawn.title}\n\n{diagram}\n{_states(drawn)}\n{_moves(drawn)}"


def _states(drawn: Drawn) -> str:
    rows = "".join(f"| `{state}` | {state.label} |\n" for state in drawn.states)
    return f"| state | says |\n|---|---|\n{rows}"


def _moves(drawn: Drawn) -> str:
    rows = [
        f"| `{name}` | {', '.join(sorted(row.sources))} | {row.target or 'stays'} "
        f"| {', '.join(str(drawn.actors(actor).label) for actor in sorted(row.actors))} |\n"
        for name, row in drawn.moves.items()
    ]
    return f"| move | from | to | by |\n|---|---|---|---|\n{''.join(rows)}"
