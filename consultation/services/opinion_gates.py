"""What opinions want before a stage is left: each looked at, each answered."""

import datetime

from django.utils.translation import ngettext

from consultation.models import Opinion, Stage
from consultation.services.gates import GATES
from consultation.services.refusing import Refusal
from consultation.workflow import StageKind


def all_released(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Before opinions end, somebody has looked at each that waits."""
    count = Opinion.objects.waiting().filter(consultation=stage.consultation_id).count()
    if not count:
        return None
    return Refusal(
        "opinions_wait",
        ngettext(
            "%(count)d opinion waits to be released: release or hide it.",
            "%(count)d opinions wait to be released: release or hide them.",
            count,
        )
        % {"count": count},
    )


def all_answered(stage: Stage, _at: datetime.datetime) -> Refusal | None:
    """Before the result stands, everybody who spoke has an answer."""
    rows = Opinion.objects.unanswered().filter(consultation=stage.consultation_id)
    count = rows.count()
    if not count:
        return None
    return Refusal(
        "opinions_unanswered",
        ngettext(
            "%(count)d opinion has no answer yet.",
            "%(count)d opinions have no answer yet.",
            count,
        )
        % {"count": count},
    )


def register() -> None:
    """Into the table of gates; twice is once."""
    for kind, gate in (
        (StageKind.NOTICE, all_released),
        (StageKind.OPINIONS, all_released),
        (StageKind.RESULT, all_answered),
    ):
        if gate not in GATES[kind]:
            GATES[kind] = (*GATES[kind], gate)
