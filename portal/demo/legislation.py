"""Local regulations of the demo on their way: from the suggestion to the comments on a draft."""

import datetime

from cases.models import Case, Topic
from consultation.models import Consultation
from lib.roles import Role
from organizations.models import Body, Post, User
from oversight.models import Legislation
from oversight.models.legislation import Subject
from oversight.services import legislating
from oversight.services.legislating import Proposed
from talent.models.chain import ruled_bodies

_DAY = datetime.timedelta(days=1)
_MATTER = "电动车"
_TO_DRAFT = ("justify", "plan", "schedule", "draft")


def legislate(*, at: datetime.datetime) -> None:
    """Nothing where no committee drafts."""
    posts = Post.objects.valid_on(at.date()).filter(role=Role.COMMITTEE_MEMBER)
    post = posts.with_names().order_by("pk").first()
    if post is not None and post.body_id in ruled_bodies(post.person, on=at.date()):
        _Teller(post.person, post.body, at).tell()


class _Teller:
    def __init__(self, member: User, body: Body, at: datetime.datetime) -> None:
        self.member, self.body, self.at = member, body, at

    def tell(self) -> None:
        self._charging()
        self._walk(
            "农村自建房报建管理办法",
            Subject.BUILDING,
            150,
            _TO_DRAFT,
            summary="报建流程环节多，无证动工屡禁不止，拟统一受理、限时办结、现场公示。",
        )
        self._walk(
            "社区社会组织培育和监督办法",
            Subject.SOCIAL,
            90,
            ("justify", "plan", "schedule"),
            summary="社区社会组织备案多、活跃少，拟明确场地、经费和退出办法。",
        )
        self._walk(
            "社区应急第一响应人管理规定",
            Subject.EMERGENCY,
            20,
            ("justify",),
            summary="先期处置缺少人员和装备标准，拟规定培训、保险和补贴。",
        )
        self._walk(
            "社会工作者职业保障若干规定",
            Subject.SOCIAL_WORK,
            8,
            (),
            summary="薪酬与等级脱节，流动率高，拟建立等级薪酬和继续教育制度。",
        )

    def _walk(
        self, title: str, subject: str, days: int, moves: tuple[str, ...], *, summary: str
    ) -> Legislation:
        """Begun so many days ago, and moved on in even steps."""
        begun = self.at - days * _DAY
        proposed = Proposed(title=title, subject=subject, summary=summary, body=self.body)
        row = legislating.begin_file(proposed, by=self.member, at=begun)
        for number, name in enumerate(moves, start=1):
            when = begun + number * days * _DAY / (len(moves) + 1)
            row = legislating.advance(row, name, by=self.member, at=when)
        return row

    def _charging(self) -> None:
        """The one whose draft residents comment on, with the cases that it answers."""
        row = self._walk(
            "黄江镇出租屋电动车停放充电管理规定", Subject.PROPERTY, 240, _TO_DRAFT,
            summary="电动车入户停放、飞线充电，火灾隐患多；拟规定停放地点、充电设施、出租人责任和处置。",
        )  # fmt: skip
        found = Consultation.objects.published().exclude(drafts=None).order_by("pk").first()
        for topic in Topic.objects.filter(title__contains=_MATTER).hottest_first()[:2]:
            legislating.attach(row, topic, note="同类问题集中反映", by=self.member, at=self.at)
        seen = Case.objects.visible_to(self.member, on=self.at.date())
        for case in seen.filter(text__contains=_MATTER).order_by("pk")[:2]:
            legislating.attach(row, case, note="现行规定没有处理依据", by=self.member, at=self.at)
        if found is not None:
            legislating.set_consultation(row, found, by=self.member, at=self.at)
            legislating.advance(row, "consult", by=self.member, at=self.at)
