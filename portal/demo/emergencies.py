"""An exercise that is over and reviewed, and a typhoon for which a low order is in force."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from emergency.matching import candidates
from emergency.models import Called, CallOut, Depot, Item, Measure, Order, Report, Task, TaskKind
from emergency.services import (
    assembling,
    calling,
    checking,
    ordering,
    reporting,
    standing_down,
    supplying,
    tasking,
)
from emergency.services.standing_down import Learnt
from grids.models import BodyTerritory, Boundary, Level, Territory
from lib.roles import Role
from organizations.models import Body, Post, User

_HOUR = datetime.timedelta(hours=1)
_MINUTE = datetime.timedelta(minutes=1)
_BASIS = "《突发事件应对法》第七十二条"
_EXERCISE = (
    "防汛应急演练", "Flood exercise", "今天上午社区组织防汛演练，请不要惊慌，可到社区广场观看。",
    "The community practises for floods this morning. Nothing has happened; come and watch.",
)  # fmt: skip
_TYPHOON = (
    "台风“海葵”防御", "Typhoon Haikui", "台风今晚经过我镇，有大风和短时强降雨，低洼处可能积水。",
    "A typhoon passes tonight with strong wind and heavy rain; low places may be flooded.",
)  # fmt: skip
_HOUSES = ("一巷3号", "一巷9号", "二巷12号", "塘边街6号")


@dataclass
class _Here:
    """One community with those who lead, work and live there."""

    community: Territory
    office: Body
    officer: User
    secretary: User
    at: datetime.datetime
    grids: list[Territory] = field(default_factory=list)
    point: tuple[float, float] = (0.0, 0.0)

    def who(self, at: datetime.datetime) -> dict[str, Any]:
        return {"by": self.officer, "at": at}


def face_emergencies(*, at: datetime.datetime) -> None:
    """Nothing where the demo has no duty officer, no secretary or no measures."""
    here = _found(at)
    if here is None:
        return
    depot = _fill_a_depot(here)
    _exercise(here, depot)
    _typhoon(here, depot)


def _found(at: datetime.datetime) -> _Here | None:
    officer = Post.objects.filter(role=Role.DUTY_OFFICER).with_names().order_by("pk").first()
    secretary = Post.objects.filter(role=Role.PARTY_SECRETARY).with_names().order_by("pk").first()
    worker = Post.objects.filter(role=Role.COMMUNITY_WORKER).with_names().order_by("pk").first()
    if officer is None or secretary is None or worker is None or not Measure.objects.exists():
        return None
    given = BodyTerritory.objects.filter(body=worker.body, territory__level=Level.COMMUNITY)
    community = given.select_related("territory").order_by("pk")[0].territory
    here = _Here(community, officer.body, officer.person, secretary.person, at)
    here.grids = list(Territory.objects.filter(parent=community).order_by("code"))
    middle = Boundary.objects.filter(territory=community).annotate(
        lon=(F("west") + F("east")) / 2, lat=(F("south") + F("north")) / 2
    )
    here.point = middle.values_list("lon", "lat")[0]
    return here


def _fill_a_depot(here: _Here) -> Depot:
    before = here.at - datetime.timedelta(days=40)
    depot = supplying.open_depot(
        name=f"{here.community.name}应急仓库", address="社区居委会一楼", territory=here.community,
        lon=here.point[0], lat=here.point[1], **here.who(before),
    )  # fmt: skip
    for code, amount in (("water", 120), ("raincoat", 80), ("sandbag", 300), ("torch", 40)):
        supplying.receive(depot, _lot(code, amount, "first"), **here.who(before))
    return depot


def _lot(code: str, amount: int, key: str, note: str = "") -> supplying.Lot:
    return supplying.Lot(Item.objects.get(code=code), amount, f"demo:{key}:{code}", note)


def _ordered(
    here: _Here, words: tuple[str, ...], at: datetime.datetime, *, days: int, is_exercise: bool
) -> Order:
    codes = ["wind-and-rain", "relocation", "daily-supplies"]
    wanted = ordering.Wanted(
        title=words[0], title_en=words[1], text=words[2], text_en=words[3], kind="natural",
        level=4, territory=here.community, until=at + datetime.timedelta(days=days),
        measures=tuple(Measure.objects.filter(code__in=codes)), legal_basis=_BASIS,
        body=here.office, is_exercise=is_exercise,
    )  # fmt: skip
    order = ordering.draft(wanted, by=here.officer, at=at)
    return ordering.confirm(order, by=here.secretary, at=at + 6 * _MINUTE)


def _report(order: Order, here: _Here, kind: str, at: datetime.datetime, text: str) -> None:
    row = Report.objects.with_names().filter(order=order, kind=kind, done_at=None).first()
    if row is not None:
        reporting.make_report(row, receiver="镇总值班室", text=text, by=here.officer, at=at)


def _call(order: Order, here: _Here, at: datetime.datetime, *, come: int) -> list[Called]:
    """Everybody near; most come, one cannot, some have not answered. Those who come."""
    point = calling.add_point(
        order, name="社区广场", address=f"{here.community.name}居委会门前", lon=here.point[0],
        lat=here.point[1], **here.who(at),
    )  # fmt: skip
    asked = calling.Asked("巡查网格、逐户通知", wanted=come, wave_size=come + 4)
    callout = calling.open_callout(order, asked, point, **here.who(at))
    if not any(True for _one in candidates(callout, at=at)):
        return []
    calling.call_wave(CallOut.objects.with_names().get(pk=callout.pk), at=at)
    rows = list(Called.objects.filter(order=order).with_names().order_by("pk"))
    coming = rows[:come]
    for number, row in enumerate(coming):
        minutes = 10 + 5 * number
        calling.accept(row, minutes=minutes, by=row.person, at=at + (2 + number) * _MINUTE)
    for row in rows[come : come + 1]:
        calling.decline(row, by=row.person, at=at + 4 * _MINUTE)
    return coming


def _tasks(order: Order, here: _Here, at: datetime.datetime, count: int) -> list[Task]:
    kind = TaskKind.objects.get(code="patrol")
    return [
        tasking.give_task(order, kind, grid, text="查看低洼处和大树", **here.who(at))
        for grid in here.grids[:count]
    ]


def _exercise(here: _Here, depot: Depot) -> None:
    """Two weeks ago: everything from the order to the review; its data are deleted soon."""
    began = here.at - datetime.timedelta(days=5)
    order = _ordered(here, _EXERCISE, began, days=1, is_exercise=True)
    _report(order, here, "phone", began + 12 * _MINUTE, "演练启动。")
    _report(order, here, "text", began + 25 * _MINUTE, "演练启动，召集人员集结中。")
    came = _call(order, here, began + 10 * _MINUTE, come=6)
    for number, row in enumerate(came):
        there = began + (24 + 4 * number) * _MINUTE
        assembling.check_in(row, by=here.officer, at=there)
    supplying.hand_out(depot, order, _lot("raincoat", 12, "exercise"), **here.who(began + _HOUR))
    for task in _tasks(order, here, began + _HOUR, len(here.grids)):
        hand = _hand(task, here)
        if hand is not None:
            tasking.finish_task(
                task, proof="已巡查，无险情", households=9, by=hand, at=began + 2 * _HOUR
            )
    supplying.take_back(
        depot, order, _lot("raincoat", 12, "exercise-back"), **here.who(began + 3 * _HOUR)
    )
    _look_back(
        standing_down.stand_down(order, reason="演练结束", **here.who(began + 3 * _HOUR)), here
    )


def _hand(task: Task, here: _Here) -> User | None:
    """Somebody who has the task: a worker of its grid."""
    on = here.at.date()
    posts = Post.objects.filter(role=Role.GRID_WORKER).valid_on(on).with_names()
    near = posts.filter(territories__territory=task.grid).order_by("pk").first()
    return near.person if near else None


def _look_back(order: Order, here: _Here) -> None:
    after = (order.ended_at or here.at) + 20 * _MINUTE
    _report(order, here, "final", after, "演练结束，人员、物资全部归位。")
    standing_down.review(
        order, went_well="集结快，分工清楚。", to_mend="个别网格联系方式没有更新，雨衣尺码不全。",
        lessons=[Learnt("每月核对网格联系方式", here.office), Learnt("补充大码雨衣")],
        **here.who(after + _HOUR),
    )  # fmt: skip


def _typhoon(here: _Here, depot: Depot) -> None:
    """Since this morning: some are there, some on the way, grids in every state."""
    began = here.at - 5 * _HOUR
    order = _ordered(here, _TYPHOON, began, days=2, is_exercise=False)
    _report(order, here, "phone", began + 14 * _MINUTE, "已启动四级响应。")
    _report(order, here, "text", began + 30 * _MINUTE, "已启动四级响应，召集人员集结中。")
    came = _call(order, here, here.at - 2 * _HOUR, come=8)
    for number, row in enumerate(came[:5]):
        there = here.at - (90 - 6 * number) * _MINUTE
        assembling.check_in(row, by=here.officer, at=there)
    supplying.hand_out(depot, order, _lot("water", 30, "typhoon"), **here.who(here.at - _HOUR))
    supplying.hand_out(depot, order, _lot("sandbag", 60, "typhoon"), **here.who(here.at - _HOUR))
    _in_every_state(_tasks(order, here, here.at - _HOUR, len(here.grids)), here)
    _checks(order, here)


def _in_every_state(tasks: list[Task], here: _Here) -> None:
    for number, task in enumerate(tasks[:-1]):
        hand = _hand(task, here)
        if hand is None:
            continue
        begun = tasking.begin_task(task, by=hand, at=here.at - 50 * _MINUTE)
        if number % 2:
            tasking.finish_task(
                begun, proof="已清理两处排水口", households=14, by=hand, at=here.at - 9 * _MINUTE
            )
        else:
            tasking.note_progress(begun, progress=60, by=hand, at=here.at - 20 * _MINUTE)


def _checks(order: Order, here: _Here) -> None:
    measure = order.measures.get(code="relocation")
    for number, house in enumerate(_HOUSES[: len(here.grids) * 2]):
        checking.check_household(
            order, measure, here.grids[number % len(here.grids)], address=house,
            answers={"people": 2 + number, "old": number % 2, "needs_help": number == 2},
            needs_more=number == 2, **here.who(here.at - (40 - number) * _MINUTE),
        )  # fmt: skip
