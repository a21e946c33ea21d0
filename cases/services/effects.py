"""The effect of a change of the duty list on the last cases, before it takes force.

Each case is judged twice by the facts that were weighed when it was routed: as the list would stand
on the day of the change without it, and with it. The judges are snapshots: the change is written
only while they are loaded, inside a transaction that is rolled back, and judging holds no lock.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import ReplayDifference, ReplayRun, RoutingTrace
from cases.services.replaying import Answer, answer_of, facts_of
from cases.workflow import FAULT
from lib.errors import RuleViolation, WrongState
from lib.worktime import CITY_ZONE
from organizations.models import User
from routing.matching import Judge, Match
from routing.models import DutyChange, FilingStandard
from routing.services import runs, write_steps
from routing.services.runs import Now
from routing.workflow import ChangeState

MOST = 50_000
_CASES_OF_A_STEP = 500


def ask_effect(change: DutyChange, *, last: int, by: User, at: datetime.datetime) -> ReplayRun:
    """A replay that waits. Raises WrongState (no longer a draft), RuleViolation (too many)."""
    if change.state not in {ChangeState.DRAFT, ChangeState.REVIEW}:
        raise WrongState(_("Only what is not decided yet can be tried."))
    if not 1 <= last <= MOST:
        raise RuleViolation(
            _("Choose between 1 and %(most)s cases.") % {"most": MOST}, code="too_many"
        )
    run = ReplayRun(change=change, last=last, asked_by=by, asked_at=at)
    return runs.asked(run, _wake)


def _wake() -> None:
    current_app.signature("cases.tasks.replay_changes").apply_async(retry=False)


def replay_waiting(*, moment: Now) -> ReplayRun | None:
    """Carry out the replay that waits; None where there is none, or another worker has it."""
    return runs.carried_out(ReplayRun, _carry_out, moment)


@dataclass(slots=True)
class _Tally:
    """What both judges make of the cases, by body."""

    costs: dict[int, tuple[int, int]]
    figures: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * 6))

    def count(self, answer: Answer, cost: int | None, column: int) -> None:
        """`column`: 0 before, 1 after. Matters without a lead count for nobody."""
        points, estimate = self.costs.get(answer.standard_id or 0, (0, 0))
        if answer.lead_id is not None:
            self.figures[answer.lead_id][column] += 1
            self.figures[answer.lead_id][2 + column] += points
        if answer.payer_id is not None:
            self.figures[answer.payer_id][4 + column] += estimate if cost is None else cost


def _carry_out(run: ReplayRun, moment: Now) -> None:
    before, after, when = _judges(run, moment())
    newest = _newest(run.last)
    runs.begun(run, len(newest))
    run.differences.all().delete()
    tally = _Tally(_costs())
    for start in range(0, len(newest), _CASES_OF_A_STEP):
        keys = newest[start : start + _CASES_OF_A_STEP]
        found = list(_compared(run, keys, (before, after), tally, when))
        with transaction.atomic():
            ReplayDifference.objects.bulk_create(found, batch_size=300)
            run.differing += len(found)
            run.figures = {str(body): row for body, row in tally.figures.items()}
            run.save(update_fields=["differing", "figures"])
            runs.seen(run, len(keys), moment())


def _judges(run: ReplayRun, at: datetime.datetime) -> tuple[Judge, Judge, datetime.datetime]:
    """By the list as it is, and as it would be: both of the day on which the change takes force."""
    noon = datetime.datetime.combine(run.change.force_on, datetime.time(10), tzinfo=CITY_ZONE)
    when = max(at, noon)
    run.differing = 0
    before = Judge.load(at=when)
    with transaction.atomic():
        write_steps(run.change, by=run.asked_by, at=at)
        after = Judge.load(at=when)
        transaction.set_rollback(True)
    return before, after, when


def _newest(last: int) -> list[int]:
    """The newest decision of each of the last cases that were decided on, the newest first."""
    rows = RoutingTrace.objects.exclude(outcome=FAULT).order_by("-pk").values_list("case", "pk")
    newest: dict[int, int] = {}
    for case, key in rows.iterator(chunk_size=2000):
        newest.setdefault(case, key)
        if len(newest) == last:
            break
    return list(newest.values())


def _costs() -> dict[int, tuple[int, int]]:
    rows = FilingStandard.objects.values_list("pk", "points", "cost")
    return {key: (points, cost) for key, points, cost in rows}


def _compared(
    run: ReplayRun,
    keys: list[int],
    judges: tuple[Judge, Judge],
    tally: _Tally,
    when: datetime.datetime,
) -> Iterator[ReplayDifference]:
    traces = RoutingTrace.objects.filter(pk__in=keys).defer("candidates", "reasons")
    for trace in traces:
        facts = facts_of(trace, when)
        answers = []
        for column, judge in enumerate(judges):
            decision = judge.decide(facts)
            if isinstance(decision, Match):
                judge.give_back(decision)  # each case is asked about as if it were the only one
            answers.append(answer_of(decision))
            tally.count(answers[-1], facts.cost, column)
        old, new = answers
        if old.place != new.place:
            yield ReplayDifference(
                run=run,
                case_id=trace.case_id,
                before=old.outcome,
                before_lead_id=old.lead_id,
                after=new.outcome,
                after_lead_id=new.lead_id,
            )
