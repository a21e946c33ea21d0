"""Orders of the home town, one that waits and one in force with everything below it, for the
table of permissions. Those who ask have had no part in it.
"""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from emergency.models import Called, Item, LevelRule, Measure, TaskKind, TaskPhoto
from emergency.services import calling, checking, ordering, supplying, tasking
from emergency.services.reference import load_reference
from lib.roles import Role
from tests.factories import emergency as made
from tests.factories.cases import photo
from tests.factories.grids import PostTerritoryFactory, TerritoryFactory
from tests.factories.organizations import PostFactory


def make_emergency(town):
    """Things by name."""
    at = timezone.now()
    load_reference(by=town.system, at=at)
    officer = PostFactory(role=Role.DUTY_OFFICER, body=town.centre).person
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=town.centre).person
    grid = TerritoryFactory(parent=town.community)
    worker = PostFactory(role=Role.GRID_WORKER, body=town.centre)
    PostTerritoryFactory(post=worker, territory=grid)
    place = SimpleNamespace(community=town.community, office=town.centre, officer=officer)
    until = at + datetime.timedelta(days=2)
    draft = made.drafted(place, at=at, until=until, kind="accident",
                         measures=made.measures("relocation"))  # fmt: skip
    order = ordering.confirm(made.drafted(place, at=at, until=until), by=secretary, at=at)
    return {"draft": draft, "order": order, **_below(order, officer, worker.person, grid, at)}


def _below(order, officer, worker, grid, at):
    who = {"by": officer, "at": at}
    point = calling.add_point(
        order, name="广场", address="梅塘大道1号", lon=114.05, lat=22.85, **who
    )
    callout = calling.open_callout(order, calling.Asked("巡查", 1, 9), point, **who)
    calling.call_wave(callout, at=at)
    measure = order.measures.get(code="relocation")
    check = checking.check_household(
        order, measure, grid, address="8号", answers={"people": 1}, **who
    )
    return {
        "point": point,
        "callout": callout,
        "called": Called.objects.get(order=order, person=worker),
        "task": tasking.give_task(order, made.task_kind(), grid, **who),
        "check": check,
        "photo": _photo(order, officer, worker, grid, at),
        "report": order.reports.get(kind="phone"),
        "depot": supplying.open_depot(name="仓库", address="8号", territory=order.territory, **who),
    }


def _photo(order, officer, worker, grid, at):
    """Of a task that is done."""
    task = tasking.give_task(order, made.task_kind(), grid, by=officer, at=at)
    tasking.finish_task(task, proof="好了", households=1, photos=[photo()], by=worker, at=at)
    return TaskPhoto.objects.get()


def catalogue_rows(things):
    del things  # reference data, loaded with them
    return {
        "emergency-levels": LevelRule.objects.get(level=4),
        "emergency-measures": Measure.objects.get(code="relocation"),
        "emergency-tasks": TaskKind.objects.get(code="patrol"),
        "emergency-supplies": Item.objects.get(code="water"),
    }


def examples_at(name, things):
    """(label, values) for an address of emergencies; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    if space != "emergency":
        return []
    return {**_of_orders(things), **_of_people(things), **_of_things(things)}.get(last, [])


def _one(**values):
    return [("", values)]


def _each(names, **values):
    return [(name, {**values, "name": name}) for name in names.split()]


def _of_orders(things):
    order, draft = things["order"].pk, things["draft"].pk
    of_order = ("point_new", "callout_new", "tasks", "tasks_map", "task_new", "checks", "review")
    return {
        "notice": [("in_force", {"pk": order}), ("draft", {"pk": draft})],
        "lead": [("in_force", {"pk": order}), ("draft", {"pk": draft})],
        "move": [
            *_each("confirm withdraw", pk=draft), *_each("extend level stand_down", pk=order),
        ],
        **dict.fromkeys(of_order, _one(pk=order)),
        "check_new": _one(pk=order, code="relocation"),
        "report": _one(pk=things["report"].pk),
        "check": _one(pk=things["check"].pk),
    }  # fmt: skip


def _of_people(things):
    order, point = things["order"].pk, things["point"].pk
    return {
        **dict.fromkeys(("callout", "callout_close"), _one(pk=things["callout"].pk)),
        "board": _one(pk=point),
        "note": _each("arrive leave", pk=point, called=things["called"].pk),
        **dict.fromkeys(("mine", "here"), _one(pk=order)),
        "answer": _each("accept decline leave", pk=order),
    }


def _of_things(things):
    task, depot = things["task"].pk, things["depot"].pk
    return {
        "task": _one(pk=task),
        "task_act": _each("begin progress", pk=task),
        "task_end": _each("finish reopen drop", pk=task),
        "task_photo": _one(pk=things["photo"].pk, size="small"),
        "depot": _one(pk=depot),
        "supplies_move": _each("receive hand_out take_back use_up transfer lose", pk=depot),
    }
