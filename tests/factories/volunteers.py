"""A community with its organiser, volunteers, activities and shifts for tests."""

import datetime
from itertools import count
from types import SimpleNamespace

from lib.identifiers import resident_check
from lib.roles import Role
from tests.factories.grids import BodyTerritoryFactory, BoundaryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.residents import ResidentFactory
from volunteers import services
from volunteers.models import Topic

AT = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
_numbers = count(1)


def identity(born="19900101", *, number=None):
    """A valid identity number of somebody born on that day; each call another one."""
    first = f"441900{born}{(number or next(_numbers)) % 1000:03d}"
    return first + resident_check(first)


def make_place():
    """Two communities of a town; the first has an organiser, both are under a reviewer."""
    city = TerritoryFactory(city=True)
    town = TerritoryFactory(town=True, parent=city, name="黄江镇", name_en="Huangjiang")
    community = TerritoryFactory(community=True, parent=town, name="梅塘社区", name_en="Meitang")
    grid = TerritoryFactory(parent=community)
    BoundaryFactory(territory=grid, square=(114.0, 22.8, 114.1, 22.9))
    elsewhere = TerritoryFactory(community=True, parent=town, name="鸡啼岗社区")
    office = BodyFactory(name="黄江镇党群服务中心")
    BodyTerritoryFactory(body=office, territory=town)
    body = BodyFactory(community=True, name="梅塘社区居民委员会", parent=office)
    BodyTerritoryFactory(body=body, territory=community)
    organizer = PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=body).person
    reviewer = PostFactory(role=Role.PARTY_SECRETARY, body=office).person
    return SimpleNamespace(
        city=city, town=town, community=community, grid=grid, elsewhere=elsewhere, office=office,
        body=body, organizer=organizer, reviewer=reviewer,
        topic=Topic.objects.create(code="elderly", name="为老服务", name_en="Help for the old"),
    )  # fmt: skip


def waiting(place, *, born="19900101", person=None, at=AT, **more):
    """Registered, waits for review."""
    person = person or ResidentFactory(registered=True)
    return services.register(
        person, identity=identity(born), community=place.community, agreed=True, by=person, at=at,
        **more,
    )  # fmt: skip


def active(place, *, at=AT, **more):
    """A volunteer whom the organiser has confirmed."""
    return services.confirm(waiting(place, at=at, **more), by=place.organizer, at=at)


def child(place, guardian, *, born="20160101", at=AT):
    """A child of `guardian` (an active volunteer), confirmed."""
    row = services.register_child(
        "小明", identity=identity(born), relation="parent", community=place.community, agreed=True,
        by=guardian.person, at=at,
    )  # fmt: skip
    return services.confirm(row, by=place.organizer, at=at)


def draft(place, *, at=AT, by=None, **content):
    words = {
        "title": "陪老人聊天", "title_en": "Time for the old", "summary": "每周陪独居老人聊天。",
        "topic": place.topic, "address": "梅塘社区党群服务中心", "lon": 114.05, "lat": 22.85,
    }  # fmt: skip
    return services.draft(
        by=by or place.organizer, at=at, body=place.body, community=place.community,
        **{**words, **content},
    )  # fmt: skip


def add(activity, *, by, at=AT, starts=2 * DAY, hours=2, places=2, **more):
    begins = at + starts
    return services.add_shift(
        activity, by=by, at=at, starts_at=begins, ends_at=begins + hours * HOUR, places=places,
        **more,
    )  # fmt: skip


def published(place, *, at=AT, places=2, starts=2 * DAY, hours=2, **content):
    """A published activity with one shift; the shift."""
    activity = draft(place, at=at, **content)
    shift = add(activity, by=place.organizer, at=at, places=places, starts=starts, hours=hours)
    services.submit(activity, by=place.organizer, at=at)
    services.publish(activity, by=place.reviewer, at=at)
    shift.refresh_from_db()
    shift.activity.refresh_from_db()
    return shift


def signed(shift, volunteer, *, at=AT):
    return services.sign_up(shift, volunteer, by=volunteer.person, at=at)


def insured(place, volunteer, *, at=AT):
    """With accident insurance for this year."""
    day = at.date()
    services.insure(
        volunteer, insurer="平安保险", policy="P-1", valid_from=day,
        valid_to=day + datetime.timedelta(days=365), by=place.organizer, at=at,
    )  # fmt: skip
    return volunteer
