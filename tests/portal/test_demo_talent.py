"""The demo's talent and legislation: every page has something; too small a town tells nothing."""

from collections import Counter

import pytest
from django.utils import timezone

from lib.roles import Role
from organizations.models import User
from oversight.models import Legislation
from portal.demo.invention import Inventor
from portal.demo.legislation import legislate
from portal.demo.talent import learn
from talent.models import Candidate, Certificate, Course, Membership, Movement, Selection
from talent.services.reference import load_reference
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.legislation import limits
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def place(town, at):
    load_reference(by=User.objects.system(), at=at)
    limits()
    above = BodyFactory(party=True)
    BodyTerritoryFactory(body=above, territory=town.place)
    body = BodyFactory(community=True, parent=above)
    BodyTerritoryFactory(body=body, territory=town.community)
    PostFactory(role=Role.PARTY_SECRETARY, body=above)
    for _number in range(10):
        PostFactory(role=Role.COMMUNITY_WORKER, body=body)
    return body


def states(model):
    return Counter(model.objects.values_list("state", flat=True))


def test_every_page_has_something(place, at):
    learn(Inventor(3), at=at)
    assert states(Course) == {"open": 3, "finished": 1, "planned": 1}
    assert states(Selection) == {"decided": 1, "published": 1, "judging": 1, "open": 1}
    assert states(Candidate) == {
        "applied": 4, "passed_over": 2, "proposed": 1, "appointed": 1,
    }  # fmt: skip
    assert Certificate.objects.count() == 6
    assert (Movement.objects.count(), Membership.objects.count()) == (3, 9)


def test_regulations_are_on_their_way(place, at):
    legislate(at=at)
    assert states(Legislation) == {
        "drafting": 2, "scheduled": 1, "justified": 1, "suggested": 1,
    }  # fmt: skip


def test_without_a_committee_nothing_is_told(db, at):
    learn(Inventor(3), at=at)
    legislate(at=at)
    assert not Course.objects.exists()
    assert not Legislation.objects.exists()
