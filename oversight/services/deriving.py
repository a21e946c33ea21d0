"""What one case's history counts for: a pure function of the case, its events and its posts.

Nothing of it depends on the present moment: what will be overdue stands already as a stock that
begins when its limit passes, so no clock has to count it.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.models import Case, CaseEvent, Channel, Urgency
from cases.workflow import CLOCK_RUNS, WITH_DEPARTMENT, State
from oversight.models import Fact, Standing
from oversight.models.facts import AREAS

# A suspended case is with its department, but nothing of it falls due.
ACTIVE = WITH_DEPARTMENT - {State.SUSPENDED}
# Matters that somebody told us about and waits to hear of.
OF_RESIDENTS = frozenset({Channel.WEB, Channel.WINDOW, Channel.HOTLINE})
# Body, post, person.
Lead = tuple[int | None, int | None, int | None]
RESPOND_WITHIN = datetime.timedelta(hours=24)
_UNCLOSED = ("overdue_unclosed", "urgent_unclosed")
# What falls due while the case is in which states.
_FALLS_DUE = ((("overdue_unhandled",), CLOCK_RUNS), (_UNCLOSED, ACTIVE))
# Moves that count by their name alone, to the department that has the case.
PLAIN = {
    "fail": "rework",
    "supervise": "supervised",
    "urge": "urged",
    "return": "returned",
    "reopen": "reopened",
}


@dataclass(slots=True)
class Derived:
    facts: list[Fact] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


@dataclass(slots=True)
class Order:
    """One dispatch to a department, as long as the department has the case."""

    body: int | None
    post: int | None
    at: datetime.datetime
    number: int
    late: bool = False
    signed: bool = False
    contacted: bool = False
    answers: bool = False  # the resident waits for an answer


def derive(case: Case, events: Iterable[CaseEvent], people: Mapping[int, int]) -> Derived:
    """`events` in their order; `people` knows the person of each post."""
    reading = _Reading(case, people)
    for event in events:
        reading.take(event)
    reading.end()
    reading.forget()
    return reading.found


class _Reading:
    """Walks along a history and notes what counts."""

    def __init__(self, case: Case, people: Mapping[int, int]) -> None:
        self.case, self.people = case, people
        self.found = Derived()
        self.order: Order | None = None
        self.since = case.created_at  # the last change of state
        self.overdue: dict[str, datetime.datetime] = {}
        self.suspended: CaseEvent | None = None
        # Who had it last; of an archive, who had it without an order of ours.
        self.former: Lead = (None, None, None)
        self.once: set[str] = set()
        self.returned_by: set[int | None] = set()
        self.next_number = 1
        self.forgotten: list[range] = []

    # -- one event ---------------------------------------------------------------------------

    def take(self, event: CaseEvent) -> None:
        before, after = event.from_state, event.to_state
        self._leave(event, before, after)
        self._named(event)
        if before != after:
            self._arrive(event, after)
        self._enter(event, after)
        self.next_number = event.number + 1

    def _leave(self, event: CaseEvent, before: str, after: str) -> None:
        """What time has done since the last change of state, and a suspension that ends."""
        if before == after:
            return
        if before == State.SUSPENDED and self.suspended is not None:
            self._stand("deferred", self.suspended.number, self.suspended.at, event.at)
            self.suspended = None
        for measures, states in _FALLS_DUE:
            if before in states:
                self._elapse(measures, event, last=after not in states)
        self.since = event.at

    def _named(self, event: CaseEvent) -> None:
        if event.move in PLAIN:
            self._count(PLAIN[event.move], event, *self._lead())
        counting = _BY_MOVE.get(event.move)
        if counting is not None:
            counting(self, event)

    def _arrive(self, event: CaseEvent, after: str) -> None:
        counting = _BY_STATE.get(after)
        if counting is not None:
            counting(self, event)

    def _enter(self, event: CaseEvent, after: str) -> None:
        if after not in WITH_DEPARTMENT and self.order is not None:
            self._respond(event, ended=True)
            self.former, self.order = self._lead(), None

    # -- moves and states --------------------------------------------------------------------

    def logged(self, event: CaseEvent) -> None:
        by_staff = self.case.channel != Channel.WEB
        self._count("reported", event, person=event.by_id if by_staff else None)
        self.former = (event.facts.get("body"), None, None)

    def filed(self, event: CaseEvent) -> None:
        self._first("accepted", event)
        self._first("filed", event)

    def dispatched(self, event: CaseEvent) -> None:
        if event.from_state in WITH_DEPARTMENT:
            return
        again = "dispatched" in self.once
        self.once.add("dispatched")
        self.order = Order(
            event.facts.get("body", self.case.lead_body_id),
            event.facts.get("post", self.case.lead_post_id),
            event.at,
            event.number,
            answers=self.case.channel in OF_RESIDENTS,
        )
        self._count("dispatched", event, *self._lead())
        if again and event.from_state != State.FILED:
            self._count("redispatched", event, *self._lead())
        if event.move == "adjudicate" and self.order.body in self.returned_by:
            self._count("shirked", event, *self._lead())

    def signed(self, event: CaseEvent) -> None:
        if self.order is not None:
            self.order.signed = True
            self._respond(event)

    def contacted(self, event: CaseEvent) -> None:
        if self.order is not None:
            self.order.contacted = True
            self._respond(event)

    def given_to_another(self, event: CaseEvent) -> None:
        if self.order is not None:
            self.order.post = event.facts.get("post", self.order.post)
            self.order.body = event.facts.get("body", self.order.body)

    def confirmed(self, event: CaseEvent) -> None:
        if self.order is None:
            return
        late = bool(event.facts.get("late"))
        self.order.late = self.order.late or late
        self._count(self._in_time("handled", late=late), event, *self._lead())
        if late and self.case.timeout_exempt:
            self._count("exempted", event, *self._lead())

    def passed(self, event: CaseEvent) -> None:
        self._count("passed", event, person=event.by_id)

    def returned(self, event: CaseEvent) -> None:
        self.returned_by.add(self.order.body if self.order else event.facts.get("body"))

    def refused(self, event: CaseEvent) -> None:
        """A community was given what was not admitted: its stay counts for nothing."""
        if self.order is not None:
            self.forgotten.append(range(self.order.number, event.number + 1))

    def forget(self) -> None:
        """Drop what was counted in stays that communities refused."""
        for rows in (self.found.facts, self.found.standings):
            kept = [row for row in rows if not any(row.number in one for one in self.forgotten)]
            rows[:] = kept  # type: ignore[assignment]  # each list keeps rows of its own

    def suspended_at(self, event: CaseEvent) -> None:
        self.suspended = event
        self._count("suspended", event, *self._lead())

    def extended(self, event: CaseEvent) -> None:
        if event.facts.get("kind") == "extension" and event.facts.get("state") == "granted":
            self._count("extended", event, *self._lead())

    def asked(self, event: CaseEvent) -> None:
        self._count("asked", event, *self._last_lead())

    def answered(self, event: CaseEvent) -> None:
        said = event.facts
        self._count("solved" if said.get("solved") else "unsolved", event, *self._last_lead())
        pleased = "satisfied" if said.get("satisfied") else "dissatisfied"
        self._count(pleased, event, *self._last_lead())

    def closed(self, event: CaseEvent) -> None:
        lead = self._last_lead()
        code = self._closing(event)
        self._count(code, event, *lead)
        if self.case.urgency == Urgency.URGENT and code != "closed_unlimited":
            self._count(code.replace("closed", "urgent"), event, *lead)
        if self.case.handled_by_id == self.case.logged_by_id and event.move == "pass":
            self._count("self_handled", event, *lead)

    def _closing(self, event: CaseEvent) -> str:
        if self.order is not None:
            return self._in_time("closed", late=self.order.late)
        due = _moment(event.facts.get("due"))
        if due is None:
            return "closed_unlimited"
        for measure in self._fitting(_UNCLOSED):
            self._stand(measure, event.number, due, event.at)
        return self._in_time("closed", late=event.at > due)

    # -- what stands at the end --------------------------------------------------------------

    def end(self) -> None:
        """What still lasts: it stands from when its limit passes, without an end."""
        case = self.case
        if self.suspended is not None:
            self._stand("deferred", self.suspended.number, self.suspended.at, None)
        for measures, states in _FALLS_DUE:
            if case.state in states and case.handle_due_at is not None:
                self._lasts(measures, case.handle_due_at)
        if case.is_history and case.ended_at is None and self.order is None:
            self._lasts(_UNCLOSED, case.handle_due_at)
        if self.order is not None and self.order.answers:
            since = self.order.at + RESPOND_WITHIN
            self._stand("awaiting_response", self.order.number, since, None)

    def _elapse(self, measures: tuple[str, ...], event: CaseEvent, *, last: bool) -> None:
        """From the change of state before until this one, under the limit that held."""
        due = _moment(event.facts.get("due")) or self.case.handle_due_at
        if due is None:
            return
        for measure in self._fitting(measures):
            if measure in self.overdue and due > self.since:
                self._stand(measure, event.number, self.overdue.pop(measure), self.since)
            if event.at > due:
                self.overdue.setdefault(measure, max(due, self.since))
            if last and measure in self.overdue:
                self._stand(measure, event.number, self.overdue.pop(measure), event.at)

    def _lasts(self, measures: tuple[str, ...], due: datetime.datetime | None) -> None:
        if due is None:
            return
        for measure in self._fitting(measures):
            if measure in self.overdue and due > self.since:
                self._stand(measure, self.next_number - 1, self.overdue.pop(measure), self.since)
            since = self.overdue.pop(measure, max(due, self.since))
            self._stand(measure, self.next_number, since, None)

    def _fitting(self, measures: tuple[str, ...]) -> list[str]:
        urgent = self.case.urgency == Urgency.URGENT
        return [measure for measure in measures if urgent or measure != "urgent_unclosed"]

    def _respond(self, event: CaseEvent, *, ended: bool = False) -> None:
        """The resident was answered: signed and contacted; or the department's stay is over."""
        order = self.order
        if order is None or not order.answers:
            return
        answered = order.signed and order.contacted
        if not (answered or ended):
            return
        order.answers = False
        limit = order.at + RESPOND_WITHIN
        if answered and event.at <= limit:
            self._count("responded", event, *self._lead())
        elif event.at > limit:
            self._count("unresponded", event, *self._lead())
            self._stand("awaiting_response", order.number, limit, event.at)
        elif event.to_state == State.CLOSED:
            self._count("unresponded", event, *self._lead())

    # -- small parts -------------------------------------------------------------------------

    def _in_time(self, what: str, *, late: bool) -> str:
        return f"{what}_late" if late and not self.case.timeout_exempt else f"{what}_on_time"

    def _lead(self) -> Lead:
        if self.order is None:
            return None, None, None
        return self.order.body, self.order.post, self.people.get(self.order.post or 0)

    def _last_lead(self) -> Lead:
        return self._lead() if self.order is not None else self.former

    def _first(self, measure: str, event: CaseEvent) -> None:
        if measure not in self.once:
            self.once.add(measure)
            self._count(measure, event, person=event.by_id)

    def _count(
        self,
        measure: str,
        event: CaseEvent,
        body: int | None = None,
        post: int | None = None,
        person: int | None = None,
    ) -> None:
        self.found.facts.append(
            Fact(
                case_id=self.case.pk,
                number=event.number,
                measure=measure,
                day=timezone.localdate(event.at),
                body_id=body,
                post_id=post,
                person_id=person,
                **{name: getattr(self.case, name) for name in AREAS},
            )
        )

    def _stand(
        self,
        measure: str,
        number: int,
        since: datetime.datetime,
        until: datetime.datetime | None,
    ) -> None:
        if (until is not None and until <= since) or self._is_forgiven(measure):
            return
        body, post, person = self._last_lead()
        self.found.standings.append(
            Standing(
                case_id=self.case.pk,
                number=number,
                measure=measure,
                since=since,
                until=until,
                body_id=body,
                post_id=post,
                person_id=person,
                **{name: getattr(self.case, name) for name in AREAS},
            )
        )

    def _is_forgiven(self, measure: str) -> bool:
        return self.case.timeout_exempt and measure != "deferred"


def _moment(said: Any) -> datetime.datetime | None:
    return parse_datetime(said) if isinstance(said, str) else None


_BY_MOVE: Mapping[str, Callable[[_Reading, CaseEvent], None]] = {
    "log": _Reading.logged,
    "take_over": _Reading.logged,
    "verify": lambda reading, event: reading._first("accepted", event),  # noqa: SLF001 -- of this module
    "sign": _Reading.signed,
    "contact": _Reading.contacted,
    "reassign": _Reading.given_to_another,
    "transfer": _Reading.given_to_another,
    "confirm": _Reading.confirmed,
    "pass": _Reading.passed,
    "return": _Reading.returned,
    "refuse_unadmitted": _Reading.refused,
    "review_extension": _Reading.extended,
    "ask_callback": _Reading.asked,
    "answer_callback": _Reading.answered,
}
_BY_STATE: Mapping[str, Callable[[_Reading, CaseEvent], None]] = {
    State.FILED: _Reading.filed,
    State.DISPATCHED: _Reading.dispatched,
    State.SUSPENDED: _Reading.suspended_at,
    State.CLOSED: _Reading.closed,
    State.REJECTED: lambda reading, event: reading._count("rejected", event, person=event.by_id),  # noqa: SLF001 -- of this module
    State.VOID: lambda reading, event: reading._count("voided", event),  # noqa: SLF001 -- the same
}
