"""A town with everybody whom a case meets, and cases brought to a state by the services."""

import datetime
import io
from types import SimpleNamespace

from PIL import Image

from cases import services
from cases.models import Case, Topic, TopicCase
from grids.models import Level
from lib.roles import Role
from lib.worktime import CITY_ZONE
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory

MONDAY = datetime.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)  # in working time
SQUARE = (114.0, 22.8, 114.1, 22.9)
POINT = {"lon": 114.05, "lat": 22.85}
COST = 60_000


def later(**delta):
    return MONDAY + datetime.timedelta(**delta)


def photo(colour="red", size=(60, 40)):
    """An open JPEG file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    out.seek(0)
    return out


def make_town(**line):
    """City, town, community, one grid; an office with head and handler; a person at each desk."""
    city = TerritoryFactory(city=True)
    place = TerritoryFactory(town=True, parent=city, name="黄江镇", name_en="Huangjiang")
    community = TerritoryFactory(
        level=Level.COMMUNITY, parent=place, name="梅塘社区", name_en="Meitang"
    )
    grid = TerritoryFactory(parent=community)
    BoundaryFactory(territory=grid, square=SQUARE)
    centre = BodyFactory(name="综治中心", name_en="Centre")
    office = BodyFactory(name="规划建设办", name_en="Planning office")
    elsewhere = BodyFactory(name="别的办公室", name_en="Another office")
    for body in (centre, office):
        BodyTerritoryFactory(body=body, territory=place)
    large = CategoryFactory(code="facilities", name="市政设施", name_en="Facilities")
    small = CategoryFactory(code="cover", name="井盖缺失", name_en="Cover missing", parent=large)
    purpose = PurposeFactory()
    standard = StandardFactory(category=small, cost=COST, purpose=purpose, points=2)
    duty = DutyEntryFactory(category=large, territory=place, lead=office)
    money = LineFactory(body=office, purposes=[purpose], **{"free": 1_000_000, **line})
    posts = {
        "handler": PostFactory(body=office, role=Role.HANDLER),
        "head": PostFactory(body=office, role=Role.DEPARTMENT_HEAD, capacity=0),
        "acceptor": PostFactory(body=centre, role=Role.ACCEPTOR),
        "dispatcher": PostFactory(body=centre, role=Role.DISPATCHER),
        "duty_officer": PostFactory(body=centre, role=Role.DUTY_OFFICER),
        "verifier": PostFactory(body=centre, role=Role.VERIFIER),
        "committee": PostFactory(body=centre, role=Role.COMMITTEE_MEMBER),
        "worker": PostFactory(body=centre, role=Role.GRID_WORKER),
        "stranger": PostFactory(body=elsewhere, role=Role.HANDLER),
    }
    people = {name: post.person for name, post in posts.items()}
    resident = UserFactory()
    system = type(resident).objects.system()
    return SimpleNamespace(
        **{
            **locals(),
            **people,
            "posts": SimpleNamespace(**posts),
            "line": money,
        }
    )


def log(town, *, by=None, at=MONDAY, channel="grid", **said):
    given = {
        "title": "井盖不见了",
        "text": "路口的井盖不见了，很危险。",
        "category": town.small,
        **POINT,
    }
    return services.log(by=by or town.worker, at=at, channel=channel, **{**given, **said})


def fresh(case):
    return Case.objects.get(pk=case.pk)


def filed(town, **said):
    return log(town, **said)


def submitted(town, **said):
    return log(town, by=town.resident, channel="web", **said)


def dispatched(town, **said):
    case = filed(town, **said)
    services.route_waiting(at=said.get("at", MONDAY))
    return fresh(case)


def handling(town, **said):
    return services.sign(dispatched(town, **said), by=town.handler, at=later(minutes=10))


def reported(town, *, actual=50_000, **said):
    return services.report(
        handling(town, **said),
        result="已换新井盖",
        actual=actual,
        by=town.handler,
        at=later(hours=1),
    )


def checking(town, **said):
    return services.confirm(reported(town, **said), by=town.head, at=later(hours=2))


def closed(town, **said):
    return services.check_pass(
        checking(town, **said), by=town.verifier, at=later(hours=3), note="盖好了"
    )


def rework(town, **said):
    return services.check_fail(
        checking(town, **said), by=town.verifier, at=later(hours=3), note="没有盖严"
    )


def returned(town, **said):
    return services.send_back_to_dispatcher(
        handling(town, **said), by=town.handler, at=later(hours=1), note="不是我们的"
    )


def topic_of(*cases):
    """A hot topic of these cases, as a search would have left it."""
    topic = Topic.objects.create(
        title=cases[0].title, words=["井盖"], number=len(cases), people=len(cases), growth=0,
        spread=0, votes=0, heat=len(cases), first_at=cases[0].created_at,
        last_at=cases[-1].created_at, made_at=MONDAY, computed_at=MONDAY,
    )  # fmt: skip
    TopicCase.objects.bulk_create(
        TopicCase(topic=topic, case=case, rank=rank) for rank, case in enumerate(cases)
    )
    return topic
