import pytest

from routing.models import Category
from routing.suggest import find_categories, initials_of, suggest_categories
from tests.factories.routing import CategoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def categories():
    large = CategoryFactory(code="facilities", name="市政设施", name_en="Facilities")
    rows = [
        ("manhole-cover", "井盖缺失破损", "Manhole cover missing", ["井盖", "沙井盖"]),
        ("street-lamp-out", "路灯不亮", "Street lamp out", ["路灯", "照明", "损坏"]),
        ("guard-rail", "护栏损坏", "Damaged railing", ["护栏", "栏杆", "损坏"]),
    ]
    return {
        code: CategoryFactory(
            code=code, name=name, name_en=english, keywords=words, parent=large,
            initials=initials_of(name),
        )
        for code, name, english, words in rows
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("井盖", ["manhole-cover"]),
        ("jg", ["manhole-cover"]),
        ("LDBL", ["street-lamp-out"]),
        ("lamp", ["street-lamp-out"]),
        ("guard-rail", ["guard-rail"]),
        ("损坏", ["guard-rail", "street-lamp-out"]),
        ("栏杆", ["guard-rail"]),
        ("市政", []),
        ("  ", []),
        ("zzz", []),
    ],
)
def test_what_is_typed_finds_small_classes(categories, typed, codes):
    assert [known.code for known in find_categories(typed)] == codes


def test_beginnings_come_first_and_the_limit_holds(categories):
    large = categories["guard-rail"].parent
    CategoryFactory(code="other", name="其他路灯不亮", name_en="Other", parent=large)
    assert [known.code for known in find_categories("路灯")] == ["street-lamp-out", "other"]
    assert len(find_categories("路灯", limit=1)) == 1


def test_long_and_rare_words_weigh_more(categories):
    found = suggest_categories("路边沙井盖损坏了，护栏也有损坏")
    assert [suggestion.category_id for suggestion in found] == [
        categories[code].pk for code in ("manhole-cover", "guard-rail", "street-lamp-out")
    ]
    assert [suggestion.score for suggestion in found] == sorted(
        (suggestion.score for suggestion in found), reverse=True
    )
    assert all(0 < suggestion.score < 1 for suggestion in found)


def test_words_of_no_category_suggest_nothing(categories):
    assert suggest_categories("今天天气很好") == []


def test_ended_categories_are_not_found_on_a_day(categories):
    import datetime

    day = datetime.date(2026, 11, 23)
    Category.objects.filter(code="guard-rail").update(valid_to=day)
    assert find_categories("护栏", on=day) == []
    assert [known.code for known in find_categories("护栏")] == ["guard-rail"]


def test_it_costs_one_query(categories, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_categories("jg")
    suggest_categories("井盖")  # looks whether a model is in use
    with django_assert_num_queries(1):
        suggest_categories("井盖")
