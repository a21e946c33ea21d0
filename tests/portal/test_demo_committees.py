"""The demo's committees: every page has something, late things are red, gaps of every kind."""

import pytest
from django.utils import timezone

from committee.models import Directive, Gap, Meeting, NewOrganisation, PublicDecision
from committee.services import members, two_new
from committee.services.reference import load_reference
from lib.roles import Role
from organizations.models import BodyKind
from organizations.services.reference import load_reference as load_organizations
from portal.demo.committees import govern
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADS = ("law-enforcement", "planning-construction", "public-service", "emergency")


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    system = UserFactory.system()
    for load in (load_organizations, load_reference):
        load(by=system, at=timezone.now())
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    place = TerritoryFactory(town=True)
    for _number in range(3):
        TerritoryFactory(community=True, parent=place)
    party = BodyFactory(kind=kinds["town-party-committee"], code="441900114-party-committee")
    governance = BodyFactory(kind=kinds["town-committee"], parent=party)
    community = BodyFactory(kind=kinds["community-party"], parent=party)
    BodyTerritoryFactory(body=party, territory=place)
    people = (("secretary", Role.PARTY_SECRETARY, party),
              ("committee", Role.COMMITTEE_MEMBER, governance))  # fmt: skip
    for name, role, body in people:
        PostFactory(person=UserFactory(username=name), role=role, body=body)
    for slug in HEADS:
        office = BodyFactory(parent=governance, code=f"441900114-{slug}")
        PostFactory(role=Role.DEPARTMENT_HEAD, body=office)
    for _number in range(5):
        PostFactory(role=Role.GRID_WORKER, body=community)
    return party


def test_there_is_something_on_every_page(town):
    now = timezone.now()
    today = timezone.localdate(now)
    govern(at=now)
    assert set(Meeting.objects.values_list("state", flat=True)) == {"confirmed", "called"}
    states = list(Directive.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["done", "working", "working", "reported", "issued"]
    assert Directive.objects.overdue(today).count() == 1
    assert {row.verb for row in Directive.objects.all()} == {
        "plan", "advance", "coordinate", "mobilise",
    }  # fmt: skip
    assert PublicDecision.objects.count() == 2
    coming = Meeting.objects.get(state="called")
    assert coming.items.filter(source_kind="committee.directive").count() == 4
    assert [term.body for term in members.due_terms({town.pk}, on=today)] == [town]
    judged = NewOrganisation.objects.judged(two_new.rule_on(today), on=today)
    assert {row.gap for row in judged} == {"", *Gap.values}


def test_without_a_town_nothing_is_made():
    govern(at=timezone.now())
    assert not Meeting.objects.exists()
