"""Several processes count while others write: no event is lost, none counts twice."""

import pytest

from cases import services as cases
from cases.models import Case
from oversight.models import Count
from oversight.services import count_all, disagreements
from tests.factories import cases as make
from tests.factories.cases import MONDAY, later
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 2, 6


def test_processes_that_count_and_processes_that_write(town):
    for _case in range(12):
        make.filed(town)

    def act(number):
        if number >= WRITERS:
            return [count_all() for _again in range(6)]
        for _case in range(EACH):
            case = make.filed(town)
            cases.correct(case, by=town.dispatcher, at=later(minutes=5))
        return None

    at_once(WRITERS + 3, act)
    count_all()
    assert Case.objects.to_count().count() == 0
    everything = Count.objects.get(kind="all", span="month")
    assert everything.reported == everything.filed == 12 + WRITERS * EACH
    assert list(disagreements(at=MONDAY)) == []


def test_counting_stopped_in_the_middle_leaves_nothing_behind(town, monkeypatch):
    make.closed(town)
    monkeypatch.setattr("oversight.services.counting.mark_counted", stop)
    with pytest.raises(KeyboardInterrupt):
        count_all()
    assert not Count.objects.exists()
    monkeypatch.undo()
    assert count_all() == 1
    assert list(disagreements(at=later(days=1))) == []


def stop(_marks):
    raise KeyboardInterrupt
