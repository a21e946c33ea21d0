"""One field for everything that everybody may read, and for nothing else."""

import pytest
from django.urls import reverse

from cases.models import Case
from portal.views import search
from tests.factories import cases as making
from tests.factories.consultation import make_draft, make_place, make_running
from tests.factories.funding import LineFactory
from tests.factories.routing import ServiceItemFactory

pytestmark = pytest.mark.django_db


def found(client, words):
    return client.get(reverse("portal:search"), {"q": words})


def test_pages_are_found_by_their_names(client, town):
    assert reverse("portal:money_donations") in found(client, "donat").content.decode()
    assert "Nothing was found" in found(client, "lighthouse").content.decode()


def test_services_money_and_talks_are_found(client, town):
    item, line = ServiceItemFactory(name_en="Orchid permit"), LineFactory(name="兰花基金")
    place = make_place()
    begun = make_running(place, title="兰花种在哪里")
    draft = make_draft(place, begun.blueprint, title="兰花草稿")
    assert (
        reverse("routing:service_item", args=[item.code])
        in found(client, "orchid").content.decode()
    )
    html = found(client, "兰花").content.decode()
    assert reverse("portal:money_line", args=[line.code]) in html
    assert begun.number in html
    assert draft.number not in html


def test_the_number_of_a_published_matter_leads_to_it(client, town):
    case = making.closed(town)
    assert found(client, case.number).url == reverse("portal:published_case", args=[case.number])
    Case.objects.filter(pk=case.pk).update(publicity="closed")
    assert found(client, case.number).status_code == 200


def test_one_address_does_not_search_without_end(client, town, monkeypatch):
    monkeypatch.setattr(search, "MOST_A_MINUTE", 1)
    assert [found(client, "x").status_code for _try in range(2)] == [200, 429]


def test_home_and_the_page_that_is_missing_offer_the_field(client, town):
    for address in ("/", "/nothing-here/"):
        assert f'action="{reverse("portal:search")}"' in client.get(address).content.decode()
