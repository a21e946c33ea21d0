"""Search: parts of words, in what one may see, and nothing personal for who must not see it."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from cases import services
from cases.models import Case, CaseSearch
from lib.roles import Role
from tests.factories import cases as make
from tests.factories.cases import later
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


def hits(query, *, whole=True):
    return set(Case.objects.searched(query, whole=whole))


PARTS = "井盖 井 路口的井盖 不见了，很危险 梅塘 黄江镇 井盖缺失 环城路 88号 环城路88"


@pytest.mark.parametrize("query", [*PARTS.split(), "井盖 梅塘"])
def test_a_part_of_number_title_text_address_place_or_category_finds_the_case(town, query):
    case = make.filed(town, address="环城路88号")
    make.filed(town, title="路灯", text="路灯不亮", category=None, lon=None, lat=None)
    assert hits(query) == {case}


@pytest.mark.parametrize("query", ["井路", "口盖", "梅塘 路灯", "盖井", "999"])
def test_what_stands_nowhere_finds_nothing(town, query):
    make.filed(town)
    assert hits(query) == set()


def test_a_number_is_found_by_its_beginning_and_by_its_end(town):
    first, second = make.filed(town), make.filed(town)
    assert hits(first.number) == {first}
    assert hits(first.number[:8]) == {first, second}
    assert hits(first.number[8:]) == {first}


@pytest.mark.parametrize("query", ["'", '"', "*", "a' | 'b", '" OR "', "井盖'", "NEAR(", "-", ":"])
def test_signs_that_mean_something_to_an_engine_are_harmless(town, query):
    make.filed(town)
    assert hits(query) in [set(), set(Case.objects.all())]


def test_a_query_without_any_word_leaves_the_list_as_it_is(town):
    case = make.filed(town)
    assert hits("，。") == {case}


def test_personal_details_are_found_by_those_who_may_see_them_only(town):
    case = make.filed(
        town,
        text="找诸葛亮明 13812345678，粤S12345",
        reporter_name="诸葛亮明",
        address="环城路88号3栋502室",
    )
    for query in ("13812345678", "亮明", "s12345", "502"):
        assert hits(query) == {case}, query
        assert hits(query, whole=False) == set(), query
    assert hits("环城路", whole=False) == {case}


@pytest.mark.parametrize(
    ("who", "expected"),
    [("acceptor", True), ("dispatcher", True), ("duty_officer", True), ("resident", True),
     ("verifier", False), ("handler", False), ("head", False), ("committee", False),
     ("worker", False)],
)  # fmt: skip
def test_who_searches_personal_details(town, who, expected):
    person = getattr(town, who)
    assert services.may_search_personal(person, at=make.MONDAY) is expected


def test_a_second_post_that_does_not_know_the_reporter_takes_the_right_away(town):
    PostFactory(person=town.dispatcher, body=town.office, role=Role.HANDLER)
    assert not services.may_search_personal(town.dispatcher, at=make.MONDAY)


def test_corrected_words_are_found_under_what_they_are_now(town):
    case = make.submitted(town)
    services.correct(case, by=town.acceptor, at=later(minutes=5), address="新地址路")
    assert hits("新地址") == {case}


def test_words_for_everybody_are_kept_apart(town):
    case = make.closed(town)
    assert not CaseSearch.objects.published_with("井盖").exists()
    services.publish_text(case, text="沟盖已换", by=town.dispatcher, at=later(hours=4))
    assert CaseSearch.objects.published_with("沟盖").get().case == case
    assert not CaseSearch.objects.published_with("路口的").exists()
    services.publish_text(case, text="", by=town.dispatcher, at=later(hours=5))
    assert not CaseSearch.objects.published_with("沟盖").exists()


def test_the_index_is_made_anew(town):
    case = make.filed(town)
    CaseSearch.objects.all().delete()
    assert hits("井盖") == set()
    call_command("index_cases", "--missing", stdout=io.StringIO())
    assert hits("井盖") == {case}
    call_command("index_cases", stdout=io.StringIO())
    assert hits("井盖") == {case}


def test_page_and_api_search_alike(town, client):
    case = make.filed(town)
    make.filed(town, title="路灯", text="路灯不亮", category=None)
    client.force_login(town.dispatcher)
    page = client.get(reverse("cases:list"), {"q": "井盖", "state": "filed"})
    assert [row.pk for row in page.context["page"].rows] == [case.pk]
    answer = client.get("/api/v1/cases/", {"q": "井盖"})
    assert [row["number"] for row in answer.json()["results"]] == [case.number]


def test_many_cases_are_indexed_in_as_many_statements_as_one(town, django_assert_num_queries):
    make.filed(town)
    with django_assert_num_queries(5):
        list(services.index_all(Case.objects.all()))
    make.filed(town)
    make.filed(town)
    with django_assert_num_queries(5):
        list(services.index_all(Case.objects.all()))
