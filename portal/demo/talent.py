"""Talent of the demo town: courses in every state, certificates, selections from the draft to the
appointment, people who come and go, and levels in the talent teams.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from grids.models import BodyTerritory, Territory
from grids.scopes import communities_of
from lib.roles import Role
from organizations.models import Body, Post, User
from organizations.models.bodies import Nature
from organizations.services import changes, people
from portal.demo.invention import Inventor
from portal.demo.residents import found_residents
from talent.models import (
    Candidate,
    Course,
    Discipline,
    Enrolment,
    Establishment,
    Programme,
    Reason,
    Selection,
    Team,
    TrainingBase,
)
from talent.models.chain import ruled_bodies
from talent.services import candidates, courses, enrolling, judging, selections, shortlisting
from talent.services.courses import Planned
from talent.services.selections import Wanted
from talent.services.staffing import Coming, Going, Standing, enter, leave, set_level

_DAY, _HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
_DISCIPLINES = (
    ("grassroots-governance", "基层治理", "Grassroots governance", "镇党校与高校共建"),
    ("social-work", "社会工作", "Social work", "儿童与长者服务见长"),
    ("emergency-rescue", "应急救援", "Emergency rescue", "三防与消防实训"),
)
_BASES = (
    ("party-school", "镇党校实训基地", "Town party school", "黄江大道", 60),
    ("party-centre", "党群服务中心教学点", "Teaching room of the party centre", "梅塘社区", 24),
)
_PROGRAMMES = (
    ("grid-backbone", "网格骨干培养计划", "Backbone of the grids", "social-work", 120),
    ("skilled-hands", "社区工匠培养计划", "Craftspeople of communities", "skilled", 60),
    ("rural-talent", "乡村经营人才计划", "Managers for the countryside", "rural", 40),
)
# Title, days from now to its beginning, places, how it goes.
_COURSES = (
    ("网格员应急处置实务", -40, 12, "finished"),
    ("社区调解与心理疏导", -12, 8, "running"),
    ("物业纠纷处置工作坊", 9, 3, "open"),
    ("助理社会工作师考前辅导", 20, 40, "open"),
    ("小型消防设施维护", 35, 24, "planned"),
)
_SCORES = (92, 81, 76, 58, 88, 64)
_CRITERIA = {"群众工作": 40, "应急处置": 30, "文字表达": 30}
_WORDS = "在社区服务三年，熟悉网格工作，持有助理社会工作师证书。"


@dataclass(frozen=True, slots=True)
class Town:
    """A community with who organises there and who works there."""

    community: Territory
    body: Body
    member: User
    secretary: User
    workers: list[User]


def learn(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Nothing where no committee reaches a community, or too few people work."""
    town = _town(at=at)
    if town is not None:
        teller = _Teller(town, inventor, at)
        teller.offer()
        for course in _COURSES:
            teller.course(*course)
        for days, until in ((30, "appointed"), (12, "published"), (6, "judging"), (2, "open")):
            teller.selection(days, until)
        teller.staff()


def _town(*, at: datetime.datetime) -> Town | None:
    on = at.date()
    workers = [
        row.person
        for row in Post.objects.valid_on(on)
        .filter(role__in=[Role.COMMUNITY_WORKER, Role.GRID_WORKER])
        .with_names()
        .order_by("pk")
    ]
    rows = BodyTerritory.objects.valid_on(on).filter(body__kind__nature=Nature.COMMUNITY)
    for row in rows.select_related("body", "territory__parent").order_by("territory__code", "pk"):
        member = _holder(Role.COMMITTEE_MEMBER, row, on)
        secretary = _holder(Role.PARTY_SECRETARY, row, on)
        ruled = secretary is not None and row.body_id in ruled_bodies(secretary, on=on)
        if member and secretary and ruled and len(workers) >= len(_SCORES) + 4:
            return Town(row.territory, row.body, member, secretary, workers)
    return None


def _holder(role: Role, row: BodyTerritory, on: datetime.date) -> User | None:
    """Somebody with the role who reaches the community."""
    for post in Post.objects.valid_on(on).filter(role=role).with_names().order_by("pk"):
        reached = communities_of(post.person, {role}, on=on)
        if reached.filter(pk=row.territory_id).exists():
            return post.person
    return None


class _Teller:
    def __init__(self, town: Town, inventor: Inventor, at: datetime.datetime) -> None:
        self.town, self.inventor, self.at = town, inventor, at
        self.residents = found_residents()

    # -- Training ----------------------------------------------------------------------------

    def offer(self) -> None:
        """Disciplines, bases and programmes, of which courses are made."""
        by, at = self.town.secretary, self.at
        since = datetime.date(at.year, 1, 1)
        for code, name, name_en, about in _DISCIPLINES:
            row = Discipline(code=code, name=name, name_en=name_en, about=about, valid_from=since)
            changes.create(row, by=by, at=at)
        for code, name, name_en, address, seats in _BASES:
            base = TrainingBase(
                code=code, name=name, name_en=name_en, address=address, seats=seats,
                valid_from=since,
            )  # fmt: skip
            changes.create(base, by=by, at=at)
        for code, name, name_en, team, count in _PROGRAMMES:
            programme = Programme(
                code=code, name=name, name_en=name_en, team=Team.objects.get(code=team),
                aim="补齐能力短板，持证上岗。", people=count, valid_from=since,
            )  # fmt: skip
            changes.create(programme, by=by, at=at)

    def course(self, title: str, days: int, places: int, until: str) -> None:
        day = timezone.localtime(self.at + days * _DAY)
        begins = day.replace(hour=9, minute=0, second=0, microsecond=0)
        planned_at = min(begins, self.at) - 15 * _DAY
        planned = Planned(
            programme=Programme.objects.order_by("code")[places % 3],
            base=TrainingBase.objects.get(code="party-school"), body=self.town.body,
            teacher=self.town.workers[-1], title=title, starts_at=begins,
            ends_at=begins + 32 * _HOUR, sign_up_until=begins - _DAY, hours=16, attend_hours=12,
            places=places, about="讲授与现场演练相结合，结业考核合格者发证。",
        )  # fmt: skip
        member = self.town.member
        made = courses.plan_course(planned, self.town.community, by=member, at=planned_at)
        if until == "planned":
            return
        courses.open_course(made, by=member, at=planned_at + _HOUR)
        rows = self._enrol(made, min(places - 1, len(_SCORES)), at=planned_at + _DAY)
        if until in {"running", "finished"}:
            self._examine(made, rows if until == "finished" else rows[:2])
        if until == "finished":
            courses.finish_course(made, by=member, at=made.ends_at + 3 * _DAY)

    def _enrol(self, course: Course, count: int, *, at: datetime.datetime) -> list[Enrolment]:
        learners = [*self.town.workers[: count - 1], *self.residents[:1]]
        return [
            enrolling.enrol(course, name=person.full_name or "李小明", by=person, at=at)
            for person in learners
        ]

    def _examine(self, course: Course, rows: list[Enrolment]) -> None:
        teacher, after = course.teacher, course.ends_at
        for row, score in zip(rows, _SCORES, strict=False):
            enrolling.note_attendance(row, hours=16, by=teacher, at=after)
            enrolling.grade(row, score=score, by=teacher, at=after + _DAY)

    # -- Selection ---------------------------------------------------------------------------

    def selection(self, days: int, until: str) -> None:
        """Begun so many days ago, open for three days, published for a week."""
        town, begun = self.town, self.at - days * _DAY
        wanted = Wanted(
            body=town.body, role=Role.GRID_WORKER, team=Team.objects.get(code="social-work"),
            title=f"{town.community.name}专职网格员选拔（{begun:%m月%d日}）", places=1,
            terms="大专以上学历，熟悉本社区，持有助理社会工作师证书者优先。",
            apply_until=begun + 3 * _DAY,
        )  # fmt: skip
        made = selections.draft_selection(wanted, town.community, by=town.member, at=begun)
        selections.set_criteria(made, _CRITERIA, by=town.member, at=begun)
        for person in town.workers[-4:-1]:
            selections.name_judge(made, person, by=town.member, at=begun)
        selections.open_selection(made, by=town.member, at=begun)
        rows = self._apply(made, at=begun + _DAY)
        if until == "open":
            return
        made = selections.close_selection(made, by=town.member, at=made.apply_until)
        if until != "judging":
            self._judge(made, rows, decides=until == "appointed")

    def _apply(self, selection: Selection, *, at: datetime.datetime) -> list[Candidate]:
        people = [self._newcomer(at), self._newcomer(at)]
        return [
            candidates.apply(selection, name=one.full_name, statement=_WORDS, by=one, at=at)
            for one in people
        ]

    def _newcomer(self, at: datetime.datetime) -> User:
        """Somebody with an account and no post yet."""
        name, name_en = self.inventor.name()
        number = User.objects.count()
        return people.make_person(
            username=f"applicant-{number}", full_name=name, full_name_en=name_en,
            by=User.objects.system(), at=at,
        )  # fmt: skip

    def _judge(self, selection: Selection, rows: list[Candidate], *, decides: bool) -> None:
        town, at = self.town, selection.apply_until + _DAY
        for number, row in enumerate(rows):
            for judge in selection.judges.select_related("person").order_by("pk"):
                points = {
                    one.pk: one.points - 3 - number * 4 - judge.pk % 3
                    for one in selection.criteria.all()
                }
                judging.give_scores(row, points, by=judge.person, at=at)
        made = shortlisting.publish(selection, days=7, by=town.member, at=at)
        objector = self.residents[0] if self.residents else town.workers[0]
        raised = shortlisting.object_to(
            rows[0], text="请核实其在本社区服务的年限。", by=objector, at=at + _DAY
        )
        if decides and made.objections_until is not None:
            reason = "已核对服务记录，满三年，予以保留。"
            shortlisting.answer(
                raised, upheld=False, reason=reason, by=town.member, at=at + 2 * _DAY
            )
            over = made.objections_until + _HOUR
            shortlisting.decide(made, by=town.secretary, at=over)
            shortlisting.appoint(rows[0], valid_from=over.date(), by=town.secretary, at=over)

    # -- Staff -------------------------------------------------------------------------------

    def staff(self) -> None:
        """One more wanted than there is; somebody came and went; levels of who works here."""
        town, at = self.town, self.at
        since = at.date() - 200 * _DAY
        for role in (Role.GRID_WORKER, Role.COMMUNITY_WORKER):
            held = Post.objects.valid_on(at.date()).filter(body=town.body, role=role).count()
            row = Establishment(
                body=town.body, role=role, places=held + 1, valid_from=since,
                basis="社区工作者配备标准",
            )  # fmt: skip
            changes.create(row, by=town.secretary, at=at)
        coming = Coming(town.body, Role.COMMUNITY_WORKER, Reason.RECRUITED, since)
        post = enter(self._newcomer(at), coming, by=town.secretary, at=at - 200 * _DAY)
        going = Going(Reason.RESIGNED, at.date() - 20 * _DAY, "回乡创业")
        leave(post, going, by=town.secretary, at=at - 20 * _DAY)
        self._levels(since)

    def _levels(self, since: datetime.date) -> None:
        team = Team.objects.get(code="social-work")
        levels = list(team.levels.order_by("rank"))
        ruled = ruled_bodies(self.town.secretary, on=self.at.date())
        posts = Post.objects.valid_on(self.at.date()).filter(body__in=ruled)
        led = [one for one in self.town.workers if posts.filter(person=one).exists()]
        for number, person in enumerate(led[:9]):
            wanted = Standing(team, levels[number % 2], since, "职业水平证书")
            set_level(person, wanted, by=self.town.secretary, at=self.at)
