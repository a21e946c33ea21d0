"""The demo's appraisals: one at every step, each made again of what is stored."""

import datetime
from collections import Counter
from unittest.mock import patch

import pytest

from lib.roles import Role
from organizations.models import User
from oversight.models import Appeal, Appraisal, Consequence, Edition, Input
from oversight.services import appraising
from oversight.services.outcomes import as_published, recomputed
from oversight.services.reference import load_reference
from oversight.workflow import State
from portal.demo.appraisals import appraise
from tests.factories import appraisals as make
from tests.factories.appraisals import AT, BAD, FAIR, GOOD
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db
RESULTS = (GOOD, FAIR, BAD)


@pytest.fixture
def place():
    load_reference(by=User.objects.system(), at=AT)
    found = make.make_place()
    community = BodyFactory(community=True)
    BodyTerritoryFactory(body=community, territory=found.town.community)
    PostFactory(body=community, role=Role.GRID_WORKER)
    for _each in range(6):
        make.department(found)
    return found


def numbers(_appraisal, rows, *, at):
    return {one.pk: dict(RESULTS[one.pk % 3]) for one in rows}


def tell(at):
    with patch.object(appraising, "numbers_for", numbers):
        appraise(at=at)


@pytest.fixture
def told(place):
    tell(AT)


@pytest.mark.parametrize("day", [1, 4, 28])
def test_it_is_told_on_any_day_of_a_month(place, day):
    tell(AT.replace(day=day))
    assert Appraisal.objects.count() == 6


def test_one_stands_at_every_step(told):
    states = Counter(Appraisal.objects.values_list("state", flat=True))
    assert states == dict.fromkeys(set(State) - {State.COMPUTING}, 1)


def test_every_outcome_is_made_again_of_what_is_stored(told):
    outcomes = list(Edition.objects.select_related("appraisal"))
    assert len(outcomes) == 7  # one each, and one corrected
    assert [one for one in outcomes if recomputed(one) != as_published(one)] == []
    ranked = [one for one in outcomes if any(each.rank for each in as_published(one).values())]
    assert len(ranked) >= 4


def test_the_quarter_was_appealed_against_corrected_and_followed_up(told):
    quarter = Appraisal.objects.get(state=State.PUBLISHED)
    assert (quarter.span, quarter.last) == ("quarter", datetime.date(2026, 9, 30))
    assert Appeal.objects.get().edition == quarter.editions.get(number=2)
    assert Input.objects.filter(appraised__appraisal=quarter, edition=2).exists()
    assert set(Consequence.objects.values_list("kind", "state")) == {
        ("praise", "approved"), ("bonus", "proposed"),
    }  # fmt: skip


def test_without_an_assessor_nothing_is_told(db):
    appraise(at=AT)
    assert not Appraisal.objects.exists()
