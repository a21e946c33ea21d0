"""费随事转: a community that did a department's matter is paid through a line of its own."""

import pytest

from funding import checks
from funding.models import Line, Posting
from tests.factories import cases as make
from tests.factories.organizations import BodyFactory, BodyKindFactory
from tests.factories.routing import CommunityDutyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """The office is a community's; the line belongs to a department."""
    town = make.make_town()
    town.office.kind = BodyKindFactory(community=True)
    town.office.save(update_fields=["kind"])
    town.duty.payer = BodyFactory(name="规划建设局")
    town.duty.save(update_fields=["payer"])
    Line.objects.filter(pk=town.line.pk).update(body=town.duty.payer)
    town.line.refresh_from_db()
    CommunityDutyFactory(body=town.office, category=town.small)
    return town


def test_what_it_cost_moves_to_the_communitys_line_and_is_owed_there(town):
    before = town.line.received
    case = make.closed(town)
    task = case.tasks.get()
    line = task.hold.line
    town.line.refresh_from_db()

    assert (line.body, line.source) == (town.office, town.line.source)
    assert (line.received, line.payable) == (task.actual, task.actual)
    assert (town.line.received, town.line.reserved) == (before - task.actual, 0)
    moved = Posting.objects.get(kind="entrust")
    assert (moved.subject_kind, moved.subject_key) == case.subject
    assert {entry.line_id for entry in moved.entries.all()} == {line.pk, town.line.pk}
    assert [found for _name, found in checks.run() if found] == []


def test_a_department_is_paid_from_the_line_that_kept_the_money():
    town = make.make_town()
    case = make.closed(town)
    assert case.tasks.get().hold.line == town.line
    assert not Posting.objects.filter(kind="entrust").exists()
