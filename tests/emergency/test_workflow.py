"""The whole tables of moves of orders, of who was called, and of tasks, written down once more."""

from pathlib import Path

import pytest
from django.conf import settings

from emergency.services.drawing import draw_states
from emergency.services.ways import ORDER, TASK
from emergency.workflow import CALLED_MOVES, ORDER_MOVES, TASK_MOVES
from lib.workflow import arrows

WRITTEN = {
    "order": (ORDER_MOVES, """
call in_force in_force commander
confirm draft in_force confirmer
delete reviewed deleted clock
extend in_force in_force commander
lower in_force in_force commander
press draft draft clock
press in_force in_force clock
raise in_force in_force commander
report in_force in_force commander
report stood_down stood_down commander
review stood_down reviewed commander
stand_down in_force stood_down commander
withdraw draft withdrawn confirmer
withdraw draft withdrawn maker
"""),
    "called": (CALLED_MOVES, """
accept called coming called
accept cannot coming called
accept coming coming called
arrive called arrived called
arrive called arrived clerk
arrive coming arrived called
arrive coming arrived clerk
decline called cannot called
decline coming cannot called
leave arrived released called
leave arrived released clerk
release arrived released commander
release called released commander
release coming released commander
"""),
    "task": (TASK_MOVES, """
begin given working hand
drop given dropped commander
drop working dropped commander
finish given done hand
finish working done hand
progress working working hand
reopen done working commander
"""),
}  # fmt: skip


@pytest.mark.parametrize("subject", WRITTEN)
def test_the_whole_table_of_moves(subject):
    moves, written = WRITTEN[subject]
    assert arrows(moves) == {tuple(line.split()) for line in written.strip().splitlines()}


@pytest.mark.parametrize("way", [ORDER, TASK])
def test_where_a_reason_is_needed_there_is_such_a_move(way):
    assert set(way.needs_reason) <= set(way.moves)


def test_declining_needs_no_reason_and_nobody_else_answers_for_somebody():
    assert CALLED_MOVES["accept"].actors == CALLED_MOVES["decline"].actors == {"called"}


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "emergency-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py emergency_states"
