"""What is found on visits: settled on the spot, handed over to become a case, or not pursued."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import Finding, Visit
from grids.models.visit_plans import VISITORS
from grids.scopes import scopes_of
from grids.visit_workflow import FINDING_MOVES, Actor, FindingState
from lib.errors import RuleViolation
from lib.roles import Role
from lib.workflow import demand
from organizations.models import User

MOST_FINDINGS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it is brought: `settled` says what was done, `to_case` asks for a case."""

    text: str
    category: str = ""
    settled: str = ""
    to_case: bool = False
    lon: float | None = None
    lat: float | None = None


def note_findings(visit: Visit, found: Sequence[Found], *, at: datetime.datetime) -> list[Finding]:
    """Rows of a visit's findings, inside its transaction."""
    if len(found) > MOST_FINDINGS:
        raise RuleViolation(_("A visit holds at most 10 findings."), code="too_many_findings")
    rows = [_row(visit, number, each, at) for number, each in enumerate(found)]
    for row in rows:
        row.save(force_insert=True)
    return rows


def _row(visit: Visit, number: int, found: Found, at: datetime.datetime) -> Finding:
    text = found.text.strip()[:1000]
    if not text:
        raise RuleViolation(_("Say in a few words what you found."), code="empty")
    row = Finding(
        client_key=f"{visit.client_key}:{number}",
        visit=visit,
        text=text,
        category=found.category[:60],
        lon=found.lon if found.lon is not None else visit.lon,
        lat=found.lat if found.lat is not None else visit.lat,
    )
    if found.settled.strip():
        row.state, row.remark = FindingState.RESOLVED, found.settled.strip()[:300]
        row.decided_by, row.decided_at = visit.by, at
    elif found.to_case:
        row.state = FindingState.WAITING
    return row


def actors_of(user: User, finding: Finding, *, at: datetime.datetime) -> frozenset[Actor]:
    """What `user` is to a finding. The clock acts for the visitor who asked for a case."""
    if user.is_system:
        return frozenset({Actor.VISITOR})
    visit, on = finding.visit, timezone.localdate(at)
    place = {"town": visit.town_id, "community": visit.community_id, "grid": visit.grid_id}
    roles = {s.role for s in scopes_of(user, on=on) if s.role in VISITORS and s.covers(**place)}
    found = {Actor.VISITOR} if roles and visit.by_id == user.pk else set()
    return frozenset(found | ({Actor.COMMUNITY} if Role.COMMUNITY_WORKER in roles else set()))


def begin(finding: Finding, name: str, *, by: User, at: datetime.datetime) -> Finding:
    """The finding again, under its lock, if `by` may make the move. Raises WrongState, NotYours."""
    rows = Finding.objects.select_for_update(of=("self",)).select_related(
        "visit__target", "visit__kind"
    )
    locked = rows.get(pk=finding.pk)
    demand(
        FINDING_MOVES, name, state=locked.state, label=lambda state: FindingState(state).label,
        actors=lambda: actors_of(by, locked, at=at),
    )  # fmt: skip
    return locked


@transaction.atomic
def hand_over(finding: Finding, *, by: User, at: datetime.datetime) -> Finding:
    """Let it become a case, everything filled in: who makes cases looks every few seconds."""
    locked = begin(finding, "hand_over", by=by, at=at)
    locked.state = FindingState.WAITING
    locked.save(update_fields=["state"])
    return locked


@transaction.atomic
def give_back(finding: Finding, *, by: User, at: datetime.datetime) -> Finding:
    """No case could be made of it as it is: somebody has to look at it."""
    locked = begin(finding, "give_back", by=by, at=at)
    locked.state = FindingState.OPEN
    locked.save(update_fields=["state"])
    return locked


def claimed(finding: Finding, case_key: str, *, by: User, at: datetime.datetime) -> Finding:
    """Inside the transaction that made the case: `finding` is locked by `begin(…, "claim")`."""
    return _decided(finding, FindingState.CASE, by=by, at=at, case_key=case_key)


@transaction.atomic
def resolve(finding: Finding, *, remark: str, by: User, at: datetime.datetime) -> Finding:
    """自行处置: what was done on the spot."""
    locked = begin(finding, "resolve", by=by, at=at)
    return _decided(locked, FindingState.RESOLVED, by=by, at=at, remark=_said(remark))


@transaction.atomic
def drop(finding: Finding, *, remark: str, by: User, at: datetime.datetime) -> Finding:
    """Nothing has to be done, and why."""
    locked = begin(finding, "drop", by=by, at=at)
    return _decided(locked, FindingState.DROPPED, by=by, at=at, remark=_said(remark))


def _said(remark: str) -> str:
    if not remark.strip():
        raise RuleViolation(_("Write what was done, or why nothing has to be."), code="remark")
    return remark.strip()[:300]


def _decided(
    finding: Finding, state: FindingState, *, by: User, at: datetime.datetime, **columns: str
) -> Finding:
    finding.state, finding.decided_by, finding.decided_at = state, by, at
    for name, value in columns.items():
        setattr(finding, name, value)
    finding.save(update_fields=["state", "decided_by", "decided_at", *columns])
    return finding
