"""Rolls in the browser: bring in with a dry run, look up, print, confirm; a resident's claim."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grids.models import Claim, Roll
from grids.services import rolls
from lib.roles import Role
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.grids.test_rolls import AT, LINES, brought, csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    town = TerritoryFactory(town=True)
    return TerritoryFactory(community=True, parent=town, name="梅塘社区")


@pytest.fixture
def clerk(community):
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=community)
    return PostFactory(role=Role.COMMUNITY_WORKER, body=body).person


@pytest.fixture
def office(client, clerk):
    client.force_login(clerk)
    return client


def sent(community, *lines, **more):
    file = SimpleUploadedFile("roll.csv", csv_of(*lines))
    return {"community": community.pk, "kind": "owners", "name": "富康花园", "file": file, **more}


def test_a_file_is_checked_and_brought_in(office, community):
    answer = office.post(reverse("grids:roll_new"), sent(community, *LINES, check="1"))
    assert (answer.status_code, answer.context["report"].dwellings) == (200, 3)
    assert Roll.objects.count() == 0
    answer = office.post(reverse("grids:roll_new"), sent(community, *LINES))
    assert answer.headers["Location"] == reverse("grids:roll", args=[Roll.objects.get().pk])


def test_who_keeps_one_community_has_it_chosen(office, community):
    form = office.get(reverse("grids:roll_new")).context["form"]
    assert form["community"].initial == community


def test_bad_lines_are_shown_with_number_and_reason(office, community):
    answer = office.post(reverse("grids:roll_new"), sent(community, "1,x,张三,1234,"))
    assert answer.status_code == 422
    assert "不是" in answer.content.decode()
    assert '<dl class="facts">' not in answer.content.decode()
    assert Roll.objects.count() == 0


def test_another_communitys_roll_cannot_be_written_or_found(office, community):
    elsewhere = TerritoryFactory(community=True, parent=TerritoryFactory(town=True))
    answer = office.post(reverse("grids:roll_new"), sent(elsewhere, *LINES))
    assert (answer.status_code, Roll.objects.count()) == (422, 0)
    roll = brought(elsewhere, UserFactory()).roll
    for name in ("roll", "roll_codes"):
        asked = office.post if name == "roll_codes" else office.get
        assert asked(reverse(f"grids:{name}", args=[roll.pk])).status_code == 404
    place = roll.dwellings.first().entitled.first()
    assert office.get(reverse("grids:place", args=[place.pk])).status_code == 404


def test_the_page_of_a_roll_searches_and_shows_masked_names(office, community, clerk):
    roll = brought(community, clerk).roll
    page = office.get(reverse("grids:roll", args=[roll.pk])).content.decode()
    assert "张*丰" in page
    assert "269.95" in page
    found = office.get(reverse("grids:roll", args=[roll.pk]), {"q": "103"})
    assert [row.number for row in found.context["page"].rows] == ["1栋103"]


def test_lists_cost_the_same_with_one_and_three_rows(
    office, community, clerk, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            office.get(reverse("grids:rolls"))
            office.get(reverse("grids:roll", args=[Roll.objects.current().get().pk]))
        return len(asked)

    brought(community, clerk, LINES[2])
    one = cost()
    brought(community, clerk)
    assert cost() == one


def test_letters_are_printed_and_codes_work(office, community, clerk, client):
    roll = brought(community, clerk).roll
    answer = office.post(reverse("grids:roll_codes", args=[roll.pk]))
    assert answer.content[:5] == b"%PDF-"
    assert roll.dwellings.exclude(code_digest="").count() == 3


def test_a_clerk_confirms_an_account_and_ends_a_claim(office, community, clerk):
    roll, person = brought(community, clerk).roll, UserFactory(phone="13812345678")
    place = roll.dwellings.get(number="1栋103").entitled.first()
    address = reverse("grids:place", args=[place.pk])
    assert office.post(address, {"account": "13900000000", "seen": "on"}).status_code == 422
    assert office.post(address, {"account": "13812345678", "seen": "on"}).status_code == 302
    assert Claim.objects.get(ended_at=None).person == person
    assert office.post(address, {"reason": "认错人"}).status_code == 302
    assert Claim.objects.filter(ended_at=None).count() == 0


def test_a_resident_takes_a_place_with_the_letter(client, community, clerk):
    roll, person = brought(community, clerk).roll, UserFactory()
    code = dict(rolls.print_codes(roll, by=clerk, at=AT))["1栋102"]
    client.force_login(person)
    said = {"roll": roll.pk, "dwelling": "1栋102", "name": "王五", "identity": "4321"}
    wrong = client.post(reverse("grids:claim"), {**said, "code": "AAAAAAAA"})
    assert (wrong.status_code, Claim.objects.count()) == (422, 0)
    client.post(reverse("grids:claim"), {**said, "code": code})
    assert Claim.objects.get().person == person
    assert "1栋102" in client.get(reverse("grids:claim")).content.decode()
