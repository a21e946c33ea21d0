import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from grids import services
from grids.models import DutyShift
from lib.roles import Role
from organizations.models import Body
from organizations.models.bodies import Nature
from tests.factories.cases import POINT
from tests.factories.grids import BodyTerritoryFactory, PostTerritoryFactory, ShiftKindFactory
from tests.factories.organizations import BodyFactory, BodyKindFactory, PostFactory

HOUR = datetime.timedelta(hours=1)
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


def test_a_name_is_whole_only_with_consent_and_the_official_telephone_is_shown(
    client, town, office
):
    worker = worker_of(town.grid, office)
    worker.person.full_name, worker.person.full_name_en = "欧阳建国", ""
    worker.person.save()
    assert [one.name for one in asked(client, **POINT).shown] == ["欧阳**"]
    at = timezone.now()
    services.set_public_card(
        worker, shows_name=True, phone="0769-83360000", by=worker.person, at=at
    )
    shown = asked(client, **POINT).shown[0]
    assert (shown.name, shown.phone) == ("欧阳建国", "0769-83360000")


def test_the_whole_team_is_shown_heads_first_and_who_is_on_duty_now(client, town, office):
    head, worker = worker_of(town.grid, office), worker_of(town.grid, office)
    at, by = timezone.now(), head.person
    day = timezone.localdate(at)
    services.join_team(town.community, role="police", name="何强", house="黄江派出所",
                       phone="0769-83361110", shows_name=True, since=day, by=by, at=at)  # fmt: skip
    services.join_team(town.grid, role="head", post=head, since=day, by=by, at=at)
    DutyShift.objects.create(
        post=worker, kind=ShiftKindFactory(), day=day,
        starts_at=at + HOUR, ends_at=at + 2 * HOUR,
    )  # fmt: skip
    shown = asked(client, **POINT).shown
    assert [(one.role, one.on_duty) for one in shown] == [
        ("Grid head", True), ("Grid police officer", False), ("Grid worker", False),
    ]  # fmt: skip
    assert (shown[1].name, shown[1].phone) == ("何强", "0769-83361110")


def test_a_place_outside_the_city_is_said_to_be_outside(client, town):
    answer = client.get(reverse("portal:my_grid"), {"lon": 1, "lat": 1})
    assert "No community of this city was found there." in answer.content.decode()


def test_nothing_asked_shows_the_form_and_nothing_given_says_what_is_missing(client, town):
    assert client.get(reverse("portal:my_grid")).status_code == 200
    answer = client.get(reverse("portal:my_grid"), {"address": ""})
    assert list(answer.context["form"].errors) == ["address"]
