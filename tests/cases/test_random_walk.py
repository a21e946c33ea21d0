"""Whatever legal moves people make in whatever order: money and loads follow the tasks exactly."""

import datetime
import random

import pytest

from cases import services
from cases.forms.actions import ACTIONS
from cases.models import Case, Task, TaskState
from cases.models.tasks import LOADING, UNSETTLED
from lib.errors import RuleViolation
from lib.roles import Role
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import MONDAY
from tests.factories.organizations import PostFactory

STEPS = 110
PEOPLE = (
    "resident", "acceptor", "worker", "dispatcher", "duty_officer", "committee", "handler",
    "second", "head", "verifier", "stranger",
)  # fmt: skip
WITH_A_NOTE = (
    "file", "reject", "cancel", "back_to_intake", "refer", "return", "send_back", "confirm", "fail",
    "void", "ask_extension", "ask_appeal", "resume", "reopen", "verify",
)  # fmt: skip
RARE = frozenset({"void", "reject", "cancel", "back_to_intake", "act_first", "contact"})


def words(town, case, at, chance):
    """What somebody says for each move; a move that is not here is not made."""
    yes = chance.random() < 0.8
    post = chance.choice([town.posts.handler, town.posts.second, town.posts.stranger])
    until = at + datetime.timedelta(days=chance.randint(1, 20))
    plain = {name: {"note": "理由"} for name in WITH_A_NOTE}
    return plain | {
        "sign": {},
        "contact": {"reached": yes, "note": "电话"},
        "correct": {"category": town.small},
        "verified": {"found": yes, "note": "看过"},
        "dispatch": {"post": post, "line": town.line},
        "adjudicate": {"post": post, "line": town.line, "note": "裁定"},
        "act_first": {"post": post, "reason": "等不得"},
        "settle": {"lead": town.office},
        "reassign": {"post": post},
        "report": {"result": "做了", "actual": chance.choice([0, 40_000, 60_000, 70_000])},
        "fund": {} if (task := _open(case)) is None or task.hold else {"line": town.line},
        "pass": {"note": "好", "condition_met": yes},
        "ask_suspension": {"note": "汛期", "until": until},
        "review_extension": {"granted": yes, "note": "批"},
        "review_suspension": {"granted": yes, "note": "批"},
        "review_appeal": {"granted": yes, "note": "批"},
    }


def _open(case):
    return Task.objects.unsettled().filter(case=case).first()


def step(town, case, at, chance):
    """One move by somebody who may make it; its name, or None."""
    case = Case.objects.get(pk=case.pk)
    said = words(town, case, at, chance)
    open_to = [
        (name, person)
        for person in PEOPLE
        for name in services.moves_for(getattr(town, person), case, at=at)
        if name in said
    ]
    if not open_to:
        return None
    names = sorted({name for name, _person in open_to})
    often = [name for name in names if name not in RARE]
    if often and chance.random() < 0.9:
        names = often
    name = chance.choice(names)
    person = next(person for found, person in open_to if found == name)
    try:
        ACTIONS[name].serve(case, by=getattr(town, person), at=at, **said[name])
    except RuleViolation:
        return None
    return name


def check(town):
    tasks = list(Task.objects.select_related("hold"))
    unsettled = [task for task in tasks if task.state in UNSETTLED]
    done = [task for task in tasks if task.state == TaskState.DONE]
    town.line.refresh_from_db()
    reserved = sum(task.hold.open for task in unsettled if task.hold)
    assert town.line.reserved == reserved
    assert town.line.payable == sum(task.actual for task in done if task.hold)
    assert sum(task.hold.open for task in tasks if task.hold) == reserved
    loading = [task for task in tasks if task.state in LOADING]
    expected = {}
    for task in loading:
        points, number = expected.get(task.post_id, (0, 0))
        expected[task.post_id] = (points + task.points, number + 1)
    loads = {row.post_id: (row.points, row.tasks) for row in Load.objects.all() if row.tasks}
    assert loads == expected


@pytest.mark.parametrize("seed", [7, 20261124])
def test_money_and_loads_follow_the_tasks_through_any_moves(town, seed):
    chance, at, made = random.Random(seed), MONDAY, set()
    town.posts.second = PostFactory(body=town.office, role=Role.HANDLER)
    town.second = town.posts.second.person
    cases = [make.submitted(town), make.filed(town), make.filed(town), make.closed(town)]
    for _step in range(STEPS):
        at += datetime.timedelta(minutes=chance.choice([5, 45, 400]))
        services.route_waiting(at=at)
        services.resume_due(at=at)
        services.give_up_looks(at=at)
        made.add(step(town, chance.choice(cases), at, chance))
        check(town)
    assert len(made) > 18
