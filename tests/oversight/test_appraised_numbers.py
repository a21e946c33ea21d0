"""What is stored for an appraisal is what the histories say: bodies, areas and people."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as cases
from cases.models import CaseEvent
from cases.services import whistles
from lib.roles import Role
from oversight.models import Appraisal, Input
from oversight.services import appraising, count_all
from oversight.services.obvious import History
from oversight.services.recounting import recounted
from tests.factories import appraisals as make
from tests.factories import cases as stages
from tests.factories.appraisals import AT
from tests.factories.cases import later

pytestmark = pytest.mark.django_db
SCHEMES = (
    {"of": "department"}, {"of": "community"}, {"of": "grid"},
    {"of": "person", "role": Role.HANDLER}, {"of": "person", "role": Role.GRID_WORKER},
)  # fmt: skip


@pytest.fixture
def place():
    return make.make_place()


def live(town, chance):
    """Cases of November at every stage, some handled late, reopened, sent back."""
    ways = [stages.filed, stages.dispatched, stages.handling, stages.reported, stages.checking,
            stages.closed, stages.rework, stages.returned]  # fmt: skip
    for _case in range(chance.randint(4, 9)):
        case = chance.choice(ways)(town)
        if case.state == "closed" and chance.random() < 0.4:
            cases.reopen(case, by=town.dispatcher, at=later(hours=9), note="又坏了")


@pytest.mark.parametrize("seed", range(4))
def test_stored_numbers_are_what_the_slow_count_of_histories_says(place, seed):
    live(place.town, random.Random(seed))
    count_all()
    end = make.IN_NOVEMBER.replace(day=30)
    for said in SCHEMES:
        row = make.computed(place, make.scheme(**said))
        slow = recounted(row.appraised.all(), row.period, at=AT)
        stored = {one.pk: Counter() for one in row.appraised.all()}
        for key, code, value in Input.objects.filter(appraised__appraisal=row).values_list(
            "appraised", "code", "value"
        ):
            stored[key][code] = value
        assert stored == slow, said
        assert row.last == end
    assert CaseEvent.objects.exists()


def test_the_slow_count_sees_what_stands_with_a_person(place):
    town = place.town
    case = stages.handling(town)
    past = History(case, list(case.events.order_by("number")))
    assert past.holder_at(AT) == (town.office.pk, town.posts.handler.pk)
    assert past.lead_at(AT) == town.office.pk


def test_a_matter_that_a_community_refuses_counts_for_nothing(place):
    town = place.town
    make_one = stages.returned(town)
    count_all()
    used = make.scheme(min_sample=1)
    row = make.computed(place, used)
    result = make.score(row, town.office)
    assert (make_one.state, result.points) == ("returned", None)
    codes = set(Input.objects.filter(appraised__body=town.office).values_list("code", flat=True))
    assert "shirked" not in codes


def test_both_sides_of_a_whistle_are_stored(place):
    town = place.town
    blown = whistles.blow(
        kind="enforcement", text="占道经营", bodies=[town.office], by=town.committee,
        at=later(hours=1), **stages.POINT,
    )  # fmt: skip
    call = blown.calls.get()
    type(call).objects.filter(pk=call.pk).update(
        arrived_at=later(hours=1, minutes=20), arrived_by=town.handler, arrival_words="x",
        state="released", released_at=later(hours=3), released_by=town.committee, response_score=4,
        response_by=town.committee, response_at=later(hours=4), call_score=5, call_by=town.head,
        call_at=later(hours=4),
    )  # fmt: skip
    row = make.computed(place)
    stored = {
        (one.appraised.body, one.code): one.value
        for one in Input.objects.filter(code__startswith="whistle")
    }
    assert stored == {
        (town.office, "whistle_called"): 1, (town.office, "whistle_on_time"): 1,
        (town.office, "whistle_marks"): 4, (town.office, "whistle_marks_of"): 5,
        (town.centre, "whistle_blown"): 1, (town.centre, "whistle_call_marks"): 5,
        (town.centre, "whistle_call_marks_of"): 5,
    }  # fmt: skip
    assert Appraisal.objects.get() == row


def test_storing_costs_the_same_for_one_and_for_many(place):
    used = make.scheme()
    for _each in range(2):
        make.department(place, head=False)
    row = make.opened(place, used)
    with CaptureQueriesContext(connection) as one:
        appraising.collect(row, at=AT, limit=1)
    with CaptureQueriesContext(connection) as three:
        appraising.collect(row, at=AT, limit=2)
    assert len(three) == len(one)
