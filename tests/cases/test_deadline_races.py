"""Two workers take the steps that are due: each message, each event once."""

import pytest

from cases import services
from cases.models import CaseEvent
from cases.services.history import verify_history
from cases.services.reference import load_reference
from organizations.models import Message
from tests.cases.test_deadlines import clock, many
from tests.factories.cases import MONDAY
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_workers_tell_each_person_once(town):
    load_reference(by=town.system, at=MONDAY)
    many(town, 60)

    def run(_number):
        taken = 0
        while more := services.warn_due(at=clock(30, 9), limit=10):
            taken += more
        return taken

    taken = at_once(4, run)
    taken.append(run(0))  # what all but one had to leave to each other
    assert sum(taken) == 61
    assert CaseEvent.objects.filter(move="escalate").count() == 61
    assert Message.objects.filter(kind="case-escalate", to=town.handler).count() == 61
    # Rows copied by hand have no beginning; their chains hold all the same.
    assert [found for found in verify_history() if not found.case.startswith("late-")] == []
