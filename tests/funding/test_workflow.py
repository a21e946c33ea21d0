"""The whole table of an application's moves, and the same in the database's triggers."""

import re
from pathlib import Path

from django.conf import settings

from funding.services.drawing import draw_states
from funding.workflow import MOVES, Actor, State
from lib.workflow import arrows

WRITTEN = """
check submitted approving checker
approve approving approving approver
edit draft draft maker
edit returned returned maker
fail paying approved payer
finish approved paid payer
grant approving approved approver
order approved paying payer
pay paying paid payer
pay_part paying approved payer
refund approved approved corrector
refund paid paid corrector
refuse approving refused approver
refuse approving refused checker
refuse submitted refused approver
refuse submitted refused checker
return approving returned approver
return approving returned checker
return submitted returned approver
return submitted returned checker
send_back approved returned payer
submit draft submitted maker
submit returned submitted maker
unpay approved approved corrector
unpay paid approved corrector
withdraw approving withdrawn maker
withdraw draft withdrawn maker
withdraw returned withdrawn maker
withdraw submitted withdrawn maker
"""


def test_the_table_of_moves_is_the_written_one():
    assert arrows(MOVES) == {tuple(row.split()) for row in WRITTEN.strip().splitlines()}


def test_every_actor_and_state_has_its_place():
    seen = arrows(MOVES)
    assert {actor for *_rest, actor in seen} == set(Actor.values)
    assert {state for _name, before, after, _actor in seen for state in (before, after)} == set(
        State.values
    )


def test_the_triggers_know_the_same_ways_on_both_databases():
    ways = {f"{a}>{b}" for _name, a, b, _actor in arrows(MOVES) if a != b}
    folder = Path(settings.BASE_DIR) / "funding/migrations/sql"
    for engine in ("postgresql", "sqlite"):
        text = (folder / f"payment.{engine}.sql").read_text(encoding="utf-8")
        listed = re.search(r"NOT IN \(\s*('draft>submitted', 'returned>.*?)\)", text, re.DOTALL)
        assert set(re.findall(r"'(\w+>\w+)'", listed[1])) == ways


def test_the_page_of_states_is_what_the_table_says():
    page = Path(settings.BASE_DIR) / "docs" / "application-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py application_states"
