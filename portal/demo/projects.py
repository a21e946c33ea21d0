"""Three project calls of the demo town's first community: carried out, in voting, collecting."""

import datetime
import hashlib
from typing import Any, BinaryIO, TypeVar, cast

from django.core.files.storage import default_storage
from django.db.models import Model

from cases.models import Photo
from consultation.commitment_notifications import holders_here
from consultation.models import Commitment, Idea, ProjectCall
from consultation.services import carrying, committing
from consultation.services import projects as services
from consultation.services.rating import rate
from funding.models import Line
from grids.models import BodyTerritory, Boundary, Level
from lib.roles import Role
from organizations.models import Body, Post, User
from portal.demo.pictures import draw_pictures

_Row = TypeVar("_Row", bound=Model)
_DAY = datetime.timedelta(days=1)
_YUAN = 100
# title, why, place, cost in yuan; None: the department found that it cannot be done.
_LAST = (
    ("中心公园加装座椅", "老人散步走累了没有地方坐。", "中心公园北门", 8_000),
    ("学校门口画减速标线", "早晚接送时车速太快。", "小学正门", 12_000),
    ("文化室添置空调", "夏天排练太热。", "社区文化室", 18_000),
    ("河边步道加路灯", "晚上太黑，跳广场舞的不敢去。", "河边步道", 26_000),
    ("篮球场地面翻新", "地面开裂，容易摔跤。", "灯光球场", 45_000),
    ("在小区中庭建游泳池", "孩子们夏天想游泳。", "小区中庭", None),
)
_NOW = (
    ("菜市场门口装雨棚", "下雨天买菜没处躲。", "农贸市场东门", 22_000),
    ("电动车充电棚", "楼道充电太危险。", "3 栋旁空地", 28_000),
    ("长者饭堂加扶手", "地面湿滑，老人怕摔。", "长者饭堂", 6_000),
    ("儿童游乐角换地垫", "地垫破了，孩子绊倒过。", "中心公园", 9_000),
    ("旧衣回收点", "旧衣服没处放。", "社区服务中心旁", 5_000),
)
_NEXT = (
    ("公交站加遮阳棚", "夏天等车太晒。", "公交站", 15_000),
    ("修补人行道", "盲道断了一截。", "主街", 20_000),
)


def call_for_projects(*, at: datetime.datetime) -> None:
    """Nothing where the town has no host (account `host`) with a line."""
    host = User.objects.filter(username="host").first()
    post = Post.objects.filter(person=host, role=Role.CONSULTATION_HOST).first() if host else None
    if host is None or post is None:
        return
    maker = _Caller(host, post.body)
    if maker.line is None or maker.community is None or not maker.helpers:
        return
    maker.carried(at - 75 * _DAY, at)
    maker.voting(at - 24 * _DAY, at)
    maker.collecting(at - 4 * _DAY)


class _Caller:
    """Makes calls of one community with the people who have accounts."""

    def __init__(self, host: User, body: Body) -> None:
        self.host, self.body = host, body
        covered = BodyTerritory.objects.filter(body=body, territory__level=Level.COMMUNITY)
        first = covered.select_related("territory").first()
        self.community = first.territory if first else None
        self.outline = Boundary.objects.filter(territory=self.community, valid_to=None).first()
        self.line = Line.objects.filter(body=body).order_by("pk").first()
        posts = Post.objects.filter(body=body).select_related("person").order_by("pk")
        self.worker = next((row.person for row in posts if row.role == Role.COMMUNITY_WORKER), host)
        self.head = next((row.person for row in posts if row.role == Role.DEPARTMENT_HEAD), None)
        self.helpers = [row.person for row in posts if row.role == Role.GRID_WORKER]
        self.people = list(User.objects.filter(is_resident=True).order_by("pk")[:12])

    def call(self, title: str, budget: int, at: datetime.datetime, ideas_until: datetime.datetime,
             ) -> ProjectCall:  # fmt: skip
        if self.line is None:
            raise TypeError("asked without a line")
        purpose = self.line.purposes.select_related("purpose").order_by("pk")[0].purpose
        made = services.make_call(
            by=self.host, at=at, title=title,
            text="钱不多，办身边的小事。请说说您希望社区添什么、修什么、改什么。",
            body=self.body, community=self.community, line=self.line, purpose=purpose,
            budget=budget * _YUAN, most_choices=3, ideas_until=ideas_until,
        )  # fmt: skip
        return services.publish_call(made, by=self.host, at=at)

    def ideas(self, call: ProjectCall, rows: tuple[tuple[str, str, str, int | None], ...],
              at: datetime.datetime) -> list[Idea]:  # fmt: skip
        found = []
        for index, (title, text, place, cost) in enumerate(rows):
            author = self.people[index % len(self.people)] if self.people and index % 2 else None
            said: dict[str, Any] = {} if author else {"contact_name": f"居民{index + 1}"}
            key = hashlib.sha256(f"{call.pk}{title}".encode()).hexdigest()[:32]
            found.append(
                services.bring_idea(
                    call,
                    title=title,
                    text=text,
                    place=place,
                    key=key,
                    by=author or self.worker,
                    at=at + index * _DAY / 8,
                    guess=cost and cost * _YUAN,
                    **self._point(index),
                    **said,
                )
            )
        return found

    def _point(self, index: int) -> dict[str, Any]:
        """In the middle of the community, each a little further on: the map has them all."""
        if self.outline is None:
            return {}
        west, east = self.outline.west, self.outline.east
        south, north = self.outline.south, self.outline.north
        across, along = 0.4 + index % 3 * 0.1, 0.4 + index // 3 * 0.1
        return {"lon": west + across * (east - west), "lat": south + along * (north - south)}

    def worked_out(self, call: ProjectCall, rows: tuple[tuple[str, str, str, int | None], ...],
                   at: datetime.datetime) -> list[Idea]:  # fmt: skip
        """Taken up, costed by the community's own director, or ruled out."""
        done = []
        for brought, (_title, _text, _place, cost) in zip(
            self.ideas(call, rows, at), rows, strict=True
        ):
            later = at + 2 * _DAY
            services.admit_idea(brought, reason="属于征集范围", by=self.host, at=later)
            idea = services.ask_department(_fresh(brought), self.body, by=self.host, at=later)
            who = self.head or self.worker
            if cost is None:
                services.rule_out_idea(idea, reason="场地不符合安全规定", by=who, at=later)
            else:
                services.estimate_idea(
                    idea, estimate=cost * _YUAN, reason="现场看过，可以做", by=who, at=later
                )
                done.append(_fresh(idea))
        return done

    def vote(self, call: ProjectCall, ideas: list[Idea], at: datetime.datetime) -> None:
        for index, person in enumerate(self.people):
            chosen = [ideas[(index * step) % len(ideas)] for step in (1, 2, 3)]
            services.choose(call, list(dict.fromkeys(chosen)), by=person, at=at + index * _DAY / 24)

    def carried(self, begun: datetime.datetime, at: datetime.datetime) -> None:
        call = self.call("去年的民生微实事", 70_000, begun, begun + 10 * _DAY)
        ideas = self.worked_out(call, _LAST, begun + _DAY)
        opened = begun + 10 * _DAY
        call = services.close_ideas(call, by=User.objects.system(), at=opened)
        call = services.open_vote(call, votes_until=opened + 7 * _DAY, by=self.host, at=opened)
        self.vote(call, ideas, opened + _DAY)
        decided = opened + 7 * _DAY
        call = services.close_vote(call, by=User.objects.system(), at=decided)
        due = (at + 20 * _DAY).date()
        promised = services.commit_chosen(call, due_on=due, by=self.host, at=decided + _DAY)
        for index, commitment in enumerate(promised):
            self.carry_out(commitment, index, decided + 2 * _DAY, at)

    def carry_out(
        self, commitment: Commitment, index: int, begun: datetime.datetime, at: datetime.datetime
    ) -> None:
        """The first is done and rated, the second waits to be checked, the third is overdue."""
        who = self.head or self.worker
        if index > 2:
            return
        carrying.begin_work(commitment, by=who, at=begun)
        carrying.step_on(commitment, share=40, by=who, at=begun + 3 * _DAY, note="材料已到场")
        if index == 2:
            Commitment.objects.filter(pk=commitment.pk).update(
                promised_on=(at - 6 * _DAY).date(), due_on=(at - 6 * _DAY).date()
            )
            late = _fresh(commitment)
            watchers = holders_here({Role.SUPERVISOR}, late, at=at)
            if watchers:
                committing.supervise(late, note="请三天内说明原因", by=watchers[0], at=at - _DAY)
            return
        with default_storage.open(draw_pictures()[Photo.Kind.AFTER].image) as picture:
            carrying.add_photo(
                commitment,
                cast("BinaryIO", picture),
                words="完工现场（示意）",
                by=who,
                at=begun + 12 * _DAY,
            )
        kept = commitment.hold.amount if commitment.hold else None
        cost = kept - kept // 20 if kept else None
        carrying.report(
            commitment, proof="现场已验收，居民代表签字", actual=cost, by=who, at=begun + 13 * _DAY
        )
        if index == 0:
            carrying.confirm(commitment, by=self.host, at=begun + 14 * _DAY)
            for number, person in enumerate(self.people):
                rate(commitment, stars=5 - number % 3, by=person, at=begun + 15 * _DAY)

    def voting(self, begun: datetime.datetime, at: datetime.datetime) -> None:
        call = self.call("今年下半年民生微实事", 50_000, begun, begun + 14 * _DAY)
        ideas = self.worked_out(call, _NOW, begun + _DAY)
        opened = begun + 15 * _DAY
        call = services.close_ideas(call, by=User.objects.system(), at=opened)
        call = services.open_vote(call, votes_until=at + 5 * _DAY, by=self.host, at=opened)
        self.vote(call, ideas, opened + _DAY)

    def collecting(self, begun: datetime.datetime) -> None:
        call = self.call("明年的民生微实事", 40_000, begun, begun + 21 * _DAY)
        ideas = self.ideas(call, _NEXT, begun + _DAY)
        services.admit_idea(ideas[0], reason="属于征集范围", by=self.host, at=begun + 2 * _DAY)


def _fresh(row: _Row) -> _Row:
    """The same row again, as it is now."""
    return cast("_Row", row._meta.default_manager.get(pk=row.pk))  # type: ignore[union-attr]  # every table of ours has one
