"""Who moves topics, consultations, stages and objections from where to where: all of it."""

from consultation import workflow
from consultation.services.gates import GATES
from consultation.services.stages import MOVES
from consultation.workflow import PHASE_OF, StageKind
from lib.workflow import arrows


def test_topics_go_these_ways_and_no_other():
    assert arrows(workflow.TOPIC_MOVES) == {
        ("screen", "proposed", "screened", "screener"),
        ("decline", "proposed", "declined", "screener"),
        ("admit", "screened", "listed", "party"),
        ("refuse", "screened", "declined", "party"),
        ("send_back", "screened", "proposed", "party"),
        ("take_up", "listed", "taken_up", "host"),
        ("put_back", "taken_up", "listed", "host"),
    }


def test_consultations_go_these_ways_and_no_other():
    assert arrows(MOVES) == {
        ("edit", "draft", "draft", "host"),
        ("start", "draft", "running", "host"),
        ("advance", "running", "running", "host"),
        ("review", "running", "running", "party"),
        ("publish", "running", "running", "host"),
        ("publish", "done", "done", "host"),
        ("finish", "running", "done", "host"),
        ("reopen", "running", "running", "host"),
        ("reopen", "running", "running", "party"),
        ("reopen", "done", "running", "host"),
        ("reopen", "done", "running", "party"),
        ("stop", "draft", "stopped", "host"),
        ("stop", "draft", "stopped", "party"),
        ("stop", "running", "stopped", "host"),
        ("stop", "running", "stopped", "party"),
    }


def test_stages_go_these_ways_and_no_other():
    assert arrows(workflow.STAGE_MOVES) == {
        ("open", "waiting", "open", "host"),
        ("close", "open", "done", "host"),
        *(
            ("replace", state, "replaced", actor)
            for state in ("waiting", "open", "done")
            for actor in ("host", "party")
        ),
    }


def test_objections_go_these_ways_and_no_other():
    assert arrows(workflow.OBJECTION_MOVES) == {
        ("answer", "raised", "answered", "host"),
        ("uphold", "raised", "upheld", "host"),
        ("uphold", "raised", "upheld", "party"),
        ("withdraw", "raised", "withdrawn", "objector"),
    }


def test_every_kind_of_stage_has_its_phase_and_its_gates():
    kinds = set(StageKind.values)
    assert {str(kind) for kind in PHASE_OF} == kinds
    assert {str(kind) for kind in GATES} == kinds
