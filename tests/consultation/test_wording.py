"""Every event has its sentence."""

import ast
from pathlib import Path

from consultation.models.moderation import ModerationEntry
from consultation.wording import EVENTS

SERVICES = Path(__file__).parents[2] / "consultation" / "services"
HISTORY = "consultation.services.history"


def recorded():
    """Names that services give to the history's `record`, read in their source."""
    for path in SERVICES.glob("*.py"):
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        here = {name for node in tree for name in known_as(node)}
        for call in tree:
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in here:
                yield from names_in(call.args[1])


def known_as(node):
    """What a module calls the history's `record`."""
    if isinstance(node, ast.ImportFrom) and node.module == HISTORY:
        return [name.asname or name.name for name in node.names if name.name == "record"]
    return []


def names_in(node):
    if isinstance(node, ast.IfExp):
        return [node.body.value, node.orelse.value]
    if isinstance(node, ast.JoinedStr):
        return [f"{node.values[0].value}{act}" for act in ModerationEntry.Act.values]
    return [node.value]


def test_every_event_that_is_recorded_has_a_sentence_and_no_sentence_is_left_over():
    assert set(recorded()) == set(EVENTS)
