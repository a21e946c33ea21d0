"""The whole tables of moves of hours, wishes and neighbours' help, written down once more."""

import pytest

from lib.workflow import arrows
from volunteers.services.ways import DEAL, HELP, OBJECTION, PRESENCE, TAKE, WISH
from volunteers.workflow import hours, wishes

WRITTEN = {
    "stay": (hours.PRESENCE_MOVES, """
amend confirmed confirmed organizer
amend refused confirmed organizer
confirm left confirmed leader
confirm left confirmed organizer
correct left left leader
correct left left organizer
escalate left left clock
leave present left clock
leave present left leader
leave present left organizer
leave present left volunteer
refuse left refused leader
refuse left refused organizer
remind left left clock
revoke confirmed revoked organizer
"""),
    "objection": (hours.OBJECTION_MOVES, """
decline open declined answerer
grant open granted answerer
withdraw open withdrawn volunteer
"""),
    "wish": (wishes.WISH_MOVES, """
edit asked asked asker
edit returned returned asker
fill open taken system
grant taken granted system
publish asked open screener
refuse asked refused screener
reopen taken open system
resubmit returned asked asker
return asked returned screener
withdraw asked withdrawn asker
withdraw open withdrawn asker
withdraw returned withdrawn asker
"""),
    "take": (wishes.TAKE_MOVES, """
confirm delivered confirmed asker
deliver taken delivered taker
dispute delivered taken asker
give_back taken given_back screener
give_back taken given_back taker
lapse taken lapsed clock
tell confirmed confirmed screener
thank confirmed confirmed asker
vouch delivered confirmed screener
"""),
    "help": (wishes.HELP_MOVES, """
end open ended clock
end open ended owner
take_down open ended worker
"""),
    "deal": (wishes.DEAL_MOVES, """
agree proposed agreed owner
call_off agreed called_off other
call_off agreed called_off owner
call_off proposed called_off other
call_off proposed called_off owner
decline proposed declined owner
done agreed done helped
"""),
}  # fmt: skip


@pytest.mark.parametrize("subject", WRITTEN)
def test_the_whole_table_of_moves(subject):
    moves, written = WRITTEN[subject]
    assert arrows(moves) == {tuple(line.split()) for line in written.strip().splitlines()}


@pytest.mark.parametrize("way", [PRESENCE, OBJECTION, WISH, TAKE, HELP, DEAL])
def test_where_a_reason_is_needed_there_is_such_a_move(way):
    assert set(way.needs_reason) <= set(way.moves)


def test_nobody_decides_on_what_is_his_own():
    """No actor of the volunteer's side makes an organiser's move; no taker confirms his take."""
    own = {name for name, row in hours.PRESENCE_MOVES.items() if "volunteer" in row.actors}
    assert own == {"leave"}
    assert wishes.TAKE_MOVES["confirm"].actors == {"asker"}
    assert wishes.WISH_MOVES["publish"].actors == {"screener"}
