import datetime

import pytest

from grids.models import BodyTerritory, ChangeCounter
from lib.roles import Role
from routing.models import Category, FilingStandard
from tests.factories.funding import PurposeFactory
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory
from tests.factories.routing import (
    AdmissionFactory,
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
    StandardFactory,
)

pytestmark = pytest.mark.django_db
NEXT_YEAR = "2030-01-01"


@pytest.fixture
def as_system(client):
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    return client


@pytest.fixture
def town():
    return TerritoryFactory(town=True)


@pytest.fixture
def as_committee(client, town):
    """A committee of one town."""
    post = PostFactory(role=Role.COMMITTEE_MEMBER, body=BodyFactory(committee=True))
    BodyTerritory.objects.create(body=post.body, territory=town, valid_from=LONG_AGO)
    client.force_login(post.person)
    return client


def counted(subject):
    return (
        ChangeCounter.objects.filter(subject=subject).values_list("value", flat=True).first() or 0
    )


def test_a_category_learns_its_initials_and_is_counted(as_system):
    typed = {
        "code": "cover", "name": "井盖缺失", "name_en": "Cover missing", "publicity": "masked",
        "keywords": "井盖\n窨井", "valid_from": "2026-01-01",
    }  # fmt: skip
    as_system.post("/catalogue/categories/new/", typed)
    category = Category.objects.get()
    assert (category.initials, category.keywords) == ("jgqs", ["井盖", "窨井"])
    as_system.post(f"/catalogue/categories/{category.pk}/edit/", {**typed, "name": "路灯"})
    category.refresh_from_db()
    assert (category.initials, counted("catalogue")) == ("ld", 2)


def test_a_category_cannot_stand_below_itself(as_system):
    top = CategoryFactory()
    low = CategoryFactory(parent=top)
    typed = {"code": top.code, "name": top.name, "name_en": "x", "publicity": "open"}
    answer = as_system.post(f"/catalogue/categories/{top.pk}/edit/", {**typed, "parent": low.code})
    assert list(answer.context["form"].errors) == ["__all__"]


def test_a_changed_standard_leaves_the_old_one_to_the_cases_that_have_it(as_system):
    old, purpose = StandardFactory(), PurposeFactory()
    typed = {
        "category": old.category.code, "rank": 1, "condition": "有问题", "closing_condition": "好",
        "sign_limit": 2, "sign_unit": "work_hour", "handle_limit": 3, "handle_unit": "work_day",
        "points": 2, "cost": "1,200.50", "purpose": purpose.pk, "valid_from": NEXT_YEAR,
    }  # fmt: skip
    as_system.post(f"/catalogue/standards/{old.pk}/edit/", typed)
    old.refresh_from_db()
    new = FilingStandard.objects.exclude(pk=old.pk).get()
    assert (old.handle_limit, old.valid_to) == (1, datetime.date(2030, 1, 1))
    assert (new.handle_limit, new.cost, new.valid_to) == (3, 120050, None)


def test_a_cost_without_a_purpose_is_refused_beside_the_form(as_system):
    category = CategoryFactory()
    typed = {
        "category": category.code, "rank": 1, "condition": "x", "closing_condition": "x",
        "sign_limit": 2, "sign_unit": "work_hour", "handle_limit": 3, "handle_unit": "work_day",
        "points": 1, "cost": "5", "valid_from": NEXT_YEAR,
    }  # fmt: skip
    errors = as_system.post("/catalogue/standards/new/", typed).context["form"].errors
    assert "purpose" in errors
    assert FilingStandard.objects.exists() is False


def test_an_amount_that_is_none_is_explained(as_system):
    answer = as_system.post("/catalogue/standards/new/", {"cost": "much"})
    assert [e.code for e in answer.context["form"].errors.as_data()["cost"]] == ["not_an_amount"]


def test_what_a_second_person_reviews_is_only_read_here(as_system, as_committee):
    rows = {
        "duties": DutyEntryFactory(), "admissions": AdmissionFactory(),
        "community-lists": CommunityDutyFactory(),
    }  # fmt: skip
    for client in (as_system, as_committee):
        for key, row in rows.items():
            assert client.get(f"/catalogue/{key}/{row.pk}/").status_code == 200
            assert client.get(f"/catalogue/{key}/new/").status_code in {403, 404}
            assert client.post(f"/catalogue/{key}/{row.pk}/end/").status_code in {403, 404}


def test_a_handler_reads_no_duty_list_here(client):
    client.force_login(PostFactory(role=Role.HANDLER).person)
    assert client.get("/catalogue/duties/").status_code == 403
