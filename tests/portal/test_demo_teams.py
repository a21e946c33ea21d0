"""The demo's teams: everybody who walks has a part, shifts and, two of three, a name to read."""

import datetime

import pytest
from django.utils import timezone

from grids.models import DutyShift, PublicCard, TeamMember
from lib.roles import Role
from portal.demo.invention import Inventor
from portal.demo.teams import staff
from tests.factories.cases import make_town
from tests.factories.grids import PostTerritoryFactory, ShiftKindFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


def test_a_grids_worker_gets_a_part_and_four_weeks_of_shifts():
    town, at = make_town(), timezone.now()
    post = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=post, territory=town.grid)
    ShiftKindFactory(code="day", mark="白")
    staff(Inventor(1), since=datetime.date(2026, 1, 1), at=at)
    assert TeamMember.objects.filter(post=post, territory=town.grid).exists()
    assert set(
        TeamMember.objects.filter(territory=town.community).values_list("role", flat=True)
    ) == {"police", "legal", "medical"}
    assert DutyShift.objects.filter(post=post).count() == 20
    assert PublicCard.objects.filter(post=post).exists()
