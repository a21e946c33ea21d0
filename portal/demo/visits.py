"""Some weeks of visits: grids patrolled, places and homes looked at, findings made cases."""

import datetime
import random
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.services.findings import claim_waiting
from grids.models import (
    Finding,
    Level,
    PostTerritory,
    TargetKind,
    Territory,
    Visit,
    VisitEvent,
    VisitForm,
    VisitKind,
    VisitPlan,
    VisitTarget,
)
from grids.models.visit_plans import place_columns
from grids.questions import QuestionType
from grids.services import plan_visits
from grids.visit_workflow import FindingState
from lib.chain import fingerprint
from lib.roles import Role
from organizations.models import User

_WEEKS = 4
_FORGOTTEN = 17  # every so many grids nobody has been for a while: coverage has something to show
_AT_ONCE = 2000
_LATE = 0.3  # share of targets whose visit is due today, or was some days ago
_SHOPS = ("便利店", "小餐馆", "五金店", "农贸市场", "出租公寓", "小作坊", "网吧", "快递站")
_CARE = ("独居老人王伯家", "独居老人陈姨家", "行动不便李叔家", "困难家庭周家")
_FOUND = (
    ("楼道堆放杂物，已请住户清走", "已清走"),
    ("电动车在楼梯间充电", "已劝离"),
    ("门前垃圾没有分类", "当场指导"),
    ("共享单车占了盲道", "已摆好"),
)
_FOR_OTHERS = (
    ("路口井盖松动，车过有响声", "manhole-cover"),
    ("路灯不亮，晚上看不清台阶", "street-lamp-out"),
    ("下水道堵塞，污水外溢", "drain-blocked"),
    ("墙体有裂缝，砖块掉落", "falling-object"),
)


class Walks:
    """The visits of the demo's last weeks, as they would have come in."""

    def __init__(self, chance: random.Random, *, at: datetime.datetime) -> None:
        self.chance, self.at, self.on = chance, at, timezone.localdate(at)
        self.kinds = {kind.target_kind: kind for kind in VisitKind.objects.order_by("-pk")}
        self.forms = {form.kind_id: form for form in VisitForm.objects.order_by("number")}
        self.workers = self._workers()

    def _workers(self) -> Mapping[int, User]:
        """Key of a grid → who works there."""
        rows = PostTerritory.objects.valid_on(self.on).filter(post__role=Role.GRID_WORKER)
        named = rows.select_related("post__person").order_by("-pk")
        return {row.territory_id: row.post.person for row in named}

    @transaction.atomic
    def walk(self) -> None:
        self._enter_targets()
        visits = list(self._visits())
        for first in range(0, len(visits), _AT_ONCE):
            self._write(visits[first : first + _AT_ONCE])
        VisitPlan.objects.all().delete()  # made before anybody had been there
        plan_visits(on=self.on)
        claim_waiting(at=self.at)

    # -- What is visited -------------------------------------------------------------------------

    def _enter_targets(self) -> None:
        grids = Territory.objects.at_level(Level.GRID).valid_on(self.on).select_related("parent")
        since = self.on - datetime.timedelta(days=200)
        plan_visits(on=self.on)  # each grid is a target now, with a point inside
        of_grids = VisitTarget.objects.filter(kind=TargetKind.GRID)
        inside = {row.grid_id: row.point for row in of_grids}
        rows: list[VisitTarget] = []
        for place, grid in enumerate(grids.order_by("code")):
            if grid.pk in self.workers:
                rows += self._targets_in(grid, inside.get(grid.pk), place, since)
        VisitTarget.objects.bulk_create(rows, batch_size=_AT_ONCE)

    def _targets_in(
        self, grid: Territory, middle: Any, place: int, since: datetime.date
    ) -> Iterator[VisitTarget]:
        shop = self.chance.choice(_SHOPS)
        named = [(TargetKind.KEY_PLACE, f"{grid.name}{shop}", False)]
        named += [
            (TargetKind.DWELLING, f"{number}栋{self.chance.randint(1, 6)}0{number}室", False)
            for number in (1, 2)
        ]
        if place % 3 == 0:
            named.append((TargetKind.PERSON, self.chance.choice(_CARE), True))
        for kind, name, private in named:
            lon, lat = self._near(middle) if middle else (None, None)
            yield VisitTarget(
                kind=kind, name=name, is_private=private, lon=lon, lat=lat, valid_from=since,
                **place_columns(grid),
            )  # fmt: skip

    def _near(self, point: tuple[float, float], *, by: float = 0.0006) -> tuple[float, float]:
        lon, lat = (each + self.chance.uniform(-by, by) for each in point)
        return round(lon, 6), round(lat, 6)

    # -- What was visited ------------------------------------------------------------------------

    def _visits(self) -> Iterator[Visit]:
        targets = VisitTarget.objects.filter(grid__in=self.workers).select_related("grid")
        for number, target in enumerate(targets.order_by("pk")):
            kind = self.kinds.get(target.kind)
            if kind is None:
                continue
            pace = {TargetKind.GRID: 7, TargetKind.PERSON: 7, TargetKind.KEY_PLACE: 14}
            days = pace.get(TargetKind(target.kind), 30)
            weary = target.kind == TargetKind.GRID and number % _FORGOTTEN == 0
            late = self.chance.random() < _LATE
            last = days + self.chance.randint(0, 3) if late else self.chance.randint(0, days - 1)
            last += 40 if weary else 0
            for ago in range(last, last + _WEEKS * 7, days):
                yield self._visit(target, kind, ago)

    def _visit(self, target: VisitTarget, kind: VisitKind, ago: int) -> Visit:
        form = self.forms[kind.pk]
        day = timezone.localtime(self.at) - datetime.timedelta(days=ago)
        at = day.replace(hour=9, minute=0) + datetime.timedelta(minutes=self.chance.randint(0, 480))
        at = min(at, self.at - datetime.timedelta(minutes=self.chance.randint(5, 90)))
        stood = self._near(target.point, by=0.0003) if target.point else None
        return Visit(
            client_key=f"demo-{self.chance.getrandbits(64):016x}", kind=kind, form=form,
            target=target, town_id=target.town_id, community_id=target.community_id,
            grid_id=target.grid_id, is_private=kind.is_private or target.is_private,
            by=self.workers[target.grid_id], at=at,
            received_at=at + datetime.timedelta(minutes=self.chance.choice((0, 0, 1, 45))),
            lon=stood[0] if stood else None, lat=stood[1] if stood else None,
            accuracy_m=self.chance.randint(5, 25) if stood else None,
            distance_m=self.chance.randint(2, 60) if stood else None,
            far_reason="" if stood else "没有定位信号", answers=self._answers(form),
            salt=secrets.token_hex(16),
        )  # fmt: skip

    def _answers(self, form: VisitForm) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for question in form.questions:
            kind = question["type"]
            if kind == QuestionType.YES_NO:
                given[question["key"]] = self.chance.random() < 0.9
            elif kind == QuestionType.CHOICE:
                given[question["key"]] = question["choices"][self.chance.random() > 0.85]
            elif kind == QuestionType.NUMBER:
                given[question["key"]] = self.chance.randint(1, 6)
        return given

    def _write(self, visits: list[Visit]) -> None:
        stored = Visit.objects.bulk_create(visits)
        events = [self._event(visit) for visit in stored]
        VisitEvent.objects.bulk_create(events)
        Visit.objects.bulk_update(stored, ["version", "head"], batch_size=500)
        Finding.objects.bulk_create(filter(None, map(self._finding, stored)))

    def _event(self, visit: Visit) -> VisitEvent:
        said = {"salt": visit.salt, "answers": visit.answers, "note": "", "far": visit.far_reason}
        facts = {
            "at": visit.at.astimezone(datetime.UTC).isoformat(),
            "form": visit.form_id,
            "target": visit.target_id,
            "place": [visit.lon, visit.lat, visit.accuracy_m, visit.distance_m],
            "words": fingerprint(said),
            "findings": [],
            "photos": [],
        }
        event = VisitEvent(
            visit=visit, move="check_in", by=visit.by, at=visit.received_at, facts=facts
        )
        event.seal(previous=None)
        visit.version, visit.head = event.number, event.hash
        return event

    def _finding(self, visit: Visit) -> Finding | None:
        """Most visits find nothing; most of what is found is settled on the spot."""
        recent = self.at - visit.at < datetime.timedelta(days=3)
        if visit.is_private or self.chance.random() > (0.25 if recent else 0.12):
            return None
        at = {
            "client_key": f"{visit.client_key}:0",
            "visit": visit,
            "lon": visit.lon,
            "lat": visit.lat,
        }
        if recent and self.chance.random() < 0.6:
            text, category = self.chance.choice(_FOR_OTHERS)
            state = FindingState.WAITING if self.chance.random() < 0.7 else FindingState.OPEN
            return Finding(text=text, category=category, state=state, **at)
        text, remark = self.chance.choice(_FOUND)
        return Finding(
            text=text, state=FindingState.RESOLVED, remark=remark, decided_by=visit.by,
            decided_at=visit.received_at, **at,
        )  # fmt: skip
