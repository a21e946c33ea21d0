"""Every opinion is answered: adopted, partly, not, and why; many that say the same at once."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from consultation import opinion_notifications as notifications
from consultation.models import (
    Consultation,
    Opinion,
    OpinionAnswer,
    OpinionGroup,
    OpinionRule,
    OpinionTally,
    Outcome,
    Stage,
)
from consultation.opinion_workflow import TAKES_OPINIONS, OpinionState
from consultation.services.actors import demand
from consultation.services.history import lock, record
from consultation.services.moderating import office_of
from consultation.workflow import Actor, StageState, State
from lib.errors import RuleViolation
from lib.masking import mask_text
from organizations.models import Level, User

MOST_AT_ONCE = 5000


def answer(
    consultation: Consultation,
    opinions: Collection[int],
    *,
    outcome: str,
    reason: str,
    by: User,
    at: datetime.datetime,
) -> OpinionAnswer:
    """One answer to shown opinions (keys). An opinion answered before gets the new answer."""
    if outcome not in Outcome.values or not reason.strip():
        raise RuleViolation(_("Say what becomes of it, and why."), code="reason")
    with transaction.atomic():
        locked = lock(consultation)
        demand(by, locked, Actor.HOST, at=at)
        wanted = Opinion.objects.top().filter(
            consultation=locked, pk__in=opinions, state=OpinionState.SHOWN
        )
        rows = list(wanted.order_by("pk").select_for_update(of=("self",))[:MOST_AT_ONCE])
        if not rows:
            raise RuleViolation(_("Choose at least one opinion that is shown."), code="none")
        made = OpinionAnswer.objects.create(
            consultation=locked,
            outcome=outcome,
            reason=mask_text(reason.strip())[:2000],
            office=office_of(by, locked, at=at),
            by=by,
            at=at,
        )
        _give(made, rows, at=at)
        record(locked, "opinion-answer", by=by, at=at, answered=len(rows), outcome=outcome)
    return made


def _give(made: OpinionAnswer, rows: list[Opinion], *, at: datetime.datetime) -> None:
    fresh = sum(1 for row in rows if row.answer_id is None)
    Opinion.objects.filter(pk__in=[row.pk for row in rows]).update(answer=made)
    tally = OpinionTally.objects.filter(consultation=made.consultation)
    tally.update(answered=F("answered") + fresh)
    notifications.answered(rows, made, at=at)


def answer_group(
    group: OpinionGroup, *, outcome: str, reason: str, by: User, at: datetime.datetime
) -> OpinionAnswer:
    """All opinions of a group that wait for an answer."""
    keys = Opinion.objects.unanswered().filter(group=group).values_list("pk", flat=True)
    return answer(group.consultation, list(keys), outcome=outcome, reason=reason, by=by, at=at)


@transaction.atomic
def set_level(stage: Stage, *, level: int, by: User, at: datetime.datetime) -> OpinionRule:
    """How well one must be known to speak in a stage: decided before it ends."""
    locked = lock(stage.consultation)
    demand(by, locked, Actor.HOST, at=at)
    if stage.kind not in TAKES_OPINIONS or stage.state in {StageState.DONE, StageState.REPLACED}:
        raise RuleViolation(_("No opinions are taken in this stage any more."), code="closed")
    if level not in Level.values:
        raise RuleViolation(_("Choose who may speak."), code="level")
    rule, _is_new = OpinionRule.objects.update_or_create(stage=stage, defaults={"level": level})
    record(locked, "opinion-level", by=by, at=at, of=stage.key, level=level)
    return rule


def remind_hosts(*, at: datetime.datetime) -> int:
    """Once a day each host hears what waits: to be released now, to be answered after opinions.

    How many consultations were told of. Safe to run twice: a day's message comes once.
    """
    busy = OpinionTally.objects.busy().filter(consultation__state=State.RUNNING)
    told = 0
    for tally in busy.select_related("consultation__host", "consultation__stage"):
        found, stage = tally.consultation, tally.consultation.stage
        is_over = stage is None or stage.kind not in TAKES_OPINIONS
        unanswered = tally.total - tally.answered if is_over else 0
        if tally.waiting or unanswered:
            notifications.remind(found, waiting=tally.waiting, unanswered=unanswered, at=at)
            told += 1
    return told
