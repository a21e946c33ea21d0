"""What becomes of a visit afterwards: answers corrected, whom and when amended, declared void.

What stood there before is kept with the reason, and the chained history says what has changed.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import Visit, VisitRevision, VisitTarget
from grids.services.visit_planning import note_target, note_visit
from grids.services.visiting import (
    CheckIn,
    check_answers,
    check_when,
    check_whose,
    covers,
    digest_of,
    is_far,
    placed,
    record,
)
from grids.visit_workflow import VISIT_MOVES, Actor, VisitState
from lib.errors import RuleViolation
from lib.roles import Role
from lib.workflow import demand
from organizations.models import User


def actors_of(user: User, visit: Visit, *, at: datetime.datetime) -> frozenset[Actor]:
    found = {Actor.VISITOR} if visit.by_id == user.pk and covers(user, visit, at=at) else set()
    if covers(user, visit, at=at) and Role.COMMUNITY_WORKER in user.roles_on(
        timezone.localdate(at)
    ):
        found.add(Actor.COMMUNITY)
    return frozenset(found)


def _begin(visit: Visit, name: str, *, by: User, at: datetime.datetime, reason: str) -> Visit:
    locked = (
        Visit.objects.select_for_update(of=("self",)).select_related("form__kind").get(pk=visit.pk)
    )
    demand(
        VISIT_MOVES, name, state=locked.state, label=lambda state: VisitState(state).label,
        actors=lambda: actors_of(by, locked, at=at), needs_reason=VISIT_MOVES, reason=reason,
    )  # fmt: skip
    return locked


@transaction.atomic
def correct(
    visit: Visit, *, answers: Mapping[str, Any], note: str, reason: str, by: User,
    at: datetime.datetime,
) -> Visit:  # fmt: skip
    """Other answers; what stood there before is kept with the reason."""
    locked = _begin(visit, "correct", by=by, at=at, reason=reason)
    photos = Counter(locked.photos.exclude(question="").values_list("question", flat=True))
    check_answers(locked.form, answers, photos)
    _keep(locked, reason, by=by, at=at)
    locked.answers, locked.note = dict(answers), note.strip()[:1000]
    locked.save(update_fields=["answers", "note"])
    record(locked, "correct", by=by, at=at, facts={"words": digest_of(locked)})
    return locked


def _keep(visit: Visit, reason: str, *, by: User, at: datetime.datetime, **former: Any) -> None:
    VisitRevision.objects.create(
        visit=visit, number=visit.version, answers=visit.answers, note=visit.note,
        reason=reason.strip()[:300], by=by, at=at, **former,
    )  # fmt: skip


@transaction.atomic
def amend(
    visit: Visit, *, target: VisitTarget, was: datetime.datetime, reason: str, by: User,
    at: datetime.datetime,
) -> Visit:  # fmt: skip
    """Another household or another time than was checked in. Where the device stood stays, and the
    distance is measured again: from afar, the reason says why."""
    locked = _begin(visit, "amend", by=by, at=at, reason=reason)
    former = locked.target
    check_whose(target, by, at)
    check_when(target, locked.form, was, locked.received_at)
    if was > locked.received_at:
        raise RuleViolation(_("The visit cannot be later than its report."), code="later")
    if (target, was) == (former, locked.at):
        raise RuleViolation(_("Nothing would change."), code="nothing")
    _keep(locked, reason, by=by, at=at, target=former, visited_at=locked.at)
    facts: dict[str, Any] = {"was": _whom_and_when(locked)}
    stood = CheckIn(at=was, lon=locked.lon, lat=locked.lat, accuracy_m=locked.accuracy_m)
    why = locked.far_reason or (reason if is_far(target, locked.form, stood) else "")
    now = placed(target, locked.form, replace(stood, far_reason=why), locked.received_at)
    for name in _AMENDED:
        setattr(locked, name, getattr(now, name))
    locked.save(update_fields=_AMENDED)
    facts |= {"now": _whom_and_when(locked), "words": digest_of(locked)}
    record(locked, "amend", by=by, at=at, facts=facts)
    for each in sorted({former.pk, target.pk}):
        note_target(locked.kind_id, each, due=timezone.localdate(was))
    return locked


_AMENDED = [
    "target", "is_private", "town", "community", "grid", "at", "distance_m", "far_reason",
]  # fmt: skip


def _whom_and_when(visit: Visit) -> dict[str, Any]:
    moment = visit.at.astimezone(datetime.UTC).isoformat()
    return {"target": visit.target_id, "at": moment, "distance": visit.distance_m}


@transaction.atomic
def declare_void(visit: Visit, *, reason: str, by: User, at: datetime.datetime) -> Visit:
    """It does not count: the target is due again as if nobody had been there."""
    locked = _begin(visit, "void", by=by, at=at, reason=reason)
    _keep(locked, reason, by=by, at=at)
    locked.state = VisitState.VOID
    locked.save(update_fields=["state"])
    record(locked, "void", by=by, at=at, facts={})
    note_visit(locked)
    return locked
