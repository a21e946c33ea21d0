"""Categories and the duty list as JSON, for everybody, by pages."""

import datetime

import pytest
from rest_framework.test import APIClient

from routing.suggest import initials_of
from tests.factories.organizations import BodyFactory
from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory

CATEGORIES, DUTIES = "/api/v1/routing/categories/", "/api/v1/routing/duties/"
ENDED = datetime.date(2020, 2, 1)


@pytest.fixture
def api(db):
    return APIClient()


def rows(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_small_class_comes_with_the_standards_that_hold(api, town):
    StandardFactory(category=town.small, rank=2, valid_to=ENDED)
    answer = api.get(f"{CATEGORIES}cover/").json()
    (standard,) = answer.pop("standards")
    assert answer == {
        "id": town.small.pk,
        "code": "cover",
        "national_code": "",
        "large_code": "facilities",
        "name": "井盖缺失",
        "name_en": "Cover missing",
        "keywords": [],
        "is_emergency": False,
        "files_automatically": False,
        "publicity": "masked",
    }
    assert (standard["handle_limit"], standard["handle_unit"], standard["cost"]) == (
        2, "urgent_hour", 60_000,
    )  # fmt: skip
    assert standard["purpose_code"] == town.purpose.code


def test_large_and_ended_classes_are_not_listed(api, town):
    CategoryFactory(code="gone", valid_to=ENDED)
    assert [row["code"] for row in rows(api.get(CATEGORIES))] == ["cover"]
    assert api.get(f"{CATEGORIES}facilities/").status_code == 404


def test_categories_are_found_as_people_type(api, town):
    town.small.initials = initials_of(town.small.name)
    town.small.save(update_fields=["initials"])
    other = CategoryFactory(is_emergency=True)
    for query, codes in (
        ({"q": "jgq"}, ["cover"]),
        ({"q": "井盖"}, ["cover"]),
        ({"q": "nothing like it"}, []),
        ({"large": "facilities"}, ["cover"]),
        ({"is_emergency": "true"}, [other.code]),
    ):
        assert [row["code"] for row in rows(api.get(CATEGORIES, query))] == codes


def test_an_entry_names_who_leads_assists_and_pays(api, town):
    town.entry.assistants.add(BodyFactory(code="police"))
    assert rows(api.get(DUTIES, {"territory": town.place.code})) == [
        {
            "id": town.entry.pk,
            "category_code": "facilities",
            "territory_code": town.place.code,
            "territory_name": "黄江镇",
            "lead_code": town.office.code,
            "lead_name": "规划建设办",
            "lead_name_en": "Planning office",
            "assistant_codes": ["police"],
            "payer_code": None,
            "origin": "list",
            "legal_basis": "",
            "valid_from": "2020-01-01",
            "valid_to": None,
        }
    ]


def test_entries_are_narrowed_and_ended_ones_left_out(api, town):
    DutyEntryFactory(valid_to=ENDED)
    other = DutyEntryFactory(category=None, precedent=True)
    for query, found in (
        ({}, [town.entry.pk, other.pk]),
        ({"category": "facilities"}, [town.entry.pk]),
        ({"lead": other.lead.code}, [other.pk]),
        ({"origin": "precedent"}, [other.pk]),
    ):
        assert [row["id"] for row in rows(api.get(DUTIES, query))] == found


@pytest.mark.parametrize("address", [CATEGORIES, DUTIES])
def test_lists_cost_the_same_queries_for_one_and_for_three_rows(
    api, town, address, django_assert_num_queries
):
    api.get(address)
    with django_assert_num_queries(2):
        api.get(address)
    for _ in range(2):
        StandardFactory()
        DutyEntryFactory(assistants=[BodyFactory()])
    with django_assert_num_queries(2):
        api.get(address)


@pytest.mark.parametrize("address", [CATEGORIES, DUTIES])
def test_nothing_is_written_here(api, town, address):
    api.force_authenticate(town.post.person)
    assert api.post(address, {}).status_code == 405
