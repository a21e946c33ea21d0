"""The map of party work in new organisations."""

from django.urls import reverse
from django.utils import timezone

from committee.services import two_new
from tests.factories import committee as make
from tests.factories.grids import BoundaryFactory


def shapes(client, person):
    client.force_login(person)
    return client.get(reverse("committee:coverage_shapes"))


def test_communities_are_shaded_by_what_lacks_there(client, chain):
    BoundaryFactory(territory=chain.community)
    row = make.organisation(chain)
    (shape,) = shapes(client, chain.worker).json()["features"]
    assert shape["geometry"]["type"] == "Polygon"
    assert (shape["properties"]["tone"], shape["properties"]["title"]) == (
        "overdue", chain.community.name,
    )  # fmt: skip
    assert f"community={chain.community.pk}" in shape["properties"]["url"]
    today, at = timezone.localdate(), timezone.now()
    until = today + 9 * make.DAY
    two_new.send_instructor(row, chain.clerk, since=today, until=until, by=chain.secretary, at=at)
    (shape,) = shapes(client, chain.secretary).json()["features"]
    assert shape["properties"]["tone"] == "asked"
    two_new.record_activity(row, held_on=today, title="x", attended=3, by=chain.clerk, at=at)
    (shape,) = shapes(client, chain.secretary).json()["features"]
    assert shape["properties"]["tone"] == "done"


def test_only_who_keeps_the_register_has_the_map(client, chain):
    assert shapes(client, chain.head).status_code == 403


def test_the_page_draws_outlines_of_the_town(client, chain):
    make.organisation(chain)
    client.force_login(chain.worker)
    page = client.get(reverse("committee:coverage")).content.decode()
    assert f"town={chain.town.code}" in page
    assert reverse("committee:coverage_shapes") in page
