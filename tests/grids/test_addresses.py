import csv
import datetime
import os
from pathlib import Path

import pytest

from grids.addresses import find_in_text
from grids.locate import Place
from grids.models import Territory
from grids.services.reference import load_reference
from organizations.models import User
from tests.factories.grids import TerritoryFactory

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("GONGZHI_DATA", HERE.parents[1].parent / "shared" / "data"))
AT = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)


@pytest.fixture
def city(db):
    load_reference(by=User.objects.system(), at=AT)
    return {territory.pk: territory.short_name for territory in Territory.objects.all()}


@pytest.fixture
def named(city):
    """The short names of the town and the community found, None for none."""

    def find(text, title=""):
        place = find_in_text(text, title=title)
        return place and (city[place.town_id], city.get(place.community_id))

    return find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("黄江镇长龙社区公常路井盖破损", ("黄江", "长龙")),
        ("黄江公园西门噪音扰民", ("黄江", None)),
        ("在松山湖图书馆对面", ("松山湖", None)),
        ("松山湖高新区新竹路", ("松山湖", None)),
        ("东莞市桥头镇华立学校门口", ("桥头", None)),
        ("厚街桥头社区垃圾无人清运", ("厚街", "桥头")),
        ("厚街镇（涌口村）厚沙路", ("厚街", "涌口")),
        ("望牛墩镇横沥村河边", ("望牛墩", "横沥")),
        ("南城鸿福西路国际商会大厦", ("南城", None)),
        ("企石镇企石综合市场", ("企石", None)),
        ("石龙坑村路口积水", ("寮步", "石龙坑")),
        ("吴家涌路灯不亮", ("中堂", "吴家涌")),
        ("上截村委会门口", ("企石", "上截")),
    ],
)
def test_a_named_town_and_its_community_are_found(named, text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "路灯不亮",
        "东莞城管不作为",
        "广东城市管理",
        "东城西路每天拥堵",
        "东城中路白沙塘路段乱停车",
        "高埗大桥限高",
        "大桥头有人摆摊",
        "长安汽车售后拒绝保修",
        "下一站虎门转运中心",
        "出口名称写大岭山南、松山湖、长安南更好",
        "莫屋村垃圾成堆",  # one in 万江, one in 企石
        "光明、创业、中心都是好词",
        "从南城往东城方向的公交车",
        "Well cover broken in Huangjiang",
    ],
)
def test_what_only_looks_like_a_place_is_none(named, text):
    assert named(text) is None


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("黄江汽车站至凤岗汽车站的866路在塘厦初级中学附近不停", "塘厦"),
        ("我住在樟木头，在长安镇霄边社区的工厂上班，长安的工厂欠薪", "长安"),
        ("从大岭山回来，车停在虎门被划", "虎门"),
        ("像虎门、长安、厚街都有，常平镇为什么没有", "常平"),
        ("往万江方向，东城万达广场路段违停", "东城"),
        ("请到塘厦派出所处理", "塘厦"),
    ],
)
def test_the_place_of_the_matter_wins_over_what_is_passed(named, text, town):
    assert named(text)[0] == town


def test_the_title_weighs_more_than_the_text(named):
    assert named("寮步有，寮步真的有", title="大朗镇没有") == ("大朗", None)


def test_a_community_of_the_named_town_is_found_further_on(named):
    assert named("寮步镇的停车问题，泉塘社区加油站对面") == ("寮步", "泉塘")


def test_without_any_territory_nothing_is_found(db):
    assert find_in_text("黄江镇长龙社区") is None


def test_a_new_town_is_found_by_its_other_names(db):
    town = TerritoryFactory(town=True, name="新港镇", short_name="新港", aliases=["老码头"])
    assert find_in_text("老码头的路灯") == Place(town.pk)
    assert find_in_text("新港的路灯") == Place(town.pk)


def test_codes_for_names_are_not_searched(db):
    TerritoryFactory(community=True, name="311", parent=TerritoryFactory(town=True, name="X"))
    assert find_in_text("311") is None


def test_residents_posts_are_placed_as_a_reader_placed_them(named):
    """200 of 1,372 posts, labelled by hand: a town is found, and none is invented."""
    posts = DATA / "dongguan" / "residents_posts.csv"
    if not posts.exists():
        pytest.skip(f"The posts are not part of the project; none at {posts}.")
    with (HERE / "dongguan_posts_labels.csv").open(encoding="utf-8") as file:
        labels = {row["number"]: row["town"] for row in csv.DictReader(file)}
    with posts.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["number"] in labels]
    found = {row["number"]: named(row["content"], row["title"]) for row in rows}
    with_town = [number for number, town in labels.items() if town]
    right = [number for number in with_town if (found[number] or ("",))[0] == labels[number]]
    invented = [number for number, town in labels.items() if not town and found[number]]
    assert len(labels) == len(rows) == 200
    assert len(right) / len(with_town) >= 0.97
    assert len(invented) / (len(labels) - len(with_town)) <= 0.02
