"""What keeps a consultation in the stage of carrying out: no answer, or promises still open."""

import datetime

from django.utils.translation import gettext as _

from consultation.models import Adoption, Stage
from consultation.services.gates import GATES
from consultation.services.refusing import Gate, Refusal
from consultation.workflow import StageKind


def result_is_answered(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Somebody has said what becomes of the result, and why."""
    if Adoption.objects.filter(consultation=stage.consultation_id).exists():
        return None
    sentence = _("Say what becomes of the result, and answer those who disagreed.")
    return Refusal("not_answered", sentence)


def promises_are_kept(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """No commitment of the consultation is still in work."""
    left = stage.consultation.commitments.in_work().count()
    if not left:
        return None
    sentence = _("Commitments still in work: %(count)s. Carry them out, or give them up.")
    return Refusal("promises_open", sentence % {"count": left})


MINE: tuple[Gate, ...] = (result_is_answered, promises_are_kept)


def register() -> None:
    """May be called twice."""
    kind = str(StageKind.EXECUTION)
    GATES[kind] = (*(gate for gate in GATES[kind] if gate not in MINE), *MINE)
