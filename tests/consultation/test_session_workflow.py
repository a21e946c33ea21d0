"""Who moves sessions, invitations, minutes, amendments and votes from where to where: all of it."""

from pathlib import Path

from django.conf import settings

from consultation.services.drawing_sessions import draw_states
from consultation.session_workflow import (
    AMENDMENT_MOVES,
    INVITATION_MOVES,
    MINUTES_MOVES,
    SESSION_MOVES,
    VOTE_MOVES,
)
from lib.workflow import arrows


def test_sessions_go_these_ways_and_no_other():
    assert arrows(SESSION_MOVES) == {
        ("change", "planned", "planned", "host"),
        ("invite", "planned", "planned", "host"),
        ("invite", "open", "open", "host"),
        ("open", "planned", "open", "host"),
        ("check_in", "open", "open", "clerk"),
        ("check_in", "open", "open", "invited"),
        ("recuse", "planned", "planned", "host"),
        ("recuse", "planned", "planned", "invited"),
        ("recuse", "open", "open", "host"),
        ("recuse", "open", "open", "invited"),
        ("take_down", "open", "open", "clerk"),
        ("close", "open", "closed", "host"),
        ("call_off", "planned", "called_off", "host"),
        ("call_off", "open", "called_off", "host"),
    }


def test_invitations_go_these_ways_and_no_other():
    assert arrows(INVITATION_MOVES) == {
        ("read", "sent", "read", "invited"),
        ("accept", "sent", "accepted", "invited"),
        ("accept", "read", "accepted", "invited"),
        ("accept", "declined", "accepted", "invited"),
        ("decline", "sent", "declined", "invited"),
        ("decline", "read", "declined", "invited"),
        ("decline", "accepted", "declined", "invited"),
    }


def test_minutes_and_amendments_go_these_ways_and_no_other():
    assert arrows(MINUTES_MOVES) == {
        ("write", "live", "live", "clerk"),
        ("lay_out", "live", "draft", "host"),
        ("amend", "draft", "draft", "attended"),
        ("finish", "draft", "final", "host"),
    }
    assert arrows(AMENDMENT_MOVES) == {
        ("accept", "proposed", "accepted", "host"),
        ("refuse", "proposed", "refused", "host"),
    }


def test_votes_go_these_ways_and_no_other():
    assert arrows(VOTE_MOVES) == {
        ("edit", "draft", "draft", "host"),
        ("open", "draft", "open", "host"),
        ("cast", "open", "open", "entitled"),
        ("cast", "open", "open", "clerk"),
        ("hand_paper", "open", "open", "clerk"),
        ("close", "open", "closed", "host"),
        ("close", "open", "closed", "clock"),
        ("count", "closed", "closed", "clerk"),
        ("judge", "closed", "judged", "host"),
        ("recount", "judged", "closed", "host"),
        ("annul", "draft", "void", "host"),
        ("annul", "open", "void", "host"),
        ("annul", "closed", "void", "host"),
    }


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "session-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py session_states"
