"""The whole tables of moves, and the page drawn from them."""

from pathlib import Path

import pytest
from django.conf import settings

from lib.workflow import arrows
from volunteers.services.drawing import DRAWN, draw_states
from volunteers.workflow import activities as work
from volunteers.workflow import organisations as bodies
from volunteers.workflow import people

WRITTEN = {
    "volunteer": (people.MOVES, """
confirm waiting active organizer
edit active active volunteer
edit returned returned volunteer
edit waiting waiting volunteer
erase left erased organizer
erase left erased volunteer
erase refused erased organizer
erase refused erased volunteer
leave active left organizer
leave active left volunteer
leave returned left organizer
leave returned left volunteer
leave suspended left organizer
leave suspended left volunteer
leave waiting left organizer
leave waiting left volunteer
refuse waiting refused organizer
rejoin left waiting volunteer
rejoin refused waiting volunteer
resubmit returned waiting volunteer
resume suspended active organizer
return waiting returned organizer
suspend active suspended organizer
"""),
    "organisation": (bodies.ORGANISATION_MOVES, """
confirm waiting active organizer
edit active active leader
edit active active organizer
edit returned returned leader
edit returned returned organizer
edit waiting waiting leader
edit waiting waiting organizer
end active ended leader
end active ended organizer
end suspended ended leader
end suspended ended organizer
refuse waiting refused organizer
resubmit returned waiting leader
resume suspended active organizer
return waiting returned organizer
suspend active suspended organizer
"""),
    "report": (bodies.REPORT_MOVES, """
accept waiting accepted community
end accepted ended community
end accepted ended reporter
end waiting ended community
end waiting ended reporter
refuse waiting refused community
"""),
    "task": (bodies.TASK_MOVES, """
confirm done confirmed community
drop taken dropped community
drop taken dropped reporter
reopen done taken community
report taken done reporter
"""),
    "activity": (work.MOVES, """
amend published published leader
amend published published organizer
cancel draft cancelled leader
cancel draft cancelled organizer
cancel published cancelled leader
cancel published cancelled organizer
cancel returned cancelled leader
cancel returned cancelled organizer
cancel waiting cancelled leader
cancel waiting cancelled organizer
edit draft draft leader
edit draft draft organizer
edit returned returned leader
edit returned returned organizer
finish published finished clock
finish published finished leader
finish published finished organizer
publish waiting published reviewer
return waiting returned reviewer
submit draft waiting leader
submit draft waiting organizer
submit returned waiting leader
submit returned waiting organizer
take_back waiting draft leader
"""),
    "signup": (work.SIGNUP_MOVES, """
accept asked confirmed leader
attend confirmed attended leader
attend confirmed attended volunteer
attend missed attended leader
attend missed attended volunteer
call_off asked called_off leader
call_off confirmed called_off leader
cancel asked cancelled volunteer
cancel confirmed cancelled volunteer
miss attended missed leader
miss confirmed missed leader
refuse asked refused leader
"""),
    "waiting place": (work.WAITING_MOVES, """
close offered closed clock
close waiting closed clock
lapse offered lapsed clock
leave offered left volunteer
leave waiting left volunteer
offer waiting offered clock
take offered taken volunteer
"""),
    "call": (work.CALL_MOVES, """
answer open answered organizer
decline open declined organizer
withdraw open withdrawn caller
"""),
}  # fmt: skip


@pytest.mark.parametrize("subject", WRITTEN)
def test_the_whole_table_of_moves(subject):
    moves, written = WRITTEN[subject]
    assert arrows(moves) == {tuple(line.split()) for line in written.strip().splitlines()}


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "volunteer-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py volunteer_states"


def test_every_state_of_a_table_can_be_reached():
    for drawn in DRAWN:
        reached = set(drawn.begins) | {str(row.target) for row in drawn.moves.values()}
        assert {str(state) for state in drawn.states} - reached == set(), drawn.title
