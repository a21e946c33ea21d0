"""Volunteers of the demo: people, teams, shifts of the last weeks and to come, a list that waits.

Everything comes by the services, at moments before now, in the towns that have two organisers:
one makes the activities, the other looks at them.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from cases.models import SUBJECT, Case
from grids.locate import Place
from grids.models import Territory
from lib.errors import RuleViolation
from lib.identifiers import resident_check
from lib.roles import Role
from organizations.models import Post, Skill, User
from organizations.services import residents
from portal.demo.invention import Inventor
from portal.demo.residents import found_residents
from portal.demo.world import Spot, World
from volunteers import services
from volunteers.models import Activity, Organisation, Shift, Topic, Volunteer
from volunteers.services import Offer, Wanted

_PEOPLE = 28
_HOUR, _DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
_MORNING, _NOON = datetime.time(8), datetime.time(12)
# Telephone numbers of nobody, apart from those that the inventor gives out.
_NUMBER = "199999800{:02d}"


@dataclass(frozen=True, slots=True)
class Work:
    """An activity: `days` from now on which it has shifts, at `hour`, for so many `hours`."""

    title: str
    title_en: str
    summary: str
    topic: str
    days: Sequence[int]
    hour: int
    hours: int
    places: int
    danger: str = "none"
    risks: str = ""
    min_age: int = 0


_WORK = (
    Work("陪独居老人聊天", "Time for older people", "上门陪独居老人聊天、代买日用品。",
         "elderly", (-21, -14, -7, 7, 14), 9, 2, 6),
    Work("周末河岸清洁", "River bank day", "沿河捡拾垃圾、清理漂浮物，提供手套和夹子。",
         "environment", (-16, -2, 5), 8, 3, 12),
    Work("放学路口护学岗", "School crossing watch", "放学时段在校门口路口引导学生过马路。",
         "traffic", (-4, -1, 2, 3, 4), 16, 1, 4),
    Work("社区图书角整理", "Library corner", "整理图书、给孩子读绘本。",
         "children", (-10, 6), 14, 2, 5),
    Work("健康义诊协助", "Health day", "协助登记、量血压、引导排队。",
         "health", (-9, 9), 9, 3, 8),
    Work("四点半课堂辅导", "Homework help", "辅导小学生作业，带做游戏。",
         "learning", (-6, 1, 8), 16, 2, 4),
    Work("台风前清理高处杂物", "Clearing before the typhoon", "两人一组清理天台和招牌杂物。",
         "emergency", (11,), 9, 3, 6, "dangerous", "高处作业，可能坠落。", 18),
)  # fmt: skip
_POPULAR = Work(
    "龙舟体验营志愿者", "Dragon boat camp", "协助签到、发放物资、看护孩子。", "culture",
    (4,), 9, 4, 3,
)  # fmt: skip
_TO_REVIEW = Work(
    "旧衣回收进小区", "Collecting clothes", "在小区门口登记、称重、装袋。", "environment",
    (12,), 9, 3, 8,
)  # fmt: skip
_TEAMS = (
    ("黄江义工服务队", "Huangjiang volunteers", "助老、护学、环保"),
    ("护河先锋队", "River guardians", "河道巡护与清洁"),
)


def serve(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Nothing where the demo has no two organisers or no topics."""
    posts = Post.objects.filter(role=Role.VOLUNTEER_ORGANIZER).with_names().order_by("pk")[:2]
    if len(posts) == 2 and Topic.objects.exists():
        _Teller(inventor, posts[0], posts[1], at).tell()


class _Teller:
    def __init__(
        self, inventor: Inventor, reviews: Post, makes: Post, at: datetime.datetime
    ) -> None:
        self.inventor, self.chance, self.at = inventor, inventor.random, at
        self.reviewer, self.maker, self.body = reviews.person, makes.person, makes.body
        self.world = World(on=at.date())
        self.town = self.world.spot(self.chance).town_id
        self.topics = {topic.code: topic for topic in Topic.objects.all()}
        self.skills = list(Skill.objects.order_by("code")[:6])

    def tell(self) -> None:
        volunteers = self._people()
        teams = self._teams(volunteers)
        for number, work in enumerate(_WORK):
            team = teams[number % len(teams)] if number % 3 == 1 else None
            self._come(self._publish(work, team), volunteers)
        self._popular(volunteers)
        self._to_review()
        self._reports(volunteers)
        self._call()

    def _at(self, days: int, hour: int = 10) -> datetime.datetime:
        """A moment of the city's day so many days from now."""
        moment = timezone.localtime(self.at + days * _DAY)
        return moment.replace(hour=hour, minute=0, second=0, microsecond=0)

    def _spot(self) -> Spot:
        """A point in the town of the first one: an organiser reaches no other."""
        while True:
            spot = self.world.spot(self.chance)
            if spot.town_id == self.town:
                return spot

    # -- People -------------------------------------------------------------------------------

    def _people(self) -> list[Volunteer]:
        began = self._at(-45)
        known = [one for one in found_residents() if one.full_name]
        people = [self._account(number, began) for number in range(_PEOPLE)]
        rows = [
            self._register(person, number, began + number * _HOUR)
            for number, person in enumerate((*known, *people))
        ]
        *active, first, second, third = rows
        services.decide(
            third, "return", by=self.reviewer, at=self.at - _DAY, reason="姓名与证件不一致"
        )
        del first, second  # they wait
        return [
            services.confirm(row, by=self.reviewer, at=self._at(-40) + number * _HOUR)
            for number, row in enumerate(active)
        ]

    def _account(self, number: int, at: datetime.datetime) -> User:
        name, _latin = self.inventor.name()
        phone = _NUMBER.format(number)
        return residents.join(
            phone, nickname=f"热心人{number + 1}", full_name=name, agreed=True, at=at
        )

    def _register(self, person: User, number: int, at: datetime.datetime) -> Volunteer:
        year, month = 1958 + self.chance.randrange(45), 1 + self.chance.randrange(12)
        first = f"441900{year}{month:02d}15{number:03d}"
        weekday = self.chance.randrange(7)
        offer = Offer(
            skills=self.chance.sample(self.skills, k=min(2, len(self.skills))),
            times=[(weekday, _MORNING, _NOON)],
            languages=["zh", "yue"] if number % 2 else ["zh"],
            is_party_member=number % 5 == 0,
            may_be_named=number % 3 == 0,
        )
        community = Territory.objects.get(pk=self._spot().community_id)
        return services.register(
            person, identity=first + resident_check(first), community=community, agreed=True,
            by=person, at=at, offer=offer,
        )  # fmt: skip

    def _teams(self, volunteers: Sequence[Volunteer]) -> list[Organisation]:
        made = [
            services.register_organisation(
                place=Territory.objects.get(pk=self.town), name=name, name_en=name_en,
                kind="team", scope=scope, contact_name=leader.name,
                contact_phone="0769-83360000", by=leader.person, at=self._at(-38),
            )
            for (name, name_en, scope), leader in zip(_TEAMS, volunteers[4:], strict=False)
        ]  # fmt: skip
        found = [
            services.confirm_organisation(row, by=self.reviewer, at=self._at(-37)) for row in made
        ]
        for number, member in enumerate(volunteers[8:16]):
            team = found[number % len(found)]
            leader = team.registered_by
            services.add_member(team, member, by=leader, at=self._at(-36))
        services.register_organisation(
            place=Territory.objects.get(pk=self.town), name="阳光互助会", kind="team",
            name_en="Sunshine circle", scope="邻里互助", contact_name=volunteers[7].name,
            contact_phone="0769-83360000", by=volunteers[7].person, at=self.at - 3 * _HOUR,
        )  # fmt: skip
        return found

    # -- Activities -----------------------------------------------------------------------------

    def _draft(
        self, work: Work, at: datetime.datetime, team: Organisation | None = None
    ) -> Activity:
        spot = self._spot()
        community = Territory.objects.get(pk=spot.community_id)
        by = team.registered_by if team else self.maker
        activity = services.draft(
            by=by, at=at, body=self.body, community=community, organisation=team,
            title=work.title, title_en=work.title_en, summary=work.summary,
            topic=self.topics[work.topic], address=f"{spot.community_name}党群服务中心",
            lon=spot.lon, lat=spot.lat, danger=work.danger, risks=work.risks,
            min_age=work.min_age,
        )  # fmt: skip
        for days in work.days:
            starts = self._at(days, work.hour)
            services.add_shift(
                activity, by=by, at=at, starts_at=starts, places=work.places,
                ends_at=starts + work.hours * _HOUR,
            )  # fmt: skip
        return services.submit(activity, by=by, at=at)

    def _publish(self, work: Work, team: Organisation | None = None) -> Activity:
        made = self._draft(work, self._at(-30), team)
        return services.publish(made, by=self.reviewer, at=self._at(-29))

    def _come(self, activity: Activity, volunteers: Sequence[Volunteer]) -> None:
        """About two thirds of the places are taken, some days before."""
        for shift in activity.shifts.order_by("starts_at"):
            wanted = round((shift.places or 0) * 0.7)
            signed = min(shift.starts_at - 2 * _DAY, self.at - _HOUR)
            for volunteer in self.chance.sample(list(volunteers), k=len(volunteers)):
                if shift.signups.count() >= wanted:
                    break
                self._sign(shift, volunteer, signed)

    def _sign(self, shift: Shift, volunteer: Volunteer, at: datetime.datetime) -> bool:
        """Whether the rules let the volunteer come."""
        try:
            services.sign_up(shift, volunteer, by=volunteer.person, at=at)
        except RuleViolation:
            return False
        return True

    def _popular(self, volunteers: Sequence[Volunteer]) -> None:
        """All places taken, six wait; one was given back an hour ago and is offered to the first.

        The first who waits is the resident who may sign in.
        """
        (shift,) = self._publish(_POPULAR).shifts.all()
        first, *others = volunteers
        at = self.at - 2 * _DAY
        holders = [one for one in others if not shift.is_full and self._fills(shift, one, at)]
        waiting = [first, *(one for one in others if one not in holders)][:6]
        for number, volunteer in enumerate(waiting):
            moment = at + (number + 1) * _HOUR
            services.join_waiting_list(shift, volunteer, by=volunteer.person, at=moment)
        signup = shift.signups.get(volunteer=holders[0])
        services.cancel(signup, by=holders[0].person, at=self.at - _HOUR)

    def _fills(self, shift: Shift, volunteer: Volunteer, at: datetime.datetime) -> bool:
        signed = self._sign(shift, volunteer, at)
        shift.refresh_from_db(fields=["taken"])
        return signed

    def _to_review(self) -> None:
        self._draft(_TO_REVIEW, self.at - 2 * _HOUR)

    # -- Reports and a call -----------------------------------------------------------------------

    def _reports(self, volunteers: Sequence[Volunteer]) -> None:
        for number, volunteer in enumerate(volunteers[16:19]):
            community = Territory.objects.get(pk=self._spot().community_id)
            report = services.report_member(
                branch="镇属企业第一党支部", community=community, offers="周末可参加社区服务",
                by=volunteer.person, at=self._at(-12 + number),
            )  # fmt: skip
            if number == 0:
                continue
            services.move_report(report, "accept", by=self.reviewer, at=self._at(-8))
            task = services.take_up(
                report, title="为困难家庭检查电线", by=volunteer.person, at=self._at(-7)
            )
            services.report_done(
                task, people=3, result="检查 6 户，更换插座 4 个", by=volunteer.person,
                at=self._at(-3),
            )  # fmt: skip

    def _call(self) -> None:
        """A case of the town that wants more hands."""
        rows = Case.objects.filter(
            state="handling", lead_body__isnull=False, community__isnull=False, town=self.town
        )
        case = rows.select_related("lead_body", "logged_by").order_by("-pk").first()
        if case is None or case.lead_body is None:
            return
        heads = Post.objects.filter(body=case.lead_body, role=Role.DEPARTMENT_HEAD).with_names()
        head = heads.order_by("pk").first()
        if head is None:
            return
        starts = self._at(6, 9)
        wanted = Wanted(
            title="清理积水后的街面", text="请志愿者协助清扫淤泥、搬运沙袋，工具由我们提供。",
            people=8, starts_at=starts, ends_at=starts + 3 * _HOUR,
            address=case.address[:120] or case.title[:120], lon=case.lon, lat=case.lat,
        )  # fmt: skip
        services.call_for(
            SUBJECT, case.number, wanted, body=case.lead_body,
            place=Place(case.town_id, case.community_id, case.grid_id), by=head.person,
            at=self.at - 5 * _HOUR,
        )  # fmt: skip
