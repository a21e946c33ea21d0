"""The whole table, spelled out once more by hand; and what hangs on it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.services.drawing import draw_states
from cases.workflow import (
    DESK_OF,
    DESK_OF_REFUSAL,
    ENDED,
    MOVES,
    OPEN,
    WITH_DEPARTMENT,
    Actor,
    Desk,
    State,
)
from lib.workflow import arrows
from routing.matching import RefusalCode


def spelled(name, sources, target, actors):
    return {(name, a, target or a, by) for a in sources.split() for by in actors.split()}


OPEN_STATES = (
    "submitted verifying filed returned adjudicating dispatched handling suspended split "
    "reported checking rework"
)
WRITTEN = (
    spelled("verify", "submitted", "verifying", "acceptor")
    | spelled("verified", "verifying", "submitted", "grid_worker clock")
    | spelled("file", "submitted", "filed", "acceptor router")
    | spelled("reject", "submitted", "rejected", "acceptor")
    | spelled("cancel", "submitted verifying", "cancelled", "reporter")
    | spelled("correct", "submitted filed returned", None, "acceptor dispatcher duty_officer")
    | spelled("merge", "submitted filed returned", "merged", "acceptor dispatcher")
    | spelled("unmerge", "merged", "submitted", "acceptor dispatcher")
    | spelled("unmerge_filed", "merged", "filed", "acceptor dispatcher")
    | spelled(
        "dispatch",
        "filed returned",
        "dispatched",
        "router dispatcher duty_officer committee head",
    )
    | spelled("release", "filed", None, "duty_officer")
    | spelled("refuse_match", "filed returned", None, "router")
    | spelled("act_first", "filed returned", "dispatched", "committee duty_officer")
    | spelled("settle", "filed returned", None, "committee")
    | spelled(
        "fund", "dispatched handling suspended reported checking rework", None, "router payer"
    )
    | spelled("back_to_intake", "filed returned", "submitted", "dispatcher duty_officer")
    | spelled("refer", "returned", "adjudicating", "dispatcher clock")
    | spelled("adjudicate", "adjudicating", "dispatched", "committee")
    | spelled("sign", "dispatched", "handling", "handler head")
    | spelled("reassign", "dispatched handling rework", None, "head dispatcher")
    | spelled("return", "dispatched handling", "returned", "handler head")
    | spelled("refuse_unadmitted", "dispatched handling", "returned", "handler head")
    | spelled("hand_on", "dispatched handling rework", "returned", "clock")
    | spelled("split", "filed returned handling", "split", "dispatcher head")
    | spelled("join", "split", "closed", "clock")
    | spelled("join_undone", "split", "returned", "clock")
    | spelled("report", "handling rework", "reported", "handler")
    | spelled("confirm", "reported", "checking", "head clock")
    | spelled("send_back", "reported", "handling", "head")
    | spelled("ask_extension", "handling rework", None, "handler head")
    | spelled("review_extension", "handling rework", None, "head dispatcher")
    | spelled("ask_suspension", "handling", None, "handler head")
    | spelled("review_suspension", "handling", None, "head dispatcher")
    | spelled("suspend", "handling", "suspended", "dispatcher")
    | spelled("resume", "suspended", "handling", "head clock")
    | spelled("warn", "dispatched handling reported rework", None, "clock")
    | spelled("escalate", "dispatched handling reported rework", None, "clock")
    | spelled("pass", "checking", "closed", "verifier")
    | spelled("fail", "checking", "rework", "verifier")
    | spelled(
        "void",
        "submitted filed returned adjudicating dispatched handling suspended rework",
        "void",
        "dispatcher duty_officer committee",
    )
    | spelled("ask_appeal", "closed", None, "handler head")
    | spelled("review_appeal", "closed", None, "dispatcher acceptor")
    | spelled("reopen", "closed", "filed", "reporter verifier dispatcher duty_officer clock")
    | spelled(
        "contact", OPEN_STATES, None, "acceptor dispatcher duty_officer handler head verifier"
    )
    | spelled("whistle", OPEN_STATES, None, "committee duty_officer")
    | spelled("assist_add", "dispatched handling rework", None, "dispatcher head router")
    | spelled("assist_sign", "dispatched handling rework", None, "assistant")
    | spelled("assist_report", "dispatched handling rework", None, "assistant")
    | spelled("assist_decline", "dispatched handling rework", None, "assistant")
    | spelled("assist_accept", "dispatched handling rework", None, "handler head")
    | spelled("assist_send_back", "dispatched handling rework", None, "handler head")
    | spelled("assist_lapse", "dispatched handling rework", None, "clock")
    | spelled("assist_release", "dispatched handling rework", None, "dispatcher head")
    | spelled("transfer", "handling rework", "dispatched", "handler head")
    | spelled(
        "supervise",
        "dispatched handling suspended reported checking rework",
        None,
        "committee duty_officer",
    )
    | spelled(
        "reply_supervision",
        "dispatched handling suspended reported checking rework",
        None,
        "head",
    )
    | spelled("urge", OPEN_STATES.replace("suspended ", ""), None, "dispatcher reporter")
    | spelled("publish_text", f"{OPEN_STATES} closed", None, "acceptor dispatcher head")
    | spelled(
        "note",
        OPEN_STATES,
        None,
        "acceptor grid_worker dispatcher duty_officer committee handler head verifier",
    )
)


def test_the_table_says_exactly_this():
    assert arrows(MOVES) == WRITTEN


def test_open_and_ended_are_all_states():
    assert set(State) == OPEN | ENDED
    assert not OPEN & ENDED
    assert WITH_DEPARTMENT < OPEN


def test_every_open_state_has_a_desk_and_every_ended_one_none():
    assert {state for state in State if DESK_OF[state] == Desk.NOBODY} == set(ENDED)


def test_every_refusal_of_the_judge_has_a_desk():
    assert {code.value for code in RefusalCode} | {"fault"} == set(DESK_OF_REFUSAL)


def test_every_state_can_be_reached_and_left_as_far_as_it_is_open():
    targets = {row.target for row in MOVES.values() if row.target}
    assert targets | {State.SUBMITTED} == {str(state) for state in State}
    left = {source for row in MOVES.values() if row.target for source in row.sources}
    # A closed case may be reopened, a merged one taken apart again.
    assert left == {str(state) for state in OPEN | {State.CLOSED, State.MERGED}}


def test_every_actor_can_do_something():
    assert {actor for row in MOVES.values() for actor in row.actors} == set(Actor)


def test_the_page_is_what_the_table_says():
    page = Path(settings.BASE_DIR) / "docs" / "states.md"
    assert page.read_text(encoding="utf-8") == draw_states()
    call_command("states", check=True)


def test_a_page_that_is_behind_is_found(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError):
        call_command("states", check=True)
    call_command("states")
    call_command("states", check=True)
