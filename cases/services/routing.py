"""The router's work: claim what waits, ask the judge, apply matches and refusals in batches.

A batch is one transaction and a fixed number of statements, whatever its size. Locks are taken in
the order of docs/locking.md: cases, lines and holds, loads. A worker that dies in the middle leaves
nothing behind; a case is claimed by its row lock and again by its version, so never routed twice.
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from cases import notifications
from cases.models import Assistant, Case, CaseEvent, RoutingTrace, Task, TaskState, Urgency
from cases.services.moves import next_event
from cases.services.pausing import limit
from cases.services.retrying import known_versions
from cases.services.rows import Overtaken, write_cases
from cases.services.sorting import reason_of, remember_sorted, sort_by_words
from cases.services.watching import watch
from cases.workflow import DESK_OF, DESK_OF_REFUSAL, EMERGENCY, FAULT, MATCH, Desk, State
from funding import services as funding
from funding.models import Hold
from organizations.models import User
from routing import services as loads
from routing.matching import Facts, Judge, Match, Refusal
from routing.models import DutyEntry, FilingStandard

logger = logging.getLogger(__name__)

# On SQLite a batch keeps every other writer waiting, so it is small there.
BATCH = {"sqlite": 100}
LARGE_BATCH = 500
MOST_ATTEMPTS = 20
ROUTED_FIELDS = (
    "state",
    "desk",
    "desk_body",
    "refusal",
    "route_at",
    "route_attempts",
    "tried_at",
    "tried_version",
    "category",
    "standard",
    "lead_body",
    "lead_post",
    "dispatched_at",
    "sign_due_at",
    "handle_due_at",
    "version",
    "head",
)


@dataclass(slots=True)
class Batch:
    """What one transaction of the router is about to write."""

    by: User
    at: datetime.datetime
    versions: dict[int, int]
    matched: list[tuple[Case, Match, Hold | None]] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    traces: list[RoutingTrace] = field(default_factory=list)
    changed: list[Case] = field(default_factory=list)


def route_waiting(*, at: datetime.datetime, limit: int | None = None) -> int:
    """Decide up to `limit` waiting cases; how many were looked at (0: nothing waits).

    A case on which the router fails is set aside to the dispatcher's desk, the others go on.
    Raises OperationalError (a lost database or a deadlock): nothing was written then, try again.
    """
    limit = limit or BATCH.get(connection.vendor, LARGE_BATCH)
    try:
        return _route_batch(at=at, limit=limit)
    except (OperationalError, InterfaceError):
        raise
    except Overtaken:
        return 0
    except Exception:
        logger.exception("a batch failed: its cases are tried one by one")
        return _one_by_one(at=at, limit=limit)


def _one_by_one(*, at: datetime.datetime, limit: int) -> int:
    keys = list(Case.objects.to_route(at).values_list("pk", flat=True)[:limit])
    for key in keys:
        try:
            _route_batch(at=at, limit=1, only=key)
        except (OperationalError, InterfaceError):
            raise
        except Overtaken:
            continue
        except Exception:
            logger.exception("case %s was set aside", key)
            set_aside(key, at=at)
    return len(keys)


def _route_batch(*, at: datetime.datetime, limit: int, only: int | None = None) -> int:
    with transaction.atomic():
        cases = _claim(at=at, limit=limit, only=only)
        if not cases:
            return 0
        batch = Batch(User.objects.system(), at, {case.pk: case.version for case in cases})
        versions = known_versions()
        sorted_now = sort_by_words(cases, at=at)
        judge = Judge.load(at=at)
        avoided = _bodies_to_avoid(cases)
        refused: list[tuple[Case, Refusal]] = []
        matched: list[tuple[Case, Match]] = []
        for case in cases:
            case.route_attempts += 1
            decision = judge.decide(_facts(case, avoided[case.pk], at))
            case.tried_at = at
            if case.pk in sorted_now:
                decision.reasons.insert(0, reason_of(sorted_now[case.pk]))
            if isinstance(decision, Match):
                matched.append((case, decision))
            else:
                refused.append((case, decision))
        _take(batch, matched)
        _refuse(batch, refused, versions)
        _write(batch)
        remember_sorted(sorted_now, at=at)
        return len(cases)


def _claim(*, at: datetime.datetime, limit: int, only: int | None) -> list[Case]:
    """Waiting rows that no other worker has. On SQLite the transaction itself keeps others out."""
    rows = Case.objects.to_route(at)
    if only is not None:
        rows = rows.filter(pk=only)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    return list(rows[:limit])


def _bodies_to_avoid(cases: Iterable[Case]) -> dict[int, frozenset[int]]:
    """Per case the bodies that have returned it."""
    returned = [case.pk for case in cases if case.returns]
    bodies: dict[int, set[int]] = defaultdict(set)
    if returned:
        rows = Task.objects.filter(case__in=returned, kind=Task.Kind.LEAD, state=TaskState.RETURNED)
        for case, body in rows.values_list("case_id", "body_id"):
            bodies[case].add(body)
    return defaultdict(frozenset, {case: frozenset(found) for case, found in bodies.items()})


def _facts(case: Case, avoided: frozenset[int], at: datetime.datetime) -> Facts:
    return Facts(
        category_id=case.category_id,
        standard_id=case.standard_id,
        town_id=case.town_id,
        community_id=case.community_id,
        grid_id=case.grid_id,
        at=at,
        avoid_bodies=avoided,
        urgent=case.urgency == Urgency.URGENT,
        text=f"{case.title}\n{case.text}",
    )


def _take(batch: Batch, matched: Sequence[tuple[Case, Match]]) -> None:
    """Reserve money, then points. What another worker took in between waits for the next batch."""
    holds = _reserve(batch, matched)
    funded = [
        (case, match, holds.get(case.pk))
        for case, match in matched
        if not match.estimate or holds.get(case.pk) is not None
    ]
    requests = [
        loads.LoadRequest(post_id=match.post_id, points=match.points) for _case, match, _ in funded
    ]
    taken = loads.take_load_many(requests, at=batch.at) if requests else []
    lost = [row for row, has_room in zip(funded, taken, strict=True) if not has_room]
    batch.matched = [row for row, has_room in zip(funded, taken, strict=True) if has_room]
    _release(batch, lost)
    done = {case.pk for case, _match, _hold in batch.matched}
    _put_back(batch, [case for case, _match in matched if case.pk not in done])
    for case, match, _hold in batch.matched:
        _dispatch(batch, case, match)


def _reserve(batch: Batch, matched: Sequence[tuple[Case, Match]]) -> dict[int, Hold | None]:
    requests = {
        case.pk: funding.ReserveRequest(
            line_id=match.line_id,
            purpose_id=match.purpose_id,
            amount=match.estimate,
            subject=case.subject,
            key=_key(case, "reserve"),
        )
        for case, match in matched
        if match.estimate and match.line_id and match.purpose_id
    }
    if not requests:
        return {}
    holds = funding.reserve_many(list(requests.values()), by=batch.by, at=batch.at)
    return dict(zip(requests, holds, strict=True))


def _key(case: Case, what: str) -> str:
    """Every try has keys of its own: a try that was undone must not answer the next one."""
    return f"case:{case.pk}:{case.version + 1}:{case.route_attempts}:{what}"


def _release(batch: Batch, lost: Sequence[tuple[Case, Match, Hold | None]]) -> None:
    for case, _match, hold in lost:
        if hold is not None:
            funding.release(hold, key=_key(case, "release"), by=batch.by, at=batch.at)


def _put_back(batch: Batch, cases: Sequence[Case]) -> None:
    """They keep waiting; one that never gets what it is promised goes to the dispatcher."""
    for case in cases:
        if case.route_attempts >= MOST_ATTEMPTS:
            _lay_aside(batch, case)
        else:
            batch.changed.append(case)


def _dispatch(batch: Batch, case: Case, match: Match) -> None:
    before = case.state
    case.state, case.desk, case.refusal = State.DISPATCHED, DESK_OF[State.DISPATCHED], ""
    case.route_at, case.route_attempts = None, 0
    case.desk_body_id = case.lead_body_id = match.lead_id
    case.lead_post_id, case.standard_id = match.post_id, match.standard_id
    case.dispatched_at = batch.at
    case.sign_due_at, case.handle_due_at = match.sign_due_at, match.handle_due_at
    facts = {
        "post": match.post_id,
        "body": match.lead_id,
        "duty": match.duty_id,
        "line": match.line_id,
        "estimate": match.estimate,
    }
    _remember(batch, case, "dispatch", before=before, facts=facts)
    batch.traces.append(_trace(case, MATCH, match, batch.at))


def _refuse(
    batch: Batch, refused: Sequence[tuple[Case, Refusal]], versions: dict[str, int]
) -> None:
    limits = _signing_limits(refused)
    for case, refusal in refused:
        code = str(refusal.code)
        case.tried_version, case.route_at = versions[code], None
        if case.refusal == code and case.desk != Desk.ROUTER:
            batch.changed.append(case)
            continue
        case.refusal, case.desk = code, DESK_OF_REFUSAL[code]
        case.desk_body_id = refusal.payer_id if code == "no_money" else refusal.lead_id
        if case.desk == Desk.HEAD:
            if case.desk_body_id is None:
                case.desk = Desk.DISPATCH
            elif refusal.standard_id in limits:
                case.sign_due_at = limit(batch.at, *limits[refusal.standard_id])
        facts = {"code": code, "desk": case.desk, "body": case.desk_body_id}
        _remember(batch, case, "refuse_match", before=case.state, facts=facts)
        batch.traces.append(_trace(case, code, refusal, batch.at))


def _signing_limits(refused: Sequence[tuple[Case, Refusal]]) -> dict[int | None, tuple[int, str]]:
    """How long a head has to find somebody: as long as for signing (standard → amount, unit)."""
    unstaffed = [refusal for _case, refusal in refused if refusal.code == "no_staff"]
    keys = {refusal.standard_id for refusal in unstaffed if refusal.standard_id}
    rows = FilingStandard.objects.filter(pk__in=keys) if keys else []
    return {row.pk: (row.sign_limit, row.sign_unit) for row in rows}


def _trace(
    case: Case, outcome: str, decision: Match | Refusal, at: datetime.datetime
) -> RoutingTrace:
    return RoutingTrace(
        case=case,
        at=at,
        outcome=outcome,
        lead_id=decision.lead_id,
        reasons=decision.reasons,
        facts=decision.facts,
        candidates=decision.candidates,
    )


def _remember(
    batch: Batch, case: Case, name: str, *, before: str, facts: Mapping[str, object]
) -> None:
    batch.events.append(
        next_event(case, name, before=before, by=batch.by, at=batch.at, facts=facts)
    )
    batch.changed.append(case)


def _write(batch: Batch) -> None:
    versions = [batch.versions[case.pk] for case in batch.changed]
    write_cases(batch.changed, ROUTED_FIELDS, versions=versions)
    Task.objects.bulk_create(
        [_task(case, match, hold, batch.at) for case, match, hold in batch.matched]
    )
    CaseEvent.objects.bulk_create(batch.events)
    RoutingTrace.objects.bulk_create(batch.traces)
    owed = _owed_by_duty(batch)
    assistants = [
        Assistant(case=case, body_id=body, owed=(match.duty_id, body) in owed)
        for case, match, _hold in batch.matched
        for body in match.assistant_ids
    ]
    Assistant.objects.bulk_create(assistants, ignore_conflicts=True)
    watch([case for case, _match, _hold in batch.matched], at=batch.at)
    notifications.tell_of_matches([case for case, _match, _hold in batch.matched], at=batch.at)
    for case in batch.changed:
        if case.refusal == EMERGENCY:
            notifications.tell_of_emergency(case, at=batch.at)


def _owed_by_duty(batch: Batch) -> set[tuple[int, int]]:
    """(duty entry, body) where the entry itself names the body: such assistants get a task."""
    entries = {match.duty_id for _case, match, _hold in batch.matched if match.assistant_ids}
    if not entries:
        return set()
    links = DutyEntry.assistants.through.objects.filter(dutyentry__in=entries)
    return set(links.values_list("dutyentry_id", "body_id"))


def _task(case: Case, match: Match, hold: Hold | None, at: datetime.datetime) -> Task:
    return Task(
        case=case,
        state=TaskState.DISPATCHED,
        body_id=match.lead_id,
        post_id=match.post_id,
        points=match.points,
        estimate=match.estimate,
        hold=hold,
        duty_id=match.duty_id,
        made_at=at,
        sign_due_at=match.sign_due_at,
        handle_due_at=match.handle_due_at,
    )


def _lay_aside(batch: Batch, case: Case) -> None:
    case.refusal, case.desk, case.desk_body_id = FAULT, DESK_OF_REFUSAL[FAULT], None
    case.route_at = None
    _remember(batch, case, "refuse_match", before=case.state, facts={"code": FAULT})
    batch.traces.append(RoutingTrace(case=case, at=batch.at, outcome=FAULT, reasons=[[FAULT, {}]]))


def set_aside(key: int, *, at: datetime.datetime) -> None:
    """A case on which the router fails lies on the dispatcher's desk, for a person to look at."""
    try:
        with transaction.atomic():
            for case in _claim(at=at, limit=1, only=key):
                batch = Batch(User.objects.system(), at, {case.pk: case.version})
                case.route_attempts += 1
                _lay_aside(batch, case)
                _write(batch)
    except DatabaseError:
        # Even that failed: it keeps waiting, later than the others.
        later = at + datetime.timedelta(minutes=5)
        Case.objects.filter(pk=key, route_at__isnull=False).update(route_at=later)
