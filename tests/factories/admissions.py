"""Applications for admission, as far along as a test wants them."""

import datetime
from types import SimpleNamespace

from grids.models import Level
from lib.roles import Role
from lib.worktime import CITY_ZONE
from routing import services
from routing.models import AdmissionApplication
from routing.services import Matter, Promise
from tests.factories.duties import make_committee
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory

AT = datetime.datetime(2026, 11, 23, 10, tzinfo=CITY_ZONE)
BEGINS = datetime.date(2027, 1, 11)
ENDS = datetime.date(2027, 12, 31)
# In working time of a day on which it holds.
LATER = datetime.datetime(2027, 1, 12, 10, tzinfo=CITY_ZONE)
AMOUNT, POINTS, HOURS = 100_000, 6, 20


def make_place(*, communities=1, free=1_000_000, capacity=20, cost=10_000, points=2):
    """A town with communities, a department with a head, a handler and money, a committee of four,
    and a small class that costs `cost` fen and `points` each time."""
    city = TerritoryFactory(city=True)
    town = TerritoryFactory(town=True, parent=city)
    places = [TerritoryFactory(level=Level.COMMUNITY, parent=town) for _one in range(communities)]
    bodies = [BodyFactory(community=True) for _one in places]
    for body, place in zip(bodies, places, strict=True):
        BodyTerritoryFactory(body=body, territory=place)
    department, purpose = BodyFactory(), PurposeFactory()
    category = CategoryFactory(parent=CategoryFactory())
    StandardFactory(category=category, points=points, cost=cost, purpose=purpose)
    return SimpleNamespace(
        town=town, places=places, communities=bodies, department=department, purpose=purpose,
        category=category, committee=make_committee(town) + make_committee(town),
        head=PostFactory(role=Role.DEPARTMENT_HEAD, body=department).person,
        worker=PostFactory(role=Role.HANDLER, body=department, capacity=capacity),
        speakers=[PostFactory(role=Role.COMMUNITY_WORKER, body=body).person for body in bodies],
        line=LineFactory(body=department, purposes=[purpose], free=free),
    )  # fmt: skip


def matter(place, **changed):
    values = {
        "category": place.category, "begins": BEGINS, "ends": ENDS, "legal_basis": "养犬管理条例",
        "equipment": "巡查车一辆", "training": "每季度一次", "checker": place.department, **changed,
    }  # fmt: skip
    return Matter(**values)


def drafted(place, *, at=AT, shares=True, amount=AMOUNT, points=POINTS, **changed):
    draft = services.draft_application(
        matter(place, **changed), place.department, by=place.head, at=at
    )
    if shares:
        for community in place.communities:
            give_share(draft, place, community, at=at, amount=amount, points=points)
    return fresh(draft)


def give_share(draft, place, community, *, at=AT, amount=AMOUNT, points=POINTS):
    return services.set_share(
        fresh(draft), community, line=place.line, purpose=place.purpose, amount=amount,
        people=[Promise(place.worker, HOURS, points)], by=place.head, at=at,
    )  # fmt: skip


def fresh(application):
    return AdmissionApplication.objects.get(pk=application.pk)


def applied(place, **how):
    return services.apply_for(drafted(place, **how), by=place.head, at=AT)


def reviewed(place, **how):
    """In joint review by two members of the committee."""
    return services.convene(
        applied(place, **how), place.committee[1:3], by=place.committee[0], at=AT
    )


def on_trial(place, **how):
    application = reviewed(place, **how)
    for person in place.committee[1:3]:
        application = services.agree(application, words="同意", by=person, at=AT)
    return application


def admitted(place, **how):
    return services.admit(on_trial(place, **how), by=place.committee[0], at=AT)


def lead_by_communities(place):
    """The duty list gives the matter to each community: lawful where it is admitted."""
    for body, territory in zip(place.communities, place.places, strict=True):
        DutyEntryFactory(category=place.category, territory=territory, lead=body)
