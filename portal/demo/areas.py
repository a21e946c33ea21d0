"""The six functional areas: the social work committee and department of each, their people, and
what they gave others to do."""

import datetime
from dataclasses import dataclass

from committee.models import Decision, Meeting, MeetingKind, Member, Office
from committee.services import agenda, attending, directives, meetings, members, voting
from committee.services.directives import Wanted
from committee.services.meetings import Plan
from committee.workflow import Choice
from grids import services as grids
from grids.models import Level, Territory
from lib.roles import Role
from organizations import services as organizations
from organizations.models import Body, BodyKind, User
from portal.demo.invention import Inventor

DAY = datetime.timedelta(days=1)
HOME = "441900-linshen"  # the area of the demo town
_HELD = 20
# Area: verb, task, measure of success, days given, how far it came.
_TASKS = {
    "441900-chengqu": (
        "coordinate", "协调背街小巷联合整治", "三街道签署分工表并逐巷销号", 35, "working",
    ),
    "441900-songshanhu": (
        "mobilise", "动员园区党员服务社区", "两百名党员到社区报到", 30, "working",
    ),
    "441900-binhai": (
        "plan", "统筹新建居住区服务设施布点", "布点方案经片区会议审定", 45, "issued",
    ),
    "441900-shuixiang": (
        "advance", "推进水乡河涌联动保洁", "跨镇河段每周联合巡查一次", 15, "working",
    ),
    "441900-dongbu": (
        "coordinate", "协调园区与社区共享文体设施", "开放设施不少于二十处", 40, "issued",
    ),
    "441900-linshen": (
        "advance", "推进流动人口网格服务", "出租屋走访率不低于九成五", 25, "working",
    ),
}  # fmt: skip
_PEOPLE = (
    ("committee", Role.PARTY_SECRETARY, Office.SECRETARY, "书记", "Secretary", "area"),
    ("social-work", Role.DEPARTMENT_HEAD, Office.DEPUTY, "社会工作部部长", "Head", "areahead"),
    ("committee", Role.COMMITTEE_MEMBER, Office.ORGANISATION, "委员", "Member", ""),
)


def make_areas(*, since: datetime.date, by: User, at: datetime.datetime) -> dict[str, Body]:
    """The city's Party committee with its department, and below it those of each area: the
    committees of the areas by the code of the area."""
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}

    def make(
        parent: Body | None, kind: str, code: str, name: str, name_en: str, short: str = ""
    ) -> Body:
        return organizations.make_body(
            parent=parent, kind=kinds[kind], code=code, name=name, name_en=name_en,
            short_name=short, valid_from=since, by=by, at=at,
        )  # fmt: skip

    city = make(
        None, "city-party-committee", "441900-party", "中共东莞市委员会",
        "Dongguan City Party Committee",
    )  # fmt: skip
    make(
        city, "social-work-department", "441900-social-work", "中共东莞市委社会工作部",
        "Social Work Department of the City", "市委社工部",
    )  # fmt: skip
    found = {}
    for area in Territory.objects.at_level(Level.AREA).order_by("code"):
        committee = found[area.code] = make(
            city, "area-committee", f"{area.code}-committee", f"中共{area.name}社会工作委员会",
            f"Social Work Committee of the {area.name_en}",
        )  # fmt: skip
        grids.give_territory_to_body(committee, territory=area, since=since, by=by, at=at)
        make(
            committee, "social-work-department", f"{area.code}-social-work",
            f"{area.name}社会工作部", f"Social Work Department of the {area.name_en}",
            f"{area.short_name}社工部",
        )  # fmt: skip
    return found


def staff_areas(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Secretary, head of the department and a member for each area."""
    for code, committee in _committees():
        for slug, role, office, title, title_en, account in _PEOPLE:
            body = Body.objects.get(code=f"{code}-{slug}")
            own = code.removeprefix("441900-")
            name, latin = inventor.name()
            username = account if account and code == HOME else f"{own}-{account or 'member'}"
            by = User.objects.system()
            person = organizations.make_person(
                username=username, full_name=name, full_name_en=latin, phone=inventor.phone(),
                by=by, at=at,
            )  # fmt: skip
            organizations.give_post(
                person, body=body, role=role, valid_from=body.valid_from, title=title,
                title_en=title_en, by=by, at=at,
            )  # fmt: skip
            members.add_member(
                committee, person, since=body.valid_from, office=office, by=by, at=at
            )


def _committees() -> list[tuple[str, Body]]:
    rows = Body.objects.filter(code__in=[f"{code}-committee" for code in _TASKS]).order_by("code")
    return [(row.code.removesuffix("-committee"), row) for row in rows]


def coordinate(*, at: datetime.datetime) -> None:
    """Each area's committee has met, elected who convenes, and given its department a task."""
    for code, committee in _committees():
        _Area(code, committee, at).work()


@dataclass(slots=True)
class _Area:
    code: str
    committee: Body
    at: datetime.datetime

    def work(self) -> None:
        rows = Member.objects.filter(body=self.committee).order_by("pk")
        chair, head, recorder = (row.person for row in rows.select_related("person"))
        decision = self._meet(chair, recorder)
        self._give(decision, head, recorder)

    def _meet(self, chair: User, recorder: User) -> Decision:
        """A secret election of who convenes the area's joint meeting, then the task."""
        at = self.at - _HELD * DAY
        held = MeetingKind.objects.held_by(self.committee, on=at.date())
        kind = held.get(code="party-committee")
        plan = Plan(
            "片区社会工作例会", at, at + datetime.timedelta(hours=1), "片区党群服务中心",
            chair=chair, recorder=recorder,
        )  # fmt: skip
        before = at - 2 * DAY
        meeting = meetings.plan_meeting(self.committee, kind, plan, by=chair, at=before)
        for title in ("推选片区联席会议召集人", _TASKS[self.code][1]):
            agenda.add_item(meeting, title=title, by=chair, at=before)
        meeting = meetings.call_meeting(meeting, by=chair, at=before)
        for seat in meeting.invitations.order_by("pk"):
            attending.check_in(seat, by=recorder, at=at)
        meetings.open_meeting(meeting, by=chair, at=at)
        decision = self._decide(meeting, recorder, at)
        words = "应到三人，实到三人。推选以无记名投票进行，任务经表决通过。"
        meetings.write_minutes(meeting, text=words, by=recorder, at=at)
        meetings.close_meeting(meeting, by=chair, at=at)
        meetings.confirm_minutes(meeting, by=chair, at=at + DAY)
        return decision

    def _decide(self, meeting: Meeting, recorder: User, at: datetime.datetime) -> Decision:
        """The last one: what is to be done."""
        elected, task = meeting.items.order_by("position")
        seats = list(meeting.invitations.entitled().select_related("person"))
        basis = "中国共产党基层组织选举工作条例"
        motion = "同意由社会工作部部长召集片区联席会议。"
        secret = voting.open_ballot(elected, motion=motion, on_people=True, by=recorder, at=at)
        for seat in seats:
            voting.vote_in_secret(secret, seat, Choice.FOR, by=seat.person, at=at)
        secret = voting.close_ballot(secret, by=recorder, at=at)
        voting.decide(secret, text=motion, basis=basis, by=recorder, at=at)
        ballot = voting.open_ballot(task, motion=f"同意{task.title}。", by=recorder, at=at)
        for seat in seats:
            voting.vote(ballot, seat, Choice.FOR, by=recorder, at=at)
        ballot = voting.close_ballot(ballot, by=recorder, at=at)
        text = f"会议决定：{task.title}，由片区社会工作部牵头。"
        return voting.decide(ballot, text=text, basis="片区议事规则", by=recorder, at=at)

    def _give(self, decision: Decision, head: User, recorder: User) -> None:
        body = Body.objects.get(code=f"{self.code}-social-work")
        verb, title, measure, days, state = _TASKS[self.code]
        at = self.at - _HELD * DAY
        due = (at + days * DAY).date()
        wanted = Wanted(verb=verb, title=title, measure=measure, due_on=due, body=body)
        row = directives.issue(decision, wanted, by=recorder, at=at)
        if state != "issued":
            row = directives.accept(row, by=head, at=at + DAY)
            directives.add_progress(
                row, percent=45, text="已与各镇街会商，按月推进。", by=head, at=at + 9 * DAY
            )
