"""The demo's consultations: in every stage, late and in time, as their rows say."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from consultation.models import (
    Appeal,
    Consultation,
    Draft,
    MissedLimit,
    Objection,
    Opinion,
    Publication,
    Topic,
    TopicRating,
    Vote,
)
from consultation.services.blueprints import load_reference
from consultation.services.verifying import verify_publications
from lib.roles import Role
from organizations.models import User
from portal.demo.consultations import consult
from portal.demo.invention import rows
from portal.demo.opinions import opine
from portal.demo.residents import settle
from tests.factories import consultation as places
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db
COMMUNITIES = 7


@pytest.fixture
def town():
    """Seven communities with their hosts and workers, and a party secretary above them."""
    load_reference(by=User.objects.system(), at=timezone.now())
    town = TerritoryFactory(town=True, name="黄江镇")
    party = BodyFactory(name="镇党委")
    BodyTerritoryFactory(body=party, territory=town)
    PostFactory(body=party, role=Role.PARTY_SECRETARY)
    for number in range(COMMUNITIES):
        community = TerritoryFactory(
            level="community", parent=town, name=f"{number}社区", code=f"44190011900{number}"
        )
        body = BodyFactory(community=True)
        BodyTerritoryFactory(body=body, territory=community)
        for role in (Role.CONSULTATION_HOST, Role.COMMUNITY_WORKER, Role.DEPARTMENT_HEAD):
            PostFactory(body=body, role=role)
    return town


def stage_of(found):
    return found.stage.kind if found.stage else found.state


@pytest.mark.timeout(600)
def test_every_row_stands_where_it_says_and_every_chain_holds(town):
    at = timezone.now()
    consult(at=at)
    wanted = {row["title"]: row["until"] for row in rows("consultations")}
    found = Consultation.objects.select_related("stage")
    assert {row.title for row in found} == set(wanted)
    where = {
        "late": "notice", "standing": "notice", "planned": "session", "held": "session",
        "objected": "result", "reopened": "opinions",
    }  # fmt: skip
    assert {row.title: stage_of(row) for row in found} == {
        title: where.get(until, until) for title, until in wanted.items()
    }
    late = {row.title for row in found.late(at=at)}
    assert late == {title for title, until in wanted.items() if until == "late"}
    assert MissedLimit.objects.count() >= len(late)
    assert Counter(Objection.objects.values_list("state", flat=True)) == {"raised": 1, "upheld": 1}
    assert list(verify_publications()) == []
    assert set(Vote.objects.values_list("state", flat=True)) == {"judged"}
    assert Publication.objects.filter(version=2).count() == 1
    done = found.filter(state="done")
    assert done.filter(commitments__state="done").count() == done.count() > 0


@pytest.mark.timeout(600)
def test_topics_stand_in_every_state_and_are_wanted(town):
    consult(at=timezone.now())
    wanted = Counter(row["state"] for row in rows("topics"))
    assert Counter(Topic.objects.values_list("state", flat=True)) == wanted
    assert not TopicRating.objects.exists()  # nobody who may rate has an account here


@pytest.mark.timeout(600)
def test_people_speak_in_every_matter_and_everybody_is_answered_before_its_result(town):
    at = timezone.now()
    counter = PostFactory(body=BodyFactory(name="服务中心"), role=Role.ACCEPTOR)
    BodyTerritoryFactory(body=counter.body, territory=town)
    settle(password="!", at=at - datetime.timedelta(days=120))
    consult(at=at)
    opine(at=at)
    said = Opinion.objects.all()
    asked = Consultation.objects.filter(state="running", stage__kind="opinions")
    assert set(asked.values_list("pk", flat=True)) <= set(
        said.values_list("consultation", flat=True)
    )
    assert not said.unanswered().filter(consultation__state="done").exists()
    assert set(said.values_list("state", flat=True)) == {"shown", "hidden", "waiting"}
    assert said.filter(is_confidential=True).exists()
    assert said.exclude(article=None).exists()
    assert said.exclude(parent=None).exists()
    assert said.filter(likes__gte=2).exists()
    assert (Appeal.objects.count(), Draft.objects.count()) == (1, 1)


def test_nothing_is_told_where_nobody_hosts(db):
    places.make_place()
    consult(at=timezone.now())
    assert not Consultation.objects.exists()
