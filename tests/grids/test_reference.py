import datetime
from collections import Counter

import pytest

from grids.models import AreaMembership, Level, Territory, VisitKind
from grids.reference import read_rows
from grids.services.reference import load_reference
from organizations.models import User

AT = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)


@pytest.fixture
def loaded(db):
    return load_reference(by=User.objects.system(), at=AT)


def test_the_whole_city_is_there(loaded):
    counts = Counter(Territory.objects.values_list("level", flat=True))
    assert counts == {"city": 1, "area": 6, "town": 36, "community": 609}
    assert AreaMembership.objects.count() == 35
    kinds = list(VisitKind.objects.order_by("code").values_list("code", flat=True))
    assert kinds == ["care", "household", "key-place", "patrol"]
    assert loaded == 1 + 6 + 36 + 609 + 35 + 4 + 2 + 4  # kinds of visits, rules of coverage, shifts


def test_loading_again_adds_nothing_and_keeps_what_people_changed(loaded):
    Territory.objects.filter(code="441900114").update(name="黄江新城")
    assert load_reference(by=User.objects.system(), at=AT) == 0
    assert Territory.objects.get(code="441900114").name == "黄江新城"


def test_codes_nest(loaded):
    for territory in Territory.objects.exclude(parent=None).select_related("parent"):
        assert territory.code.startswith(territory.parent.code)
        assert len(territory.code) == {"town": 9, "community": 12}.get(
            territory.level, len(territory.code)
        )


def test_huangjiang_has_its_seven_communities(loaded):
    town = Territory.objects.get(level=Level.TOWN, short_name="黄江")
    assert (town.name, town.name_en, town.population) == ("黄江镇", "Huangjiang Town", 283426)
    assert dict(town.children.order_by("code").values_list("short_name", "name_en")) == {
        "新市": "Xinshi Community",
        "三新": "Sanxin Community",
        "田美": "Tianmei Community",
        "北岸": "Bei'an Community",
        "长龙": "Changlong Community",
        "梅塘": "Meitang Community",
        "宝山": "Baoshan Community",
    }


def test_an_area_has_its_towns(loaded):
    members = AreaMembership.objects.filter(area__short_name="东南临深")
    names = members.order_by("town__code").values_list("town__short_name", flat=True)
    assert list(names) == ["樟木头", "黄江", "清溪", "塘厦", "凤岗"]


def test_the_towns_people_add_up_to_about_the_city(loaded):
    towns = sum(
        Territory.objects.at_level(Level.TOWN)
        .exclude(population=None)
        .values_list("population", flat=True)
    )
    city = Territory.objects.get(level=Level.CITY).population
    assert abs(towns - city) / city < 0.01


def test_committees_are_counted_as_their_codes_say():
    kinds = Counter()
    for row in read_rows("communities"):
        sequence = int(row["code"][9:])
        kind = "residents" if sequence < 200 else "village" if sequence < 400 else "other"
        kinds[row["code"][:9], kind] += 1
    for town in read_rows("towns"):
        assert int(town["residents_committees"]) == kinds[town["code"], "residents"]
        assert int(town["village_committees"]) == kinds[town["code"], "village"]


def test_every_row_has_a_name_in_both_languages():
    for file in ("cities", "areas", "towns", "communities"):
        for row in read_rows(file):
            assert row["name"].startswith(row["short_name"]) or file == "towns"
            assert row["name_en"].isascii()
            assert row["name_en"][0].isupper()


def test_readings_that_dictionaries_get_wrong_are_right():
    names = {row["short_name"]: row["name_en"] for row in read_rows("communities")}
    assert [names[name] for name in ("寮厦", "长塘", "麻涌", "茶山圩", "护安围", "黎村")] == [
        "Liaoxia Village",
        "Changtang Community",
        "Machong Community",
        "Chashanxu Community",
        "Hu'anwei Village",
        "Li Village",
    ]
