"""The six functional areas of the demo: bodies, people, a secret election, a task each."""

import pytest
from django.utils import timezone

from committee.models import Ballot, Directive, Member, Paper
from committee.services.reference import load_reference
from grids.models import Level, Territory
from grids.scopes import scopes_of
from grids.services.reference import load_reference as load_territory
from organizations.models import Body, BodyKind, User
from organizations.services.reference import load_reference as load_organizations
from portal.demo import areas
from portal.demo.invention import Inventor
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def committees():
    system, now = UserFactory.system(), timezone.now()
    for load in (load_organizations, load_territory, load_reference):
        load(by=system, at=now)
    since = timezone.localdate(now - 60 * areas.DAY)
    made = areas.make_areas(since=since, by=system, at=now)
    areas.staff_areas(Inventor(1), at=now)
    areas.coordinate(at=now)
    return made


def test_every_area_has_its_committee_and_its_department(committees):
    codes = set(Territory.objects.at_level(Level.AREA).values_list("code", flat=True))
    assert set(committees) == codes
    assert len(codes) == 6
    kind = BodyKind.objects.get(code="social-work-department")
    assert Body.objects.filter(kind=kind).count() == 7  # and that of the city
    assert Body.objects.get(code="441900-binhai-social-work").parent == committees["441900-binhai"]


def test_each_has_members_a_task_and_an_election_that_names_nobody(committees):
    today = timezone.localdate()
    for body in committees.values():
        assert Member.objects.of_body(body, on=today).count() == 3
        assert Directive.objects.get(body=body).owner_body.parent == body
    elections = Ballot.objects.filter(is_secret=True)
    assert (elections.count(), Paper.objects.count()) == (6, 18)
    verbs = set(Directive.objects.values_list("verb", flat=True))
    assert verbs == {"plan", "advance", "coordinate", "mobilise"}
    assert Directive.objects.overdue(today).count() == 1


def test_the_secretary_of_an_area_reaches_its_towns(committees):
    person = User.objects.get(username="area")
    (scope,) = scopes_of(person, on=timezone.localdate())
    towns = Territory.objects.filter(pk__in=scope.towns).values_list("code", flat=True)
    assert "441900114" in towns
    assert len(towns) == 5
