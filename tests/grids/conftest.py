import pytest

from tests.factories.grids import BoundaryFactory, TerritoryFactory


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
