"""The tables of commitments, project calls and ideas, spelled out."""

from pathlib import Path

from consultation import commitment_workflow, project_workflow
from consultation.services.drawing import draw_states
from lib.workflow import arrows

P, R, S, D, X = "promised", "running", "reported", "done", "dropped"
AT_WORK = (P, R)


def each(move, sources, target, *actors):
    return {(move, source, target or source, actor) for source in sources for actor in actors}


def test_commitments():
    assert arrows(commitment_workflow.MOVES) == {
        *each("begin", [P], R, "owner", "clock"),
        *each("progress", [R], None, "owner", "clock"),
        *each("photo", [R], None, "owner"),
        *each("reserve", AT_WORK, None, "host"),
        *each("top_up", AT_WORK, None, "host"),
        *each("open_case", AT_WORK, R, "host", "owner"),
        *each("apply", AT_WORK, R, "clerk"),
        *each("put_off", AT_WORK, None, "host"),
        *each("supervise", (P, R, S), None, "supervisor"),
        *each("report", [R], S, "owner"),
        *each("confirm", [S], D, "host", "supervisor"),
        *each("send_back", [S], R, "host", "supervisor"),
        *each("drop", AT_WORK, X, "host"),
    }


def test_project_calls():
    assert arrows(project_workflow.CALL_MOVES) == {
        *each("edit", ["draft"], None, "host"),
        *each("publish", ["draft"], "collecting", "host"),
        *each("close_ideas", ["collecting"], "screening", "host", "clock"),
        *each("open_vote", ["screening"], "voting", "host"),
        *each("deliberate", ["screening"], "deliberating", "host"),
        *each("close_vote", ["voting"], "decided", "host", "clock"),
        *each("conclude", ["deliberating"], "decided", "host"),
        *each("commit", ["decided"], "carried", "host"),
        *each("cancel", ["draft", "collecting", "screening"], "cancelled", "host"),
    }


def test_ideas():
    assert arrows(project_workflow.IDEA_MOVES) == {
        *each("admit", ["submitted"], "admitted", "host"),
        *each("refuse", ["submitted", "admitted"], "refused", "host"),
        *each("merge", ["submitted", "admitted", "feasible"], "merged", "host"),
        *each("ask", ["admitted"], "designing", "host"),
        *each("estimate", ["designing"], "feasible", "department"),
        *each("rule_out", ["designing"], "infeasible", "department"),
        *each("ask_again", ["feasible", "infeasible"], "designing", "host"),
        *each("choose", ["feasible"], "chosen", "count"),
        *each("pass_over", ["feasible"], "passed_over", "count"),
        *each("withdraw", ["submitted", "admitted"], "withdrawn", "author"),
    }


def test_every_state_but_the_last_leads_somewhere():
    for moves, states, ends in (
        (commitment_workflow.MOVES, commitment_workflow.State, {D, X}),
        (project_workflow.CALL_MOVES, project_workflow.CallState, {"carried", "cancelled"}),
        (
            project_workflow.IDEA_MOVES,
            project_workflow.IdeaState,
            {"refused", "merged", "withdrawn", "chosen", "passed_over"},
        ),
    ):
        leaves = {source for row in moves.values() for source in row.sources if row.target}
        assert set(states) - leaves == ends


def test_the_page_of_states_is_made_of_the_tables(settings):
    page = Path(settings.BASE_DIR) / "docs" / "consultation-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py consultation_states"
