"""Committees of the demo at work: members and terms, a meeting that decided, one that is called,
tasks in every state, and the party's work in new organisations with its gaps."""

import datetime
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.utils import timezone

from cases.models import Photo
from committee.models import (
    AgendaItem,
    Decision,
    Directive,
    Meeting,
    MeetingKind,
    Member,
    NewOrganisation,
    Office,
)
from committee.services import (
    agenda,
    attending,
    directives,
    meetings,
    members,
    publishing,
    two_new,
    voting,
)
from committee.services.directives import Wanted
from committee.services.meetings import Plan
from committee.services.two_new import Facts
from committee.workflow import Choice
from grids.models import Level, Territory
from lib.identifiers import credit_check
from lib.roles import Role
from organizations import services as organizations
from organizations.models import Body, BodyKind, Post, User
from portal.demo.pictures import draw_pictures

DAY = datetime.timedelta(days=1)
_HELD, _AHEAD = 24, 2
# What was decided: verb, task, measure of success, days given, whose it is, how far it came.
_TASKS = (
    ("advance", "整治梅塘路占道经营", "连续两周复查无占道摊档", 18, "law-enforcement", "done"),
    ("coordinate", "会商城中村三线整治分工", "四家单位签署分工表", 15, "planning-construction",
     "late"),
    ("plan", "统筹年内微实事项目清单", "清单经党委会审定并公布", 40, "public-service", "working"),
    ("mobilise", "动员党员参加台风前排查", "每个网格至少三名党员到岗", 30, "emergency", "reported"),
)  # fmt: skip
_POINTS = ("占道经营整治方案", "城中村三线整治", "年内微实事项目", "台风前隐患排查动员")
# Name, kind, people, full members, what has been done for it.
_ORGANISATIONS = (
    ("黄江精工电子有限公司", "economic", 320, 9, "own active"),
    ("黄江恒达物流有限公司", "economic", 85, 3, ""),
    ("黄江鸿运塑胶制品有限公司", "economic", 60, 2, "joint active"),
    ("黄江佳美服饰有限公司", "economic", 45, 1, ""),
    ("黄江众联跨境电商有限公司", "economic", 38, 0, "instructor active"),
    ("黄江顺风快递站", "economic", 26, 0, ""),
    ("黄江阳光律师事务所", "social", 18, 5, "own"),
    ("黄江青苗社会工作服务中心", "social", 22, 4, "own active"),
    ("黄江长者关爱协会", "social", 12, 2, "joint"),
    ("黄江商会", "social", 9, 3, "joint active"),
    ("黄江乐学培训中心", "social", 15, 0, "instructor"),
    ("黄江餐饮行业协会", "social", 6, 1, ""),
)  # fmt: skip


def govern(*, at: datetime.datetime) -> None:
    """Nothing where the town has no secretary who may sign in."""
    secretary = Post.objects.filter(person__username="secretary").with_names().first()
    recorder = Post.objects.filter(person__username="committee").with_names().first()
    if secretary is None or recorder is None:
        return
    demo = _Committee(secretary, recorder, at)
    demo.enter_members()
    demo.found_branch()
    task = demo.meet()
    demo.reach_new_organisations(task)
    demo.call_next()


class _Committee:
    """`body`: the governance committee; `town`: the town's Party committee above it."""

    def __init__(self, secretary: Post, recorder: Post, at: datetime.datetime) -> None:
        self.at, self.system = at, User.objects.system()
        self.town, self.body = secretary.body, recorder.body
        self.secretary, self.recorder = secretary.person, recorder.person
        heads = Post.objects.filter(role=Role.DEPARTMENT_HEAD).with_names().order_by("pk")
        self.heads = {post.body.code.partition("-")[2]: post for post in heads}
        self.since = self.body.valid_from

    def ago(self, days: float) -> datetime.datetime:
        return self.at - datetime.timedelta(days=days)

    def _member(
        self,
        body: Body,
        person: User,
        office: str = Office.NONE,
        since: datetime.date | None = None,
    ) -> Member:
        return members.add_member(
            body, person, since=since or self.since, office=office, by=self.system,
            at=self.ago(_HELD + 5),
        )  # fmt: skip

    def enter_members(self) -> None:
        """Both committees; the town's term ends within half a year, so it is red."""
        long_ago = self.ago(5 * 365 - 100).date()
        others = [post.person for post in list(self.heads.values())[:5]]
        for body in (self.town, self.body):
            self._member(body, self.secretary, Office.SECRETARY, long_ago)
            self._member(body, self.recorder, Office.ORGANISATION, long_ago)
            for person in others:
                self._member(body, person, Office.BOARD, long_ago)
        members.begin_term(self.town, since=long_ago, by=self.system, at=self.ago(_HELD))

    def found_branch(self) -> None:
        """A branch of a grid below the first community's Party committee, and a group in it."""
        above = Body.objects.filter(kind__code="community-party").order_by("code").first()
        workers = Post.objects.filter(role=Role.GRID_WORKER).with_names().order_by("pk")[:5]
        if above is None or len(workers) < 3:
            return
        branch = self._make(above, "grid-party", f"{above.code}-1", "第一网格党支部", "Branch 1")
        group = self._make(branch, "building-party", f"{above.code}-1-1", "一号楼党小组", "Group 1")
        for number, post in enumerate(workers):
            office = Office.NONE if number else Office.SECRETARY
            self._member(branch, post.person, office)
            if number < 3:
                self._member(group, post.person)
        members.begin_term(branch, since=self.since, by=self.system, at=self.ago(_HELD))

    def _make(self, parent: Body, kind: str, code: str, name: str, name_en: str) -> Body:
        return organizations.make_body(
            parent=parent, kind=BodyKind.objects.get(code=kind), code=code, name=name,
            name_en=name_en, valid_from=self.since, by=self.system, at=self.ago(_HELD + 5),
        )  # fmt: skip

    # -- Meetings --------------------------------------------------------------------------------

    def afternoon(self, at: datetime.datetime) -> datetime.datetime:
        """Half past two of that day: committees do not meet at night."""
        local: datetime.datetime = timezone.localtime(at)
        return local.replace(hour=14, minute=30, second=0, microsecond=0)

    def _planned(self, title: str, starts: datetime.datetime, at: datetime.datetime) -> Meeting:
        kind = MeetingKind.objects.held_by(self.body, on=starts.date()).order_by("code")[0]
        plan = Plan(
            title, starts, starts + datetime.timedelta(hours=2), "镇综治中心三楼会议室",
            chair=self.secretary, recorder=self.recorder,
        )  # fmt: skip
        return meetings.plan_meeting(self.body, kind, plan, by=self.system, at=at)

    def meet(self) -> Decision:
        """Held some weeks ago: every point decided, tasks given, published; the last decision."""
        at = self.afternoon(self.ago(_HELD))
        meeting = self._planned("综合治理委员会月度会议", at, at - 3 * DAY)
        for title in _POINTS:
            agenda.add_item(meeting, title=title, by=self.secretary, at=at - 3 * DAY)
        meeting = meetings.call_meeting(meeting, by=self.secretary, at=at - 2 * DAY)
        seats = list(meeting.invitations.order_by("pk"))
        for seat in seats[:-1]:
            attending.check_in(seat, by=self.recorder, at=at)
        meetings.open_meeting(meeting, by=self.secretary, at=at)
        for item, task in zip(meeting.items.order_by("position"), _TASKS, strict=True):
            decision = self._decided(item, at)
            self._given(decision, task, at)
        words = "应到会成员过半数到会，会议有效。各议题经讨论表决通过，见决定事项。"
        meetings.write_minutes(meeting, text=words, by=self.recorder, at=at)
        meetings.close_meeting(meeting, by=self.secretary, at=at)
        meetings.confirm_minutes(meeting, by=self.secretary, at=at + DAY)
        for row in Decision.objects.filter(item__meeting=meeting).order_by("pk")[:2]:
            publishing.publish_decision(
                row, title=row.item.title, text=row.text, by=self.secretary, at=at + 2 * DAY
            )
        return decision

    def _decided(self, item: AgendaItem, at: datetime.datetime) -> Decision:
        """By hands: everybody for it, the last one abstaining."""
        motion = f"同意{item.title}。"
        ballot = voting.open_ballot(item, motion=motion, by=self.recorder, at=at)
        here = list(item.meeting.invitations.entitled().here().order_by("pk"))
        for seat in here:
            choice = Choice.ABSTAIN if seat == here[-1] else Choice.FOR
            voting.vote(ballot, seat, choice, by=self.recorder, at=at)
        ballot = voting.close_ballot(ballot, by=self.recorder, at=at)
        text, basis = f"会议决定：{motion}", "镇综治委议事规则第六条"
        return voting.decide(ballot, text=text, basis=basis, by=self.recorder, at=at)

    def _given(
        self, decision: Decision, task: tuple[str, str, str, int, str, str], at: datetime.datetime
    ) -> None:
        verb, title, measure, days, slug, end = task
        post = self.heads.get(slug)
        if post is None:
            return
        wanted = Wanted(
            verb=verb, title=title, measure=measure, due_on=(at + days * DAY).date(),
            body=post.body,
        )  # fmt: skip
        row = directives.issue(decision, wanted, by=self.recorder, at=at)
        self._worked(row, post.person, end, at)

    def _worked(self, row: Directive, by: User, end: str, at: datetime.datetime) -> None:
        row = directives.accept(row, by=by, at=at + DAY)
        self._progress(row, by, 40, "已制定方案，明确责任分工。", at + 4 * DAY, proof=False)
        if end not in {"done", "reported"}:
            return
        self._progress(row, by, 100, "已全部完成，照片见附件。", at + 12 * DAY, proof=True)
        row = directives.report_back(row, by=by, at=at + 13 * DAY)
        if end == "done":
            directives.confirm(row, by=self.secretary, at=at + 14 * DAY)

    def _progress(
        self, row: Directive, by: User, percent: int, text: str, at: datetime.datetime, *,
        proof: bool,
    ) -> None:  # fmt: skip
        if not proof:
            directives.add_progress(row, percent=percent, text=text, by=by, at=at)
            return
        with default_storage.open(draw_pictures()[Photo.Kind.AFTER].image) as shown:
            files = [(cast("BinaryIO", shown), "整治后.jpg")]
            directives.add_progress(row, percent=percent, text=text, files=files, by=by, at=at)

    def call_next(self) -> None:
        """The next one is called; the open tasks stand on its agenda by themselves."""
        starts = self.afternoon(self.at + _AHEAD * DAY)
        meeting = self._planned("综合治理委员会月度会议", starts, self.ago(1))
        title = "岁末年初安全防范部署"
        agenda.add_item(meeting, title=title, by=self.secretary, at=self.ago(1))
        meetings.call_meeting(meeting, by=self.secretary, at=self.at)

    # -- New organisations -----------------------------------------------------------------------

    def reach_new_organisations(self, decision: Decision) -> None:
        """A register with gaps of every kind; the committee gives one of them a task."""
        places = list(
            Territory.objects.filter(parent__bodies__body=self.town, level=Level.COMMUNITY)
            .order_by("code").distinct()[:3]
        )  # fmt: skip
        if not places:
            return
        rows = [
            self._registered(number, row, places[number % len(places)])
            for number, row in enumerate(_ORGANISATIONS)
        ]
        wanted = Wanted(
            verb="mobilise", title="组织员工参加社区志愿服务", measure="三十人次以上参加",
            due_on=(self.at + 20 * DAY).date(), organisation=rows[4],
        )  # fmt: skip
        directives.issue(decision, wanted, by=self.recorder, at=self.ago(3))

    def _registered(
        self, number: int, row: tuple[str, str, int, int, str], place: Territory
    ) -> NewOrganisation:
        name, kind, staff, full, done = row
        code = f"{'91' if kind == 'economic' else '52'}441900{number + 1:09d}"
        facts = Facts(
            kind=kind, name=name, uscc=code + credit_check(code), community=place, staff=staff,
            party_members=full, contact="综合部", phone="0769-12345",
        )  # fmt: skip
        by, at = self.secretary, self.ago(20)
        made = two_new.register(facts, by=by, at=at)
        since = at.date()
        for form in ("own", "joint"):
            if form in done:
                branch = f"{name}党支部" if form == "own" else f"{place.name}联合党支部"
                two_new.set_up(made, form=form, branch=branch, since=since, by=by, at=at)
        if "instructor" in done:
            until = since + 365 * DAY
            two_new.send_instructor(made, self.recorder, since=since, until=until, by=by, at=at)
        if "active" in done:
            two_new.record_activity(
                made, held_on=self.ago(number + 1).date(), title="主题党日活动",
                attended=5 + full, by=by, at=self.at,
            )  # fmt: skip
        return made
