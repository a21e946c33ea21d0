"""Numbers follow history: each event counts once, to the right place, body, post and person."""

import pytest

from oversight.models import Count, Fact, Standing
from oversight.services import count_all, count_events
from tests.factories import cases as make

pytestmark = pytest.mark.django_db


def counted(kind="all", key=0, span="month"):
    """What is not zero."""
    row = Count.objects.filter(kind=kind, key=key, span=span).values().get()
    left_out = {"id", "kind", "key", "span", "start"}
    return {name: value for name, value in row.items() if value and name not in left_out}


def test_a_closed_case_counts_at_every_step(town):
    make.closed(town)
    assert count_all() == 1
    assert counted() == {
        "reported": 1,
        "accepted": 1,
        "filed": 1,
        "dispatched": 1,
        "handled_on_time": 1,
        "passed": 1,
        "closed_on_time": 1,
    }
    assert counted("area", town.grid.pk) == counted()
    assert counted("body", town.office.pk) == {
        "dispatched": 1,
        "handled_on_time": 1,
        "closed_on_time": 1,
    }
    assert counted("person", town.verifier.pk) == {"passed": 1}
    assert counted("person", town.worker.pk) == {"reported": 1, "accepted": 1, "filed": 1}
    assert not Standing.objects.exists()


def test_nothing_is_counted_twice(town):
    make.closed(town)
    count_all()
    before = counted(), Fact.objects.count()
    assert count_events() == 0
    assert (counted(), Fact.objects.count()) == before
