"""Words of danger: what stops a matter, what is only a hint, and how seldom it errs."""

import csv
import datetime
from pathlib import Path

import pytest

from routing.danger import Watchwords
from routing.models import DangerWord
from routing.reference import read_rows

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 24)
POSTS = Path(__file__).parents[3] / "shared" / "data" / "dongguan" / "residents_posts.csv"


@pytest.fixture
def words():
    DangerWord.objects.bulk_create(
        DangerWord(**row, valid_from=datetime.date(2020, 1, 1)) for row in read_rows("danger_words")
    )
    return Watchwords(on=DAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("梅塘社区三巷八号二楼着火了，有人被困", ("119",)),
        ("我家楼下闻到很浓的煤气味", ("119",)),
        ("楼顶有人要跳楼了，快来", ("110",)),
        ("活着没意思，经常有轻生念头", ("110",)),
        ("有人持刀追人", ("110",)),
        ("工地有人触电，没有呼吸了", ("120",)),
        ("路口刚刚发生车祸，有人受伤", ("120", "122")),
        ("河里有人溺水", ("119",)),
    ],
)
def test_danger_that_happens_now_is_certain(words, text, numbers):
    found = words.look(text)
    assert (found.is_certain, set(found.numbers)) == (True, set(numbers))


@pytest.mark.parametrize(
    "text",
    [
        "去年着火的那家店又开张了",
        "电线乱拉，极易引起火灾，一旦着火后果不堪设想",
        "路口没有红绿灯，经常发生车祸",
        "小区组织消防演练，模拟起火",
        "2018.1.1日衍青厂失火，至今没有赔偿",
        "楼下夜宵店天天打架",
        "希望杜绝电动车上楼充电，避免爆炸",
    ],
)
def test_history_fear_and_practice_are_only_a_hint(words, text):
    assert words.look(text).is_certain is False


def test_what_names_no_danger_is_nothing(words):
    assert words.look("路灯不亮，请来修") is None


def test_a_calming_word_in_another_sentence_does_not_calm(words):
    assert words.look("去年也有过投诉。现在二楼着火了").is_certain is True


def test_words_hold_for_their_days_only(words):
    DangerWord.objects.filter(word="着火").update(valid_to=DAY)
    assert Watchwords(on=DAY).look("着火了") is None


def test_a_look_costs_one_query_whatever_the_text(words, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = Watchwords(on=DAY)
        found.look("着火了" * 100)
        found.look("路灯不亮")


def test_residents_posts_of_a_city_seldom_fire(words):
    if not POSTS.exists():
        pytest.skip(f"no {POSTS}")
    with POSTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    fired = [
        row["number"]
        for row in rows
        if (found := words.look(f"{row['title']}。{row['content']}")) and found.is_certain
    ]
    # Two who speak of taking their lives; one tells afterwards of people stuck in a lift.
    assert (len(rows), fired) == (1372, ["171337", "171618", "185939"])
