"""`python -m tests.faults.contradictions`: people contradict each other at the same moment.

For each pair of moves that exclude each other eight processes act at once, four on either side:
exactly one wins, the seven others are told what happened, money and loads follow the winner.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

PROCESSES = 8
# What somebody is told who comes too late.
TOLD = {"wrong_state", "nothing_pending", "not_yours"}


@dataclass(frozen=True)
class Pair:
    """`bring(town)` makes the case; `one` and `other` are (service, person, what is said)."""

    name: str
    bring: Callable[[Any], Any]
    one: tuple[str, str, dict[str, Any]]
    other: tuple[str, str, dict[str, Any]]


def pairs(town):
    """The pairs; what they say names rows of this town."""
    from cases import services
    from organizations.models import Post
    from tests.factories import cases as make
    from tests.factories.cases import later

    Post.objects.filter(pk=town.posts.handler.pk).update(capacity=10_000)

    def at(hours):
        return {"at": later(hours=hours)}

    def asked(kind, **said):
        def bring(town):
            case = make.handling(town)
            ask = getattr(services, f"ask_{kind}")
            ask(case, by=town.handler, note="理由", **at(1), **said)
            review = getattr(services, f"review_{kind}")
            return review(case, granted=True, by=town.head, **at(1))

        return bring

    def in_dispute(town):
        case = make.returned(town)
        return services.refer(case, by=town.dispatcher, note="两家都说不是", **at(2))

    def looked_for(town):
        return services.verify(make.submitted(town), by=town.acceptor, **at(0))

    decided = {"line": town.line, "note": "裁定"}
    yes, no = {"granted": True, "note": "同意"}, {"granted": False, "note": "不同意"}
    until = later(days=20)
    return [
        Pair("file or reject", make.submitted,
             ("file", "acceptor", {}), ("reject", "acceptor", {"note": "不属于"})),
        Pair("found or not found", looked_for,
             ("verified", "worker", {"found": True, "note": "在"}),
             ("verified", "worker", {"found": False, "note": "不在"})),
        Pair("report or return", make.handling,
             ("report", "handler", {"result": "好", "actual": 50_000}),
             ("send_back_to_dispatcher", "head", {"note": "不是我们的"})),
        Pair("confirm or send back", make.reported,
             ("confirm", "head", {}), ("send_back", "head", {"note": "没做完"})),
        Pair("pass or fail", make.checking,
             ("check_pass", "verifier", {"note": "好"}),
             ("check_fail", "verifier", {"note": "没好"})),
        Pair("grant or refuse more time", asked("extension"),
             ("review_extension", "dispatcher", yes), ("review_extension", "dispatcher", no)),
        Pair("suspend or report", asked("suspension", until=until),
             ("review_suspension", "dispatcher", yes),
             ("report", "handler", {"result": "好", "actual": 50_000})),
        Pair("decided for one or for another", in_dispute,
             ("adjudicate", "committee", {"post": town.posts.handler, **decided}),
             ("adjudicate", "committee", {"post": town.posts.stranger, **decided})),
        Pair("reopened twice", make.closed,
             ("reopen", "verifier", {"note": "又坏了"}),
             ("reopen", "dispatcher", {"note": "又坏了"})),
    ]  # fmt: skip


def race(town, pair, processes=PROCESSES):
    """What went wrong, in a line each; empty when exactly one won and everybody else was told."""
    from cases.models import Case
    from tests.races import at_once

    _forget_decisions()
    case = pair.bring(town)
    before = Case.objects.get(pk=case.pk).version
    answers = at_once(processes, partial(_act, town, pair, case))
    after = Case.objects.get(pk=case.pk)
    return [*_verdict(answers), *_history(after, before), *_books(town)]


def _forget_decisions():
    """Who won the last dispute must not decide where the next pair's case goes."""
    import datetime

    from routing.models import DutyEntry

    day = datetime.date(2020, 1, 1)
    past = {"valid_from": day, "valid_to": day + datetime.timedelta(days=1)}
    DutyEntry.objects.filter(origin="precedent").update(**past)


def _act(town, pair, case, number):
    from cases import services
    from lib.errors import RuleViolation
    from tests.factories.cases import later

    name, person, said = pair.one if number % 2 else pair.other
    try:
        getattr(services, name)(case, by=getattr(town, person), at=later(hours=4), **said)
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def _verdict(answers):
    count = Counter(answers)
    if count["done"] != 1:
        yield f"{count['done']} won"
    if strange := count.keys() - TOLD - {"done"}:
        yield f"told something strange: {sorted(strange)}"


def _history(case, before):
    from organizations.models import User

    # What the router does with a case as soon as it is filed again is no second winner.
    made = case.events.filter(number__gt=before).exclude(by=User.objects.system()).count()
    if made != 1:
        yield f"{made} events instead of one"


def _books(town):
    from cases.models import Task
    from cases.services.history import verify_history
    from funding.models import Hold
    from routing.models import Load

    kept = sum(Hold.objects.filter(subject_kind="case").values_list("open", flat=True))
    held = [task.hold.open for task in Task.objects.unsettled().select_related("hold") if task.hold]
    town.line.refresh_from_db()
    if not kept == sum(held) == town.line.reserved:
        yield f"money: holds {kept}, tasks {sum(held)}, line {town.line.reserved}"
    for load in Load.objects.all():
        tasks = Task.objects.loading().filter(post=load.post_id)
        points = sum(tasks.values_list("points", flat=True))
        if load.points != points:
            yield f"load: {load.points} on the person, {points} in their tasks"
    yield from (f"history: {broken}" for broken in verify_history())


def main():
    """Every pair, three times; the number of findings as exit code."""
    import os

    from tests.factories.cases import make_town

    town, findings = make_town(free=100_000_000), []
    for pair in pairs(town) * int(os.environ.get("FAULTS_ROUNDS", "3")):
        findings += [f"{pair.name}: {line}" for line in race(town, pair)]
    print("\n".join(findings))
    raise SystemExit(min(len(findings), 99))


if __name__ == "__main__":
    import django

    django.setup()
    main()
