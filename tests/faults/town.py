"""A small town: five offices, a person at each desk, money and room enough for most but not all."""

from cases.models import Channel
from grids.models import Level
from lib.roles import Role
from routing.models import Category
from tests.factories.funding import LineFactory, PurposeFactory, SourceFactory
from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory
from tests.faults.matters import COST, COSTS, POINTS, counted, scarce

PEOPLE = 4
LEADS = {
    "cover": "roads",
    "noise": "roads",
    "web": "roads",
    "lamp": "lights",
    "tree": "parks",
    "pipe": "water",
}
UNLED = ("orphan", "unsure")
EMERGENCY = "fire"


def build(matters):
    """Rows in an empty database, sized for `matters`."""
    number, served = counted(matters), scarce(matters)
    town = _territory()
    centre = _body("centre", town)
    for name, role in (
        ("clerk", Role.GRID_WORKER),
        ("verifier", Role.VERIFIER),
        ("acceptor", Role.ACCEPTOR),
        ("dispatcher", Role.DISPATCHER),
        ("officer", Role.DUTY_OFFICER),
        ("committee", Role.COMMITTEE_MEMBER),
    ):
        _post(centre, name, role, 0)
    UserFactory(username="resident")
    offices = {name: _body(name, town) for name in dict.fromkeys(LEADS.values())}
    enough = POINTS * len(matters)
    for name, body in offices.items():
        _post(body, f"{name}-head", Role.DEPARTMENT_HEAD, 0)
        for n in range(1 if name == "water" else PEOPLE):
            room = POINTS * served["pipe"] if name == "water" else enough
            _post(body, f"{name}-{n}", Role.HANDLER, room)
    _matters(town, offices)
    _money(offices, number, served)


def _territory():
    city = TerritoryFactory(city=True)
    town = TerritoryFactory(town=True, parent=city)
    for n in range(2):
        community = TerritoryFactory(level=Level.COMMUNITY, code=f"44190011400{n}", parent=town)
        for m in range(2):
            west, south = 114.0 + 0.05 * n, 22.8 + 0.05 * m
            square = (west, south, west + 0.05, south + 0.05)
            BoundaryFactory(territory=TerritoryFactory(parent=community), square=square)
    return town


def _body(code, town):
    body = BodyFactory(code=code, name=code, name_en=code)
    BodyTerritoryFactory(body=body, territory=town)
    return body


def _post(body, name, role, capacity):
    PostFactory(body=body, person=UserFactory(username=name), role=role, capacity=capacity)


def _matters(town, offices):
    for kind in (*LEADS, *UNLED, EMERGENCY):
        category = CategoryFactory(
            code=kind,
            name=kind,
            name_en=kind,
            files_automatically=kind == "web",
            is_emergency=kind == EMERGENCY,
        )
        cost = COSTS.get(kind, 0)
        purpose = PurposeFactory(code=kind) if cost else None
        StandardFactory(category=category, cost=cost, purpose=purpose, points=POINTS)
        if kind in LEADS:
            DutyEntryFactory(category=category, territory=town, lead=offices[LEADS[kind]])


def _money(offices, number, served):
    """Two lines for covers, the first for a third of them and half a cover more."""
    first = number["cover"] // 3 * COST + COST // 2
    for code, kind, amount in (
        ("roads-first", "cover", first),
        ("roads-second", "cover", number["cover"] * COST),
        ("lights", "lamp", number["lamp"] * COST),
        ("parks", "tree", served["tree"] * COSTS["tree"] + COST // 2),
    ):
        purpose = Category.objects.get(code=kind).standards.get().purpose
        source = SourceFactory(code=code)
        body = offices[LEADS[kind]]
        LineFactory(code=code, source=source, body=body, purposes=[purpose], free=amount)


def said(matter):
    """What `cases.services.log` is told of a matter, without who and when."""
    on_the_web = matter.kind in {"web", "unsure"}
    place = {} if matter.kind == "nowhere" else {"lon": matter.lon, "lat": matter.lat}
    code = "cover" if matter.kind == "nowhere" else matter.kind
    return {
        "channel": Channel.WEB if on_the_web else Channel.GRID,
        "title": matter.title,
        "text": f"{matter.title}: please come and see.",
        "category": Category.objects.filter(code=code).first(),
        **place,
    }
