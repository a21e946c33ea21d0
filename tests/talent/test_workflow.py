"""The whole tables of moves, and the page drawn from them."""

from pathlib import Path

import pytest
from django.conf import settings

from lib.workflow import arrows
from talent.services.drawing import DRAWN, draw_states
from talent.workflow import selection as choosing
from talent.workflow import training

WRITTEN = {
    "course": (training.COURSE_MOVES, """
cancel open cancelled organiser
cancel planned cancelled organiser
edit planned planned organiser
finish open finished organiser
open planned open organiser
"""),
    "enrolment": (training.ENROLMENT_MOVES, """
attend absent attended organiser
attend enrolled attended organiser
call_off absent called_off system
call_off attended called_off system
call_off enrolled called_off system
cancel enrolled cancelled learner
fail attended failed organiser
miss enrolled absent organiser
pass attended passed organiser
resit failed passed organiser
"""),
    "selection": (choosing.SELECTION_MOVES, """
cancel draft cancelled organiser
cancel judging cancelled organiser
cancel open cancelled organiser
cancel published cancelled organiser
close open judging clock
close open judging organiser
decide published decided secretary
edit draft draft organiser
open draft open organiser
publish judging published organiser
"""),
    "candidate": (choosing.CANDIDATE_MOVES, """
agree recommended applied candidate
appoint chosen appointed secretary
choose proposed chosen system
exclude applied excluded organiser
pass_over applied passed_over system
pass_over recommended passed_over system
propose applied proposed system
strike proposed excluded system
withdraw applied withdrawn candidate
withdraw chosen withdrawn candidate
withdraw proposed withdrawn candidate
withdraw recommended withdrawn candidate
"""),
    "objection": (choosing.OBJECTION_MOVES, """
reject open rejected answerer
uphold open upheld answerer
"""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_a_table_says_what_is_written_here_and_nothing_else(name):
    moves, written = WRITTEN[name]
    assert arrows(moves) == {tuple(line.split()) for line in written.strip().splitlines()}


def test_every_table_is_drawn():
    assert len(DRAWN) == len(WRITTEN)


def test_the_page_is_as_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "talent-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py talent_states"
