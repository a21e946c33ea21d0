import pytest
from django.urls import reverse

from lib.roles import Role
from organizations.models import Body
from organizations.models.bodies import Nature
from tests.factories.cases import POINT
from tests.factories.grids import BodyTerritoryFactory, PostTerritoryFactory
from tests.factories.organizations import BodyFactory, BodyKindFactory, PostFactory

pytestmark = pytest.mark.django_db


def asked(client, **query):
    return client.get(reverse("portal:my_grid"), query).context.get("found")


@pytest.fixture
def office(town):
    kind = BodyKindFactory(code="committee-of-residents", nature=Nature.COMMUNITY)
    body = BodyFactory(name="梅塘居委会", kind=kind)
    Body.objects.filter(pk=body.pk).update(phone="0769-12345678")
    BodyTerritoryFactory(body=body, territory=town.community)
    return body


def worker_of(territory, body):
    post = PostFactory(body=body, role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=territory)
    return post


def test_a_point_leads_to_the_worker_of_its_grid_before_those_of_the_community(
    client, town, office
):
    worker_of(town.community, office)
    own = worker_of(town.grid, office)
    found = asked(client, **POINT)
    assert (found.community, found.grid, found.workers) == (town.community, town.grid, [own])
    assert found.bodies == [office]


def test_an_address_leads_to_the_workers_of_the_community(client, town, office):
    worker = worker_of(town.community, office)
    found = asked(client, address="黄江镇梅塘社区环城路")
    assert (found.community, found.grid, found.workers) == (town.community, None, [worker])


def test_private_telephones_are_not_shown_but_the_office_is(client, town, office):
    worker = worker_of(town.grid, office)
    worker.person.phone = "13812345678"
    worker.person.save(update_fields=["phone"])
    html = client.get(reverse("portal:my_grid"), POINT).content.decode()
    assert "13812345678" not in html
    assert "0769-12345678" in html


def test_a_place_outside_the_city_is_said_to_be_outside(client, town):
    answer = client.get(reverse("portal:my_grid"), {"lon": 1, "lat": 1})
    assert "No community of this city was found there." in answer.content.decode()


def test_nothing_asked_shows_the_form_and_nothing_given_says_what_is_missing(client, town):
    assert client.get(reverse("portal:my_grid")).status_code == 200
    answer = client.get(reverse("portal:my_grid"), {"address": ""})
    assert list(answer.context["form"].errors) == ["address"]
