"""About thirty consultations of the demo town in every stage, with the topics that they came from.

Each walks by the services from some days ago to where its row of `data/consultations.csv` says.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from consultation.models import Blueprint, ListedMatter, Topic
from consultation.services import content, minutes, screening, stages
from consultation.services.watching import watch_limits
from consultation.workflow import Phase, StageKind
from grids.models import Level, Territory
from lib.roles import Role
from organizations.models import Body, Post, User
from portal.demo.invention import Inventor, rows
from portal.demo.residents import found_residents
from portal.demo.walking import DAY, People, Walk, days_of

_SEED = 20261
_MORNING = datetime.time(9, 30)
# Where a walk ends: the kind of stage (None: after the last), and for how many days it is there.
_UNTIL: dict[str, tuple[str | None, int]] = {
    "notice": (StageKind.NOTICE, 2),
    "standing": (StageKind.NOTICE, 6),
    "late": (StageKind.NOTICE, 12),
    "opinions": (StageKind.OPINIONS, 4),
    "stopped": (StageKind.OPINIONS, 5),
    "ideas": (StageKind.IDEAS, 6),
    "session": (StageKind.SESSION, 1),
    "planned": (StageKind.SESSION, 1),
    "held": (StageKind.SESSION, 0),
    "result": (StageKind.RESULT, 3),
    "objected": (StageKind.RESULT, 3),
    "reopened": (StageKind.RESULT, 3),
    "execution": (StageKind.EXECUTION, 9),
    "rating": (StageKind.RATING, 4),
    "done": (None, 6),
}
_OBJECTIONS = {
    "objected": "东门岗亭后离 2 栋窗户太近，请重新量距离，并说明消防间距。",
    "reopened": "沿街商户没有被通知参加，请听取我们的意见再定。",
}

_CORRECTED = ("预算 18.6 万元", "预算 17.9 万元，含旧泵拆除")


def consult(*, at: datetime.datetime) -> None:
    """Nothing where the demo has no hosts or no forms of consultation."""
    teller = _Teller(at)
    if teller.people and teller.forms:
        teller.tell_topics()
        teller.tell_consultations()
        watch_limits(at=at)


class _Teller:
    def __init__(self, at: datetime.datetime) -> None:
        self.at, self.inventor = at, Inventor(_SEED)
        morning = timezone.make_aware(datetime.datetime.combine(timezone.localdate(at), _MORNING))
        self.today = morning if morning <= at else morning - DAY
        self.forms = {form.code: form for form in Blueprint.objects.in_order().with_stages()}
        self.residents = found_residents()
        self.people = _people(self.residents)
        self.topics: dict[str, Topic] = {}

    # -- Topics ------------------------------------------------------------------------------

    def tell_topics(self) -> None:
        for number, row in enumerate(rows("topics")):
            people = self.people.get(int(row["community"]))
            if people is not None:
                self._topic(row, people, number)

    def _topic(self, row: dict[str, str], people: People, number: int) -> None:
        """Proposed by a resident or at the counter, then as far as the row says."""
        long_ago = 70 if row["state"] == "taken_up" else 4 + number
        proposed = self.today - long_ago * DAY
        by = self.residents[number % len(self.residents)] if self.residents else people.worker
        topic = content.propose(
            source=Topic.Source.RESIDENT, title=row["title"], text=row["text"],
            town=_town_of(people), community=people.community, by=by, at=proposed,
        )  # fmt: skip
        if row["key"]:
            self.topics[row["key"]] = topic
        if row["state"] == "proposed":
            return
        entry = ListedMatter.objects.get(code=row["matter"], community=None)
        who: dict[str, Any] = {"by": people.worker, "at": proposed + DAY}
        if row["state"] == "declined":
            screening.decline(topic, reason=row["reason"], matter=entry, **who)
            return
        screening.screen(
            topic, matter=entry, reason=row["reason"], public_title=row["title"],
            public_text=row["text"], **who,
        )  # fmt: skip
        if row["state"] != "screened":
            self._list(topic, people, proposed + 2 * DAY, number)

    def _list(self, topic: Topic, people: People, at: datetime.datetime, number: int) -> None:
        screening.admit(topic, reason="居民关心，列入协商清单", by=people.secretary, at=at)
        for place, resident in enumerate(self.residents):
            content.rate(
                topic, importance=3 + (number + place) % 3, by=resident, at=at + place * DAY / 8
            )

    # -- Consultations -----------------------------------------------------------------------

    def tell_consultations(self) -> None:
        for row in rows("consultations"):
            people = self.people.get(int(row["community"]))
            form = self.forms.get(row["form"])
            if people is not None and form is not None:
                self._consultation(row, form, people)

    def _consultation(self, row: dict[str, str], form: Blueprint, people: People) -> None:
        drafted = self.today - DAY
        kind, there = _UNTIL.get(row["until"], (None, 0))
        if row["until"] != "draft":
            drafted = self.today - self._days_before(form, kind, there) * DAY
        made = stages.draft(
            form, title=row["title"], text=row["text"], body=people.body, town=_town_of(people),
            community=people.community, topic=self.topics.get(row["topic"]), by=people.host,
            at=drafted,
        )  # fmt: skip
        if row["until"] == "draft":
            return
        walk = Walk(made, people, self.inventor, at=drafted)
        walk.begin()
        for stage in list(made.stages.standing()):
            if stage.kind == kind:
                self._there(row["until"], walk)
                return
            walk.leave()

    def _days_before(self, form: Blueprint, kind: str | None, there: int) -> int:
        """From the beginning until today: the stages before the one where the walk ends."""
        days = there
        for stage in form.stages.all():
            if stage.kind == kind:
                return days + (days_of(stage) if not there else 0)
            days += days_of(stage)
        return days

    def _there(self, until: str, walk: Walk) -> None:
        stage = walk.stage()
        if until in {"notice", "standing", "result"}:
            walk.publish_all(stage)
            if until == "standing":
                walk.now += DAY
                walk.correct("notice", *_CORRECTED, reason="重新核对报价单，更正预算")
        elif until in _AT:
            _AT[until](walk)
        elif until in _OBJECTIONS:
            walk.publish_all(stage)
            walk.now += DAY
            objection = walk.object_to(_OBJECTIONS[until])
            walk.now += DAY
            if until == "reopened":
                walk.uphold(objection, key=_first_during(walk))


def _first_during(walk: Walk) -> str:
    standing = walk.found.stages.standing()
    return next(stage.key for stage in standing if stage.phase == Phase.DURING)


def _planned(walk: Walk) -> None:
    walk.plan(walk.stage())


def _met(walk: Walk) -> None:
    resident = walk.people.objector
    session = walk.meet(walk.stage(), resident=resident)
    walk.lay_out(session, until=walk.now + 3 * DAY)
    if resident is not None:
        minutes.propose(
            session.minutes, passage="避开午休和夜间", wording="避开午休和晚上八点以后",
            by=resident, at=walk.now + DAY / 24,
        )  # fmt: skip


def _carried_out(walk: Walk) -> None:
    walk.adopt()
    walk.promise()


_AT: dict[str, Callable[[Walk], None]] = {
    "planned": _planned,
    "held": _met,
    "execution": _carried_out,
    "stopped": Walk.stop,
}


def _town_of(people: People) -> Territory:
    town: Territory | None = people.community.parent
    if town is None:
        raise LookupError(f"{people.community} lies in no town")
    return town


def _people(residents: list[User]) -> dict[int, People]:
    """Number of the community (from 1, in the order of codes) → its people."""
    hosts = Post.objects.filter(role=Role.CONSULTATION_HOST)
    hosted = Territory.objects.at_level(Level.COMMUNITY).filter(bodies__body__posts__in=hosts)
    first = hosted.order_by("code").first()
    if first is None:
        return {}
    places = Territory.objects.filter(parent=first.parent_id, level=Level.COMMUNITY)
    found: dict[int, People] = {}
    for number, community in enumerate(places.select_related("parent").order_by("code"), start=1):
        people = _people_of(community, residents[-1] if residents else None)
        if people is not None:
            found[number] = people
    return found


def _people_of(community: Territory, objector: User | None) -> People | None:
    posts = Post.objects.filter(body__territories__territory=community).with_names()
    by_role: dict[str, User] = {}
    body: Body | None = None
    for post in posts.order_by("-pk"):
        by_role[post.role] = post.person
        if post.role == Role.CONSULTATION_HOST:
            body = post.body
    above = Post.objects.filter(role=Role.PARTY_SECRETARY).with_names().order_by("pk")
    over_town = above.filter(body__territories__territory=community.parent_id).first()
    host, worker = by_role.get(Role.CONSULTATION_HOST), by_role.get(Role.COMMUNITY_WORKER)
    if body is None or host is None or worker is None or over_town is None:
        return None
    director = by_role.get(Role.DEPARTMENT_HEAD, worker)
    return People(community, body, host, worker, director, over_town.person, objector)
