"""The people of a demo town, their posts, skills and territories; some of them may sign in."""

import datetime
from collections.abc import Collection, Iterable

from grids import services as grids
from grids.models import Level, Territory
from lib.roles import Role
from organizations import services as organizations
from organizations.models import Body, Post, Skill, User
from portal.demo.bodies import TownBodies
from portal.demo.duties import Needs
from portal.demo.invention import Inventor

# (body, role, how many, Chinese title, English title, first one's account)
_STAFF = (
    ("party-committee", Role.PARTY_SECRETARY, 1, "党委书记", "Party secretary", "secretary"),
    ("comprehensive-governance-committee", Role.COMMITTEE_MEMBER, 2, "委员", "Member", "committee"),
    ("governance-centre", Role.ACCEPTOR, 2, "受理员", "Acceptance clerk", "clerk"),
    ("governance-centre", Role.DISPATCHER, 2, "派遣员", "Dispatcher", "dispatcher"),
    ("governance-centre", Role.DUTY_OFFICER, 2, "值班长", "Duty officer", "duty"),
    ("governance-centre", Role.VERIFIER, 3, "核查员", "Verifier", "verifier"),
    ("governance-centre", Role.ASSESSOR, 1, "考核员", "Assessor", "assessor"),
    ("service-centre", Role.ACCEPTOR, 2, "窗口受理员", "Window clerk", "window"),
    ("party-committee", Role.FINANCE_MAKER, 1, "经办", "Finance clerk", "maker"),
    ("party-committee", Role.FINANCE_CHECKER, 1, "复核", "Finance reviewer", "checker"),
    ("party-committee", Role.FINANCE_PAYER, 1, "出纳", "Cashier", "payer"),
    ("party-committee", Role.SUPERVISOR, 1, "监督委员", "Supervisor", "supervisor"),
    ("party-government", Role.SYSTEM_ADMIN, 1, "系统管理员", "System administrator", "sysadmin"),
    ("police", Role.SECURITY_ADMIN, 1, "安全管理员", "Security administrator", "security"),
    ("discipline", Role.AUDIT_ADMIN, 1, "审计管理员", "Audit administrator", "auditor"),
    (
        "service-centre",
        Role.VOLUNTEER_ORGANIZER,
        2,
        "志愿服务组织员",
        "Volunteer organiser",
        "organizer",
    ),
)
# The accounts `head` and `handler` belong to the office for broken roads and covers.
_SHOWN_BODY = "planning-construction"
_ROUND_THE_CLOCK = frozenset({"police", "fire-brigade", "governance-centre", "sanitation-station"})
_ROOM = 40
_GRIDS_PER_WORKER = 2
_COMMUNITY_ROOM = 24


class TownPeople:
    """Fills the bodies of one town. `prefix` keeps the accounts of several towns apart."""

    def __init__(
        self, bodies: TownBodies, needs: Needs, inventor: Inventor, *, prefix: str = ""
    ) -> None:
        self.bodies, self.needs, self.inventor, self.prefix = bodies, needs, inventor, prefix
        self.skills = {skill.code: skill for skill in Skill.objects.all()}
        self.count = 0
        self.shown = False  # of the communities only the first one's people have accounts

    def make(self) -> None:
        for slug, role, number, title, title_en, account in _STAFF:
            for index in range(number):
                post = self._post(
                    self.bodies.by_slug[slug],
                    role,
                    titles=(title, title_en),
                    account="" if index else account,
                )
                self._watch(slug, post)
        for slug in self.bodies.by_slug:
            self._department(slug)
        for territory, body in sorted(self.bodies.communities.items()):
            self._community(territory, body)

    def _department(self, slug: str) -> None:
        """A head, and handlers with every skill that the body's matters need."""
        body, shown = self.bodies.by_slug[slug], slug == _SHOWN_BODY
        if body.pk not in self.needs.leading:
            return
        titles = ("负责人", "Head")
        self._post(body, Role.DEPARTMENT_HEAD, titles=titles, account="head" if shown else "")
        skills = self.needs.skills[body.pk]
        for index in range(self.needs.handlers(body.pk)):
            account = "handler" if shown and not index else ""
            post = self._post(
                body,
                Role.HANDLER,
                titles=("经办人", "Handler"),
                account=account,
                capacity=_ROOM,
                skills=skills,
            )
            self._watch(slug, post)

    def _community(self, territory: int, body: Body) -> None:
        first, self.shown = not self.shown, True
        self._post(
            body,
            Role.DEPARTMENT_HEAD,
            titles=("社区主任", "Community director"),
            account="community" if first else "",
        )
        self._post(
            body,
            Role.COMMUNITY_WORKER,
            titles=("社区工作者", "Community worker"),
            account="worker" if first else "",
            capacity=_COMMUNITY_ROOM,
            skills=self.needs.skills[body.pk],
        )
        self._post(
            body,
            Role.CONSULTATION_HOST,
            titles=("协商主持人", "Consultation host"),
            account="host" if first else "",
        )
        squares = Territory.objects.filter(parent=territory, level=Level.GRID).order_by("code")
        pairs = _pairs(squares)
        for index, squares_of_one in enumerate(pairs):
            post = self._post(
                body,
                Role.GRID_WORKER,
                titles=("网格员", "Grid worker"),
                account="gridworker" if first and not index else "",
            )
            for square in squares_of_one:
                grids.give_territory_to_post(
                    post,
                    territory=square,
                    since=self.bodies.since,
                    by=self.bodies.by,
                    at=self.bodies.at,
                )

    def _post(
        self,
        body: Body,
        role: Role,
        *,
        titles: tuple[str, str],
        account: str = "",
        capacity: int = 0,
        skills: Collection[str] = (),
    ) -> Post:
        person = self._person(account)
        return organizations.give_post(
            person,
            body=body,
            role=role,
            valid_from=self.bodies.since,
            by=self.bodies.by,
            at=self.bodies.at,
            title=titles[0],
            title_en=titles[1],
            capacity=capacity,
            skills=[self.skills[code] for code in sorted(skills)],
        )

    def _person(self, account: str) -> User:
        self.count += 1
        name, latin = self.inventor.name()
        return organizations.make_person(
            username=self.prefix + (account or f"p{self.count:05d}"),
            full_name=name,
            full_name_en=latin,
            phone=self.inventor.phone(),
            by=self.bodies.by,
            at=self.bodies.at,
        )

    def _watch(self, slug: str, post: Post) -> None:
        """Bodies that answer at any hour: every day, around the clock."""
        if slug in _ROUND_THE_CLOCK:
            day = (datetime.time(0, 0), datetime.time(23, 59))
            organizations.set_duty_hours(
                post,
                hours=[(weekday, *day) for weekday in range(7)],
                by=self.bodies.by,
                at=self.bodies.at,
            )


def _pairs(squares: Iterable[Territory]) -> list[list[Territory]]:
    found = list(squares)
    return [found[at : at + _GRIDS_PER_WORKER] for at in range(0, len(found), _GRIDS_PER_WORKER)]
