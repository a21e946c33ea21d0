"""Sessions and votes of the demo: a vote of owners open right now, a secret one counted with its
papers, a session under way, a hearing held and one to come.

Everything comes by the services, at moments before now: the notice has stood its days, people have
checked in, papers were counted by two.
"""

import datetime
from collections.abc import Sequence

from consultation.models import Blueprint, Consultation, Minutes, Session, Vote
from consultation.services import (
    attending,
    counting,
    minutes,
    printing,
    publishing,
    sessions,
    stages,
    voting,
)
from consultation.services.sessions import Guest, Plan, Point
from consultation.services.voting import Question
from consultation.workflow import StageKind
from grids.models import BodyTerritory, Claim, Entitled, Roll
from grids.scopes import given_to_body
from grids.services import rolls
from grids.services.roll_files import read_roll
from lib.roles import Role
from organizations.models import Post, User
from portal.demo.residents import found_residents

ESTATE = "富康花园"
_SURNAMES = "陈李张黄刘梁林王吴何郑谢"
_GIVEN = ("伟强", "晓芳", "志明", "秀英", "建国", "丽华", "家豪", "美玲", "文杰", "淑珍")
_FLOORS, _DOORS = 9, 4
_VOTED = 19  # of those who vote online, until now
_MEMBERS, _CAME, _ON_PAPER = 12, 10, 4  # of the appraisal

_RESULTS = {"result": "无记名测评，到会 10 人，满意 8 票、不满意 2 票。不满意的事项一个月内说明。"}


def hold(*, at: datetime.datetime) -> None:
    """Nothing where the demo has no host or no form of consultation."""
    host = Post.objects.filter(role=Role.CONSULTATION_HOST).with_names().order_by("pk").first()
    if host is None or not Blueprint.objects.filter(code__in=["owners", "hearing"]).exists():
        return
    told = _Teller(host, at)
    told.owners_vote()
    told.hearing()
    for code, tell in (("appraisal", told.appraisal), ("estate", told.under_way)):
        if Blueprint.objects.filter(code=code).exists():
            tell()


class _Teller:
    """Tells what a host of one community has done in the last weeks."""

    def __init__(self, host: Post, at: datetime.datetime) -> None:
        self.host, self.body, self.at = host.person, host.body, at
        given = given_to_body(host.body_id, on=at.date())
        territory = BodyTerritory.objects.filter(territory__in=given).select_related("territory")
        self.community = territory.filter(territory__level="community").order_by("pk")[0].territory
        worker = Post.objects.filter(body=host.body, role=Role.COMMUNITY_WORKER).with_names()
        self.worker = worker.order_by("pk")[0].person

    def ago(self, **delta: float) -> datetime.datetime:
        return self.at - datetime.timedelta(**delta)

    # -- What stands before ------------------------------------------------------------------

    def _begun(self, code: str, title: str, text: str, at: datetime.datetime) -> Consultation:
        form = Blueprint.objects.filter(code=code).latest("valid_from")
        made = stages.draft(
            form, title=title, text=text, body=self.body, town=self.community.parent,
            community=self.community, by=self.host, at=at,
        )  # fmt: skip
        return stages.start(made, by=self.host, at=at)

    def _bring(self, found: Consultation, kind: str, at: datetime.datetime) -> datetime.datetime:
        """Through the stages before `kind`, each with what it publishes; when it got there."""
        while True:
            found.refresh_from_db()
            if found.stage is None or found.stage.kind == kind:
                return at
            for row in found.stage.required.all():
                self._publish(found, row.kind, at)
            if found.stage.needs_party:
                stages.review(found, passed=True, reason="程序合规", by=self._party(), at=at)
            at += datetime.timedelta(days=16)
            stages.advance(found, by=self.host, at=at)

    def _publish(self, found: Consultation, kind: str, at: datetime.datetime) -> None:
        words = {"notice": "公告", "materials": "材料", "result": "结果公示"}.get(kind, "公开")
        text = f"{found.title}{words}。{_RESULTS.get(kind, found.text)}"
        paper = publishing.prepare(
            found, kind, title=f"{found.title}（{words}）", text=text, by=self.host, at=at
        )
        publishing.release(
            paper, public_text=paper.draft.public_text, by=self.host, at=at, confirmed=True
        )

    def _party(self) -> User:
        posts = Post.objects.filter(role=Role.PARTY_SECRETARY).with_names().order_by("-pk")
        return posts[0].person

    # -- Owners vote, right now --------------------------------------------------------------

    def owners_vote(self) -> None:
        began = self.ago(days=20)
        found = self._begun(
            "owners", f"{ESTATE} 3 栋加装电梯费用分担", "按楼层系数分担，首层不出资。", began
        )
        self._bring(found, StageKind.VOTE, began)
        roll = self._roll(began)
        asked = Question(
            "是否同意 3 栋加装电梯，并按楼层系数分担费用？", Vote.Unit.OWNER,
            self.at + datetime.timedelta(days=4), roll=roll,
        )  # fmt: skip
        vote = voting.draft_vote(found, asked, by=self.host, at=self.ago(days=3))
        vote = voting.open_vote(vote, by=self.host, at=self.ago(days=3))
        options = list(vote.options.all())
        # One of the residents who may sign in has not voted yet: the page waits for them.
        for number, right in enumerate(vote.entitlements.order_by("pk")[1 : _VOTED + 1]):
            answer = options[0 if number % 5 < 3 else 1 if number % 5 == 3 else 2]
            voting.cast(
                vote, right, answer, by=self.worker, at=self.ago(days=2) + _minutes(17 * number)
            )
        printing.print_papers(vote, by=self.worker, at=self.ago(days=1))
        waiting = vote.entitlements.filter(voted_at=None).order_by("-pk")[:4]
        for right in waiting:
            printing.hand_paper(right, by=self.worker, at=self.ago(hours=5))

    def _roll(self, at: datetime.datetime) -> Roll:
        lines = ["房号,面积,姓名,身份证后四位"]
        for floor in range(1, _FLOORS + 1):
            for door in range(1, _DOORS + 1):
                number = floor * _DOORS + door
                surname = _SURNAMES[number % len(_SURNAMES)]
                name = surname + _GIVEN[number % len(_GIVEN)]
                area = f"{68 + door * 12}.{floor}{door}"
                lines.append(f"3栋{floor}0{door},{area},{name},{1000 + number}")
        file = read_roll("\n".join(lines).encode(), name="富康花园业主名册.csv")
        options = rolls.RollOptions(self.community, "owners", ESTATE)
        roll = rolls.import_roll(file, options, by=self.worker, at=at).roll
        if roll is None:
            raise LookupError("the demo's roll was not taken")
        self._claim(roll, found_residents(), at)
        return roll

    def _claim(self, roll: Roll, people: Sequence[User], at: datetime.datetime) -> None:
        for person in people[-1:]:
            place = Entitled.objects.filter(dwelling__roll=roll).order_by("pk")[0]
            if not Claim.objects.filter(person=person, ended_at=None).exists():
                rolls.confirm_claim(place, person, by=self.worker, at=at)

    # -- A hearing that was held, one to come ------------------------------------------------

    def hearing(self) -> None:
        began = self.ago(days=45)
        found = self._begun(
            "hearing", "菜市场改造期间临时疏导点选址", "改造四个月，临时点设在何处，交通怎样安排。",
            began,
        )  # fmt: skip
        there = self._bring(found, StageKind.SESSION, began)
        first = self._planned(found, "第一次听证会", there + datetime.timedelta(days=8), there)
        self._hold_it(first)
        self._planned(
            found, "第二次听证会", self.at + datetime.timedelta(days=8), self.ago(minutes=5)
        )

    def _planned(
        self, found: Consultation, title: str, starts: datetime.datetime, at: datetime.datetime
    ) -> Session:
        plan = Plan(title, starts, starts + datetime.timedelta(hours=2), self._hall())
        session = sessions.plan_session(found, plan, by=self.host, at=at)
        for point, length in (("方案说明", 20), ("各方意见", 60), ("专家意见", 20)):
            sessions.add_item(session, Point(point, length), by=self.host, at=at)
        wanted = found.stage.must_take_part if found.stage else []
        sessions.invite(session, _guests(wanted, 2 * len(wanted)), by=self.host, at=at)
        if residents := found_residents():
            mine = Guest(residents[-1].full_name, wanted[0], residents[-1])
            sessions.invite(session, [mine], by=self.host, at=at)
        return session

    def _hold_it(self, session: Session) -> None:
        at = session.starts_at
        sessions.open_session(session, by=self.host, at=at)
        rows = list(session.invitations.order_by("pk"))
        attending.recuse(rows[-1], reason="其亲属承租临时摊位", by=self.host, at=at)
        for row in rows[:-2]:
            attending.check_in_by_clerk(row, by=self.worker, at=at)
        for row, stance, text in (
            (rows[0], "for", "临时点离公交站近，老人买菜方便。"),
            (rows[1], "against", "早高峰会堵，应当错开送货时间。"),
        ):
            said = {"stance": stance, "text": text, "item": None}
            attending.take_down(row, said, by=self.worker, at=at + _minutes(30))
        sessions.close_session(session, by=self.host, at=at + _minutes(110))
        text = "市场方说明两处备选。代表认为近公交站的一处方便老人，但早高峰须错开送货。"
        self._minutes_of(session, text, at + _minutes(120))

    # -- A secret vote that was counted, with papers -----------------------------------------

    def appraisal(self) -> None:
        began = self.ago(days=33)
        found = self._begun(
            "appraisal", "2026 年度居委会工作民主评议", "听取述职，无记名测评。", began
        )
        there = self._bring(found, StageKind.VOTE, began)
        starts = there + datetime.timedelta(days=8)
        plan = Plan("民主评议会", starts, starts + datetime.timedelta(hours=2), self._hall())
        session = sessions.plan_session(found, plan, by=self.host, at=there)
        wanted = found.stage.must_take_part if found.stage else []
        sessions.invite(session, _guests(wanted, _MEMBERS), by=self.host, at=there)
        session = sessions.open_session(session, by=self.host, at=starts)
        for row in session.invitations.order_by("pk")[:_CAME]:
            attending.check_in_by_clerk(row, by=self.worker, at=starts)
        vote = self._vote_in(session, starts + _minutes(60))
        self._count(vote, starts + _minutes(80))
        text = "居委会述职。与会人员无记名测评，当场由两人分别计票，结果宣布后无人提出异议。"
        sessions.close_session(session, by=self.host, at=starts + _minutes(100))
        done = self._minutes_of(session, text, starts + _minutes(100))
        stages.advance(found, by=self.host, at=done)
        self._publish(found, "result", done + _minutes(60))

    def _vote_in(self, session: Session, at: datetime.datetime) -> Vote:
        asked = Question(
            "对居委会 2026 年度工作是否满意？", Vote.Unit.PERSON, at + _minutes(20),
            is_secret=True, session=session,
            answers=(("满意", "Content", True), ("不满意", "Not content", False)),
        )  # fmt: skip
        vote = voting.draft_vote(session.consultation, asked, by=self.host, at=at)
        return voting.open_vote(vote, by=self.host, at=at)

    def _count(self, vote: Vote, closes: datetime.datetime) -> None:
        """Some voted beside the clerk, some on paper; two people read the papers."""
        at, options = closes - _minutes(10), list(vote.options.all())
        rights = list(vote.entitlements.order_by("pk")[:_CAME])
        for number, right in enumerate(rights[_ON_PAPER:]):
            voting.cast(vote, right, options[number % 5 == 4], by=self.worker, at=at)
        printed = printing.print_papers(vote, number=_ON_PAPER + 2, by=self.worker, at=at)
        for right in rights[:_ON_PAPER]:
            printing.hand_paper(right, by=self.worker, at=at)
        vote = voting.close_vote(vote, by=self.host, at=closes)
        for counter in (self.worker, self.host):
            count = counting.begin_count(vote, by=counter, at=closes)
            for number, paper in enumerate(printed[:_ON_PAPER]):
                counting.read_paper(count, paper.code, options[number == 1], by=counter)
            counting.close_count(count, by=counter, at=closes)
        counting.judge(vote, by=self.host, at=closes + _minutes(5))

    def _minutes_of(self, session: Session, text: str, at: datetime.datetime) -> datetime.datetime:
        """Written, laid out for a day, final and published; when that was done."""
        paper = minutes.write(Minutes.objects.get(session=session), text, by=self.worker, at=at)
        done = at + datetime.timedelta(days=1)
        minutes.lay_out(paper, until=done, by=self.host, at=at + _minutes(30))
        paper.refresh_from_db()
        final = minutes.finish(paper, by=self.host, at=done)
        if final.publication is not None:
            words = final.publication.draft.public_text
            publishing.release(
                final.publication, public_text=words, by=self.host, at=done, confirmed=True
            )
        return done

    # -- A session under way -----------------------------------------------------------------

    def under_way(self) -> None:
        began = self.ago(days=50)
        found = self._begun(
            "estate", f"{ESTATE} 非机动车棚改造", "车棚加装充电桩和喷淋，费用与管理方案。", began
        )
        there = self._bring(found, StageKind.SESSION, began)
        starts = self.ago(minutes=40)
        session = self._planned(found, "小区协商会", starts, min(there, self.ago(days=9)))
        session = sessions.open_session(session, by=self.host, at=starts)
        rows = list(session.invitations.order_by("pk"))
        for number, row in enumerate(rows[:-3]):
            attending.check_in_by_clerk(row, by=self.worker, at=starts + _minutes(number))
        said = {"stance": "for", "text": "充电桩装在东侧，离楼远，先解决喷淋。", "item": None}
        attending.take_down(rows[0], said, by=self.worker, at=self.ago(minutes=20))
        minutes.write(
            session.minutes, "物业介绍改造方案。代表提出充电桩装在东侧。", by=self.worker,
            at=self.ago(minutes=10),
        )  # fmt: skip

    def _hall(self) -> str:
        return f"{self.community}会议室"


def _guests(wanted: Sequence[str], number: int) -> list[Guest]:
    """Invented people, in turn for each part that must take part."""
    names = [f"{surname}{given}" for given in _GIVEN for surname in _SURNAMES]
    step = len(_SURNAMES) + 1
    return [
        Guest(names[place * step % len(names)], wanted[place % len(wanted)])
        for place in range(number)
    ]


def _minutes(number: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=number)
