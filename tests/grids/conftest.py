import datetime

import pytest
from django.utils import timezone, translation

from grids import services
from grids.services import Asked
from lib.roles import Role
from tests.factories.grids import (
    BodyTerritoryFactory,
    BoundaryFactory,
    PostTerritoryFactory,
    ShiftKindFactory,
    TerritoryFactory,
)
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.grids.duty import roster


@pytest.fixture
def in_english():
    """Refusals are matched by their English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def save(by):
    def save(unit, kind, *, days=0, **asked):
        at = timezone.now()
        day = timezone.localdate(at) + datetime.timedelta(days=days)
        keys = [one.pk for one in asked.pop("grids", [])]
        return services.save_edit(
            unit, Asked(kind=kind, territories=keys, **asked), day=day, by=by, at=at
        )

    return save


@pytest.fixture
def town(db):
    """黄江镇 as two communities side by side, the western one of two grids, north above south."""

    class Town:
        city = TerritoryFactory(city=True)
        town = TerritoryFactory(
            town=True,
            parent=city,
            code="441900114",
            name="黄江镇",
            short_name="黄江",
            name_en="Huangjiang Town",
        )
        west = TerritoryFactory(
            community=True,
            parent=town,
            code="441900114006",
            name="长龙社区",
            short_name="长龙",
            name_en="Changlong Community",
        )
        east = TerritoryFactory(
            community=True,
            parent=town,
            code="441900114002",
            name="新市社区",
            short_name="新市",
            name_en="Xinshi Community",
        )
        north = TerritoryFactory(parent=west, code="441900114006001", name="第一网格")
        south = TerritoryFactory(parent=west, code="441900114006002", name="第二网格")

    BoundaryFactory(territory=Town.town, square=(113.9, 22.8, 114.2, 23.0))
    BoundaryFactory(territory=Town.west, square=(114.0, 22.8, 114.1, 23.0))
    BoundaryFactory(territory=Town.east, square=(114.1, 22.8, 114.2, 23.0))
    BoundaryFactory(territory=Town.north, square=(114.0, 22.9, 114.1, 23.0))
    BoundaryFactory(territory=Town.south, square=(114.0, 22.8, 114.1, 22.9))
    return Town


@pytest.fixture
def house(town):
    """The community's body: a head, two workers, each with one of the two grids."""

    class House:
        body = BodyFactory()
        head = PostFactory(body=body, role=Role.DEPARTMENT_HEAD)
        one = PostFactory(body=body, role=Role.GRID_WORKER)
        two = PostFactory(body=body, role=Role.GRID_WORKER)

    BodyTerritoryFactory(body=House.body, territory=town.west)
    PostTerritoryFactory(post=House.one, territory=town.north)
    PostTerritoryFactory(post=House.two, territory=town.south)
    House.early = ShiftKindFactory(code="early", mark="早")
    House.night = ShiftKindFactory(
        code="night", mark="夜", starts=datetime.time(23), ends=datetime.time(7)
    )
    return House


@pytest.fixture
def shifts(house):
    roster(house, "早休夜", days=3)
    return house.one.shifts.earliest("day"), house.two.shifts.earliest("day")
