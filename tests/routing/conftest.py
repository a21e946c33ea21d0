"""A small town in which a broken well cover has a department, a person and a line."""

import datetime
from types import SimpleNamespace

import pytest

from grids.models import Level
from lib.worktime import CITY_ZONE
from routing.matching import Facts, Judge
from tests.factories.duties import make_committee
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.routing import (
    CategoryFactory,
    DutyEntryFactory,
    StandardFactory,
)

MONDAY = datetime.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)  # in working time
FRIDAY_NIGHT = datetime.datetime(2026, 11, 20, 22, tzinfo=CITY_ZONE)


@pytest.fixture
def town(db):
    """City, town, community, grid; large and small class; office, handler, line of 1,000 yuan."""
    city = TerritoryFactory(city=True)
    place = TerritoryFactory(town=True, parent=city, name="黄江镇", name_en="Huangjiang")
    community = TerritoryFactory(
        level=Level.COMMUNITY, parent=place, name="梅塘社区", name_en="Meitang"
    )
    grid = TerritoryFactory(parent=community)
    large = CategoryFactory(code="facilities", name="市政设施", name_en="Facilities")
    small = CategoryFactory(code="cover", name="井盖缺失", name_en="Cover missing", parent=large)
    purpose = PurposeFactory()
    standard = StandardFactory(
        category=small, cost=60_000, purpose=purpose, points=2, urgent=True,
        sign_limit=1, sign_unit="urgent_hour", handle_limit=2, handle_unit="urgent_hour",
    )  # fmt: skip
    office = BodyFactory(name="规划建设办", name_en="Planning office")
    entry = DutyEntryFactory(category=large, territory=place, lead=office)
    post = PostFactory(body=office)
    line = LineFactory(body=office, free=100_000, purposes=[purpose])
    return SimpleNamespace(**{k: v for k, v in locals().items() if k != "db"})


@pytest.fixture
def people(town):
    """Two members of the committee of the town."""
    return make_committee(town)


@pytest.fixture
def facts(town):
    def make(**changed):
        return Facts(
            **{
                "category_id": town.small.pk,
                "standard_id": None,
                "town_id": town.place.pk,
                "community_id": town.community.pk,
                "grid_id": town.grid.pk,
                "at": MONDAY,
                **changed,
            }
        )

    return make


@pytest.fixture
def decide(facts):
    """Load a fresh judge and let it decide changed facts."""

    def run(*, now=MONDAY, **changed):
        return Judge.load(at=now).decide(facts(**changed))

    return run
