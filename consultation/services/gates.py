"""What must be true before the open stage may be left, by kind of stage.

A gate looks at one stage at one moment and answers None, or why not. `advance` asks all gates of
the stage's kind and shows every refusal at once, so that a host sees all that is still to do.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from consultation.models import Stage
from consultation.workflow import StageKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a stage may not be left, in words that say what to do; `until`: when it will be so."""

    code: str
    sentence: str
    until: datetime.datetime | None = None


Gate = Callable[[Stage, datetime.datetime], Refusal | None]

# Asked of every stage.
ALWAYS: tuple[Gate, ...] = ()
# Asked of stages of a kind, after those.
GATES: dict[str, tuple[Gate, ...]] = {str(kind): () for kind in StageKind}


def refusals(stage: Stage, *, at: datetime.datetime) -> list[Refusal]:
    """Everything that keeps `stage` from being left at `at`."""
    asked = (gate(stage, at) for gate in (*ALWAYS, *GATES[stage.kind]))
    return [refusal for refusal in asked if refusal is not None]
