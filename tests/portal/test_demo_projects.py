"""The demo's project calls: one carried out with every state of a promise, a vote, a collection."""

import pytest
from django.utils import timezone

from consultation.models import Commitment, Idea, ProjectCall
from lib.roles import Role
from portal.demo.projects import call_for_projects
from tests.factories.funding import LineFactory
from tests.factories.organizations import PostFactory
from tests.factories.projects import make_town
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db


def test_calls_in_three_states_and_promises_done_checked_overdue():
    town = make_town()
    LineFactory(body=town.home, purposes=[town.purpose], free=200_000_00)
    PostFactory(body=town.home, role=Role.DEPARTMENT_HEAD)
    PostFactory(body=town.home, role=Role.GRID_WORKER)
    town.host.username = "host"
    town.host.save()
    for _ in range(5):
        ResidentFactory()
    now = timezone.now()
    call_for_projects(at=now)
    states = ProjectCall.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["carried", "voting", "collecting"]
    promised = Commitment.objects.order_by("pk")
    assert {one.state for one in promised} >= {"done", "reported", "running"}
    assert Commitment.objects.overdue(on=timezone.localdate(now)).count() == 1
    assert Idea.objects.filter(state="infeasible").exists()
    assert promised[0].ratings.exists()
