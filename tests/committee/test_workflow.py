"""The whole tables of moves, and the page drawn from them."""

from pathlib import Path

import pytest
from django.conf import settings

from committee.services.drawing import draw_states
from committee.workflow import DIRECTIVE_MOVES, MEETING_MOVES
from lib.workflow import arrows

WRITTEN = {
    "meeting": (MEETING_MOVES, """
arrange called called chair
arrange called called recorder
arrange called called secretary
arrange planned planned chair
arrange planned planned recorder
arrange planned planned secretary
arrange sitting sitting chair
arrange sitting sitting recorder
arrange sitting sitting secretary
call planned called chair
call planned called secretary
cancel called cancelled chair
cancel called cancelled secretary
cancel planned cancelled chair
cancel planned cancelled secretary
check_in called called chair
check_in called called invited
check_in called called recorder
check_in called called secretary
check_in sitting sitting chair
check_in sitting sitting invited
check_in sitting sitting recorder
check_in sitting sitting secretary
close sitting closed_draft chair
confirm closed_draft confirmed chair
decide sitting sitting chair
decide sitting sitting recorder
edit planned planned chair
edit planned planned recorder
edit planned planned secretary
excuse called called chair
excuse called called invited
excuse called called recorder
excuse called called secretary
instruct closed_draft closed_draft chair
instruct closed_draft closed_draft recorder
instruct closed_draft closed_draft secretary
instruct confirmed confirmed chair
instruct confirmed confirmed recorder
instruct confirmed confirmed secretary
instruct sitting sitting chair
instruct sitting sitting recorder
instruct sitting sitting secretary
invite called called chair
invite called called recorder
invite called called secretary
invite planned planned chair
invite planned planned recorder
invite planned planned secretary
open called sitting chair
publish confirmed confirmed secretary
recuse sitting sitting chair
recuse sitting sitting invited
recuse sitting sitting recorder
recuse sitting sitting secretary
vote sitting sitting invited
vote sitting sitting recorder
write closed_draft closed_draft recorder
write sitting sitting recorder
"""),
    "directive": (DIRECTIVE_MOVES, """
accept issued working owner
confirm reported done confirmer
confirm reported done meeting
drop issued dropped confirmer
drop working dropped confirmer
extend issued issued confirmer
extend issued issued meeting
extend reported reported confirmer
extend reported reported meeting
extend working working confirmer
extend working working meeting
progress working working owner
report working reported owner
send_back reported working confirmer
send_back reported working meeting
warn issued issued clock
warn reported reported clock
warn working working clock
"""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_the_table_is_what_was_written(name):
    table, written = WRITTEN[name]
    assert arrows(table) == {tuple(line.split()) for line in written.strip().splitlines()}


def test_the_page_of_states_is_drawn_from_the_tables():
    page = Path(settings.BASE_DIR) / "docs" / "committee-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py committee_states"
