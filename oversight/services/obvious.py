"""A history asked simple questions, one measure after the other: slow, and easy to believe.

It shares nothing with `deriving` but the words, so that the two can be held against each other.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence

from django.utils.dateparse import parse_datetime

from cases.models import Case, CaseEvent, Channel, Urgency
from cases.workflow import CLOCK_RUNS, WITH_DEPARTMENT, State

DAY_AND_NIGHT = datetime.timedelta(hours=24)
RESIDENTS = {Channel.WEB, Channel.WINDOW, Channel.HOTLINE}
GIVES = {"dispatch", "act_first", "adjudicate", "reassign", "transfer"}
Lead = tuple[int | None, int | None]


class History:
    """One case and its events; events are named by their place in the list."""

    def __init__(self, case: Case, events: Sequence[CaseEvent]) -> None:
        self.case, self.events = case, events

    def made(self, *moves: str) -> list[int]:
        return [at for at, event in enumerate(self.events) if event.move in moves]

    def came_to(self, state: str) -> list[int]:
        arrived = [at for at, event in enumerate(self.events) if event.to_state == state]
        return [at for at in arrived if self.events[at].from_state != state]

    def orders(self) -> list[int]:
        """Where a department got the case."""
        arrived = self.came_to(State.DISPATCHED)
        return [at for at in arrived if self.events[at].from_state not in WITH_DEPARTMENT]

    def order_of(self, at: int) -> int | None:
        """The order under which a department had the case when this event was made."""
        if self.events[at].from_state not in WITH_DEPARTMENT:
            return None
        return max(order for order in self.orders() if order < at)

    def end_of(self, order: int) -> int | None:
        """The event with which the department's stay under an order ended."""
        for at in range(order + 1, len(self.events)):
            if self.events[at].to_state not in WITH_DEPARTMENT:
                return at
        return None

    def lead(self, at: int) -> Lead:
        """Body and post that had the case when this event was made; of an order, who got it."""
        order = at if at in self.orders() else self.order_of(at)
        if order is None:
            return None, None
        body, post = self.case.lead_body_id, self.case.lead_post_id
        for event in self.events[order : max(at, order + 1)]:
            if event.move in GIVES:
                body, post = event.facts.get("body", body), event.facts.get("post", post)
        return body, post

    def last_lead(self, at: int) -> Lead:
        """The lead, or who had it last where the case has left the department."""
        if self.order_of(at) is not None:
            return self.lead(at)
        before = [order for order in self.orders() if order < at]
        if not before:
            return self.events[0].facts.get("body"), None
        return self.lead(self.end_of(before[-1]) or before[-1])

    def late(self, at: int) -> bool:
        """Whether a department confirmed late, under the order to which this event belongs."""
        if self.case.timeout_exempt:
            return False
        order = self.order_of(at)
        confirmed = [one for one in self.made("confirm") if one <= at]
        return any(
            self.events[one].facts.get("late") for one in confirmed if self.order_of(one) == order
        )

    def closed_late(self, at: int) -> bool | None:
        """None for a case that never had a limit."""
        if self.order_of(at) is not None:
            return self.late(at)
        due = _moment(self.events[at])
        return None if due is None else self.events[at].at > due

    # -- the answer to residents -------------------------------------------------------------

    def answered_at(self, order: int) -> int | None:
        """The event by which both had happened under an order: signed, and resident contacted."""
        stay = self.events[order + 1 : (self.end_of(order) or len(self.events) - 1) + 1]
        firsts = []
        for move in ("sign", "contact"):
            found = [order + 1 + place for place, event in enumerate(stay) if event.move == move]
            if not found:
                return None
            firsts.append(found[0])
        return max(firsts)

    def answers(self, *, in_time: bool) -> list[int]:
        if self.case.channel not in RESIDENTS:
            return []
        judged = [(order, self.answered_at(order), self.end_of(order)) for order in self.orders()]
        return [
            found
            for order, answered, ended in judged
            if (found := answered if answered is not None else ended) is not None
            and self._judged(order, answered, found) is in_time
        ]

    def _judged(self, order: int, answered: int | None, found: int) -> bool | None:
        """None where nothing was owed: it left the department before the day was over."""
        within = self.events[found].at - self.events[order].at <= DAY_AND_NIGHT
        if answered is not None:
            return within
        return None if within and self.events[found].to_state != State.CLOSED else False

    # -- what stood at a moment --------------------------------------------------------------

    def state_at(self, moment: datetime.datetime) -> str:
        states = [event.to_state for event in self.events if event.at <= moment]
        return states[-1] if states else ""

    def limit_at(self, moment: datetime.datetime) -> datetime.datetime | None:
        """The limit that held: the next change of state wrote it down; else the case has it."""
        for event in self.events:
            if event.at > moment and event.from_state != event.to_state:
                return _moment(event) or self.case.handle_due_at
        return self.case.handle_due_at

    def past_limit(self, moment: datetime.datetime, states: frozenset[str]) -> bool:
        limit = self.limit_at(moment)
        if limit is None or limit > moment or self.case.timeout_exempt:
            return False
        return self.state_at(moment) in states

    def stands(self, measure: str, moment: datetime.datetime) -> bool:
        if any(
            self.events[order].at <= moment < self.events[end].at for order, end in self.refused()
        ):
            return False
        return _STANDS[measure](self, moment)

    def refused(self) -> list[tuple[int, int]]:
        """Stays with communities to which the matter was not admitted: they count for nothing."""
        ends = [(order, self.end_of(order)) for order in self.orders()]
        return [
            (order, end)
            for order, end in ends
            if end is not None and self.events[end].move == "refuse_unadmitted"
        ]

    def counted(self, measure: str) -> list[int]:
        """The events that count for a measure."""
        stays = self.refused()
        return [
            at
            for at in COUNTED[measure](self)
            if not any(order <= at <= end for order, end in stays)
        ]

    def lead_at(self, moment: datetime.datetime) -> int | None:
        """The body to which what stands is counted."""
        return self.holder_at(moment)[0]

    def holder_at(self, moment: datetime.datetime) -> Lead:
        """Body and post to which what stands is counted: who had it last under that order."""
        before = [order for order in self.orders() if self.events[order].at <= moment]
        if not before:
            return self.events[0].facts.get("body"), None
        end = self.end_of(before[-1])
        return self.lead(end if end is not None else len(self.events) - 1)

    def _unclosed(self, moment: datetime.datetime) -> bool:
        if self.case.is_history and not self.orders():
            opened = frozenset({State.FILED})
            return self.past_limit(moment, opened)
        return self.past_limit(moment, WITH_DEPARTMENT - {State.SUSPENDED})

    def _waits_for_answer(self, moment: datetime.datetime) -> bool:
        if self.case.channel not in RESIDENTS or self.case.timeout_exempt:
            return False
        return any(self._unanswered(order, moment) for order in self.orders())

    def _unanswered(self, order: int, moment: datetime.datetime) -> bool:
        if self.events[order].at + DAY_AND_NIGHT > moment:
            return False
        ends = [self.answered_at(order), self.end_of(order)]
        return all(self.events[end].at > moment for end in ends if end is not None)


def _moment(event: CaseEvent) -> datetime.datetime | None:
    said = event.facts.get("due")
    return parse_datetime(said) if said else None


_STANDS: Mapping[str, Callable[[History, datetime.datetime], bool]] = {
    "overdue_unhandled": lambda past, at: past.past_limit(at, CLOCK_RUNS),
    "overdue_unclosed": History._unclosed,  # noqa: SLF001 -- of this module
    "urgent_unclosed": lambda past, at: (
        past.case.urgency == Urgency.URGENT and past._unclosed(at)  # noqa: SLF001 -- the same
    ),
    "deferred": lambda past, at: past.state_at(at) == State.SUSPENDED,
    "awaiting_response": History._waits_for_answer,  # noqa: SLF001 -- the same
}


def _closed(past: History, *, late: bool | None) -> list[int]:
    return [at for at in past.came_to(State.CLOSED) if past.closed_late(at) is late]


def _urgent(past: History, *, late: bool) -> list[int]:
    return _closed(past, late=late) if past.case.urgency == Urgency.URGENT else []


def _exempted(past: History) -> list[int]:
    late = [at for at in past.made("confirm") if past.events[at].facts.get("late")]
    return late if past.case.timeout_exempt else []


def _handled(past: History, *, late: bool) -> list[int]:
    forgiven = past.case.timeout_exempt
    confirmed = past.made("confirm")
    return [
        at for at in confirmed if (bool(past.events[at].facts.get("late")) and not forgiven) is late
    ]


def _shirked(past: History) -> list[int]:
    returned = {at: past.lead(at)[0] for at in past.made("return")}
    return [
        at
        for at in past.made("adjudicate")
        if past.lead(at)[0] in {body for back, body in returned.items() if back < at}
    ]


def _said(past: History, key: str, *, yes: bool) -> list[int]:
    answers = past.made("answer_callback")
    return [at for at in answers if bool(past.events[at].facts.get(key)) is yes]


def _granted(past: History) -> list[int]:
    reviews = past.made("review_extension")
    return [at for at in reviews if past.events[at].facts.get("state") == "granted"]


def _self_handled(past: History) -> list[int]:
    own = past.case.handled_by_id == past.case.logged_by_id
    return past.made("pass") if own else []


def _again(past: History) -> list[int]:
    return [at for at in past.orders()[1:] if past.events[at].from_state != State.FILED]


Found = Callable[[History], list[int]]
# Which events of a history each measure counts.
COUNTED: Mapping[str, Found] = {
    "reported": lambda past: past.made("log", "take_over"),
    "accepted": lambda past: sorted(past.made("verify") + past.came_to(State.FILED))[:1],
    "rejected": lambda past: past.came_to(State.REJECTED),
    "filed": lambda past: past.came_to(State.FILED)[:1],
    "voided": lambda past: past.came_to(State.VOID),
    "dispatched": History.orders,
    "redispatched": _again,
    "handled_on_time": lambda past: _handled(past, late=False),
    "handled_late": lambda past: _handled(past, late=True),
    "rework": lambda past: past.made("fail"),
    "returned": lambda past: past.made("return"),
    "shirked": _shirked,
    "suspended": lambda past: past.came_to(State.SUSPENDED),
    "extended": _granted,
    "supervised": lambda past: past.made("supervise"),
    "urged": lambda past: past.made("urge"),
    "exempted": _exempted,
    "closed_on_time": lambda past: _closed(past, late=False),
    "closed_late": lambda past: _closed(past, late=True),
    "closed_unlimited": lambda past: _closed(past, late=None),
    "urgent_on_time": lambda past: _urgent(past, late=False),
    "urgent_late": lambda past: _urgent(past, late=True),
    "passed": lambda past: past.made("pass"),
    "self_handled": _self_handled,
    "reopened": lambda past: past.made("reopen"),
    "responded": lambda past: past.answers(in_time=True),
    "unresponded": lambda past: past.answers(in_time=False),
    "asked": lambda past: past.made("ask_callback"),
    "solved": lambda past: _said(past, "solved", yes=True),
    "unsolved": lambda past: _said(past, "solved", yes=False),
    "satisfied": lambda past: _said(past, "satisfied", yes=True),
    "dissatisfied": lambda past: _said(past, "satisfied", yes=False),
}
# Counted to the person who did it; all others to the department that had the case.
BY_PERSON = {"reported", "accepted", "rejected", "filed", "passed"}
OF_NOBODY = {"voided"}
OF_THE_LAST = {
    "asked", "solved", "unsolved", "satisfied", "dissatisfied", "closed_on_time", "closed_late",
    "closed_unlimited", "urgent_on_time", "urgent_late",
}  # fmt: skip
