"""A town in which hosts call for projects, and calls brought to a state by the services."""

import datetime
from itertools import count

from consultation.services import projects as services
from grids.models import BodyTerritory
from lib.roles import Role
from lib.worktime import CITY_ZONE
from tests.factories import cases
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.residents import ResidentFactory

AT = datetime.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)
IDEAS_UNTIL = AT + datetime.timedelta(days=14)
VOTES_UNTIL = AT + datetime.timedelta(days=30)
BUDGET = 10_000_00
KEYS = count(1)


def later(**delta):
    return AT + datetime.timedelta(**delta)


def make_town(**line):
    """The town of cases, and: a community's body with host, secretary, supervisor, worker; a
    department with head; finance; residents. `line` belongs to the department."""
    town = cases.make_town(**{"free": 100_000_00, **line})
    town.home = BodyFactory(
        name="梅塘社区居民委员会", name_en="Meitang residents' committee", community=True
    )
    BodyTerritoryFactory(body=town.home, territory=town.community)
    town.host = PostFactory(body=town.home, role=Role.CONSULTATION_HOST).person
    town.secretary = PostFactory(body=town.home, role=Role.PARTY_SECRETARY).person
    town.supervisor = PostFactory(body=town.home, role=Role.SUPERVISOR).person
    town.clerk = PostFactory(body=town.home, role=Role.COMMUNITY_WORKER).person
    town.maker = PostFactory(body=town.office, role=Role.FINANCE_MAKER).person
    town.residents = [ResidentFactory() for _ in range(3)]
    town.resident = town.residents[0]
    assert BodyTerritory.objects.filter(body=town.home).exists()
    return town


def call_content(town, **given):
    return {
        "title": "2026 年民生微实事", "text": "您希望社区添什么、改什么？", "body": town.office,
        "community": town.community, "line": town.line, "purpose": town.purpose, "budget": BUDGET,
        "most_choices": 2, "ideas_until": IDEAS_UNTIL, **given,
    }  # fmt: skip


def draft(town, *, at=AT, **given):
    return services.make_call(by=town.host, at=at, **call_content(town, **given))


def collecting(town, *, at=AT, **given):
    return services.publish_call(draft(town, at=at, **given), by=town.host, at=at)


def idea(town, call, *, by=None, at=AT, **said):
    given = {"title": "凉亭加座椅", "text": "老人走累了没有地方坐。", "place": "中心公园",
             "lon": 114.05, "lat": 22.85}  # fmt: skip
    return services.bring_idea(
        call, by=by or town.resident, at=at, key=f"idea-{next(KEYS)}", **{**given, **said}
    )


def feasible(town, call, *, cost=2_000_00, at=AT, **said):
    """An idea that the department has worked out."""
    one = idea(town, call, at=at, **said)
    services.admit_idea(one, reason="属于征集范围", by=town.host, at=at)
    services.ask_department(fresh(one), town.office, by=town.host, at=at)
    return services.estimate_idea(
        fresh(one), estimate=cost, reason="可以做，两周完成", by=town.head, at=at
    )


def screening(town, *, costs=(6_000_00, 5_000_00, 3_000_00), at=AT, **given):
    """(call, its ideas in the order of `costs`)"""
    call = collecting(town, at=at, **given)
    ideas = [
        feasible(town, call, cost=cost, at=at, title=f"项目{number}")
        for number, cost in enumerate(costs, start=1)
    ]
    system = town.system
    return services.close_ideas(call, by=system, at=call.ideas_until), ideas


def voting(town, **given):
    call, ideas = screening(town, **given)
    opened = services.open_vote(
        call, votes_until=call.ideas_until + datetime.timedelta(days=10), by=town.host,
        at=call.ideas_until,
    )  # fmt: skip
    return opened, ideas


def vote(call, ideas, person):
    return services.choose(call, ideas, by=person, at=call.opened_at + datetime.timedelta(hours=1))


def decided(town, **given):
    call, ideas = voting(town, **given)
    for person, chosen in zip(town.residents, (ideas[:2], ideas[:2], ideas[2:]), strict=True):
        vote(call, chosen, person)
    return services.close_vote(call, by=town.system, at=call.votes_until), ideas


def fresh(row):
    return type(row).objects.get(pk=row.pk)
