"""What one may apply for and where: read by everybody, kept in the browser, measured."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from grids.models import Level
from lib.roles import Role
from organizations.models import User
from routing.models import Category, CentreStandard, ServiceItem
from routing.reference import read_rows
from routing.services.reference import add_centre_standards, add_service_items
from tests.conftest import TODAY
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import PostFactory
from tests.factories.routing import (
    LONG_AGO,
    CategoryFactory,
    CentreStandardFactory,
    ServiceCentreFactory,
    ServiceItemFactory,
)

pytestmark = pytest.mark.django_db
ENDED = datetime.date(2021, 1, 1)


def read(client, name, *args, language="en", **query):
    client.cookies["django_language"] = language
    return client.get(reverse(f"routing:{name}", args=args), query).content.decode()


def test_everybody_finds_what_to_apply_for_by_a_word_of_it_or_of_a_paper(client):
    ServiceItemFactory()
    ServiceItemFactory(name="居住证", name_en="Residence permit", materials_en="A photo")
    assert "Residence permit" in read(client, "service_items")
    found = read(client, "service_items", q="household")
    assert "Minimum living allowance" in found
    assert "Residence permit" not in found
    assert "居住证" in read(client, "service_items", language="zh-hans", q="居住")
    assert "Nothing was found" in read(client, "service_items", q="lighthouse")


def test_one_page_says_who_what_how_long_and_leads_to_a_report_of_its_kind(client):
    item = ServiceItemFactory(category__name="低保申请")
    html = read(client, "service_item", item.code)
    for words in ("Families of low income", "Household book", "30 working days", "Free of charge"):
        assert words in html
    assert "/report/?kind=%E4%BD%8E%E4%BF%9D%E7%94%B3%E8%AF%B7" in html
    assert "户口簿" in read(client, "service_item", item.code, language="zh-hans")


def test_what_has_ended_is_not_offered(client):
    item = ServiceItemFactory(valid_to=ENDED)
    assert client.get(reverse("routing:service_item", args=[item.code])).status_code == 404
    assert str(item) not in read(client, "service_items")


def test_a_limit_is_a_day_at_least():
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceItemFactory(days=0)


@pytest.mark.parametrize(
    ("less", "words"),
    [
        ({}, []),
        ({"windows": 1}, ["windows: 1 instead of 2"]),
        ({"equipment": ["老花镜"], "staff": 3}, ["staff: 3 instead of 4", "It lacks: 自助办理机"]),
    ],
)
def test_a_centre_falls_short_of_what_its_level_must_have(less, words):
    with translation.override("en"):
        assert ServiceCentreFactory(**less).shortfalls(CentreStandardFactory()) == words
        assert ServiceCentreFactory(**less).shortfalls(None) == []


def test_counters_are_found_and_say_what_they_lack(client):
    community = TerritoryFactory(level=Level.COMMUNITY)
    CentreStandardFactory(valid_from=LONG_AGO, valid_to=ENDED, windows=9)
    CentreStandardFactory(valid_from=ENDED)
    ServiceCentreFactory(territory=community, windows=1)
    html = read(client, "service_centres", q="Changlong")
    assert "windows: 1 instead of 2" in html
    assert "instead of 9" not in html
    assert "No counter was found" in read(client, "service_centres", q="nowhere")


def test_three_centres_cost_what_one_costs(client, django_assert_max_num_queries):
    for _number in range(3):
        ServiceCentreFactory(territory=TerritoryFactory(level=Level.COMMUNITY))
    with django_assert_max_num_queries(4):
        read(client, "service_centres")


def test_a_committee_keeps_them_in_the_browser_and_a_handler_does_not(client):
    category = CategoryFactory(parent=CategoryFactory())
    typed = {
        "code": "permit", "category": category.code, "name": "居住证", "name_en": "Permit",
        "applicants": "外来人员", "materials": "身份证", "result": "证件", "fee": "12.50",
        "valid_from": "2026-11-23",
    }  # fmt: skip
    address = reverse("organizations:catalogue_new", args=["service-items"])
    client.force_login(PostFactory(role=Role.HANDLER).person)
    assert client.post(address, typed).status_code == 403
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    assert client.post(address, typed).status_code == 302
    assert ServiceItem.objects.get().fee == 1250


def test_reference_is_loaded_once_and_only_with_its_categories():
    by, at = User.objects.system(), TODAY
    assert add_service_items(by=by, at=at) == 0
    for row in read_rows("service_items"):
        CategoryFactory(code=row["category"])
    assert add_service_items(by=by, at=at) == Category.objects.count()
    assert add_service_items(by=by, at=at) == 0
    assert add_centre_standards(by=by, at=at) == CentreStandard.objects.count() == 2
    assert add_centre_standards(by=by, at=at) == 0
