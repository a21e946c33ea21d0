"""A commitment calls for volunteers: who may, what the organiser gets, what its page shows."""

import pytest
from django.urls import reverse

from consultation.services import committing
from grids.models import Level
from lib.roles import Role
from tests.factories import commitments as made
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.projects import AT, make_town
from volunteers import services
from volunteers.models import Call, Topic

pytestmark = pytest.mark.django_db
WANTED = {
    "title": "义务植树", "text": "请协助在中心公园种树", "people": "12",
    "starts_at": "2027-03-12T09:00", "ends_at": "2027-03-12T11:00", "address": "中心公园",
}  # fmt: skip


@pytest.fixture
def town(settings):
    settings.LANGUAGE_CODE = "en"
    return make_town()


@pytest.fixture
def commitment(town):
    return made.promised(town)


def url(commitment):
    return reverse("consultation:call_volunteers", args=[commitment.pk])


def page(client, person, commitment):
    client.force_login(person)
    return client.get(reverse("consultation:commitment", args=[commitment.pk])).content.decode()


def test_its_body_calls_and_the_organiser_of_the_place_answers(client, town, commitment):
    organizer = PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=town.centre).person
    assert url(commitment) in page(client, town.head, commitment)
    asked = client.get(url(commitment)).content.decode()
    assert commitment.title in asked
    answer = client.post(url(commitment), WANTED)
    assert answer["Location"] == reverse("consultation:commitment", args=[commitment.pk])
    call = Call.objects.get()
    assert (call.subject_kind, call.subject_key) == ("consultation.commitment", str(commitment.pk))
    assert (call.body, call.community, call.people) == (town.office, town.community, 12)
    assert "义务植树" in page(client, town.head, commitment)
    client.force_login(organizer)
    assert "义务植树" in client.get("/volunteers/calls/").content.decode()
    topic = Topic.objects.create(code="x", name="x", name_en="x")
    activity = services.answer_call(call, by=organizer, at=call.at, topic=topic)
    assert f"/volunteers/activities/{activity.pk}/" in page(client, town.head, commitment)


def test_the_host_of_the_place_calls_too_and_takes_it_back(client, town, commitment):
    client.force_login(town.host)
    assert client.post(url(commitment), WANTED).status_code == 302
    assert client.post(url(commitment), WANTED).status_code == 422  # one at a time
    client.post(url(commitment), {"withdraw": "yes"})
    assert Call.objects.get().state == "withdrawn"


def test_others_do_not_call_and_what_has_ended_calls_no_more(client, town, commitment):
    for person, status in ((town.resident, 403), (town.supervisor, 403), (town.maker, 404)):
        client.force_login(person)
        assert client.get(url(commitment)).status_code == status
        assert client.post(url(commitment), WANTED).status_code == status
    ended = committing.drop(commitment, note="改由市里统一实施", by=town.host, at=AT)
    client.force_login(town.head)
    assert client.get(url(ended)).status_code == 403
    assert url(ended) not in page(client, town.head, ended)
    assert not Call.objects.exists()


def test_a_host_elsewhere_who_reads_of_it_does_not_call(client, town, commitment):
    """Who supervises here and hosts in another community reads, but does not act here."""
    here = PostFactory(body=town.home, role=Role.SUPERVISOR).person
    elsewhere = BodyFactory(community=True)
    other = TerritoryFactory(level=Level.COMMUNITY, parent=town.place, name="另一社区")
    BodyTerritoryFactory(body=elsewhere, territory=other)
    PostFactory(body=elsewhere, role=Role.CONSULTATION_HOST, person=here)
    client.force_login(here)
    assert client.get(reverse("consultation:commitment", args=[commitment.pk])).status_code == 200
    assert client.get(url(commitment)).status_code == 403
    assert client.post(url(commitment), WANTED).status_code == 403
    assert not Call.objects.exists()
