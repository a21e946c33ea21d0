"""A community refuses what was not admitted: one click, no return, no appraisal."""

import pytest

from cases import services
from cases.models import Case, Task
from cases.services.actors import moves_for
from cases.workflow import Desk
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from oversight.services.deriving import derive
from routing.models import Admission, UnadmittedRefusal
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.routing import AdmissionFactory, CommunityDutyFactory


@pytest.fixture
def worker(town):
    """Somebody in the community that got it."""
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=town.community)
    return PostFactory(role=Role.HANDLER, body=body, capacity=10)


@pytest.fixture
def case(town, worker):
    filed = make.filed(town)
    services.route_waiting(at=MONDAY)
    task = Task.objects.get(case=filed)
    Case.objects.filter(pk=filed.pk).update(lead_body=worker.body, lead_post=worker)
    task.body, task.post = worker.body, worker
    task.save()
    from routing.services import force_load

    force_load(worker.pk, points=task.points, at=MONDAY)
    return fresh(filed)


def test_it_goes_to_the_committee_and_counts_for_no_return(town, case, worker):
    assert "refuse_unadmitted" in moves_for(worker.person, case, at=MONDAY)
    done = services.refuse_unadmitted(case, by=worker.person, at=MONDAY)
    assert (done.state, done.desk, done.refusal) == ("returned", Desk.COMMITTEE, "not_admitted")
    assert (done.returns, done.lead_post) == (0, None)
    task = Task.objects.get(case=case)
    town.line.refresh_from_db()
    assert (task.state, town.line.reserved) == ("withdrawn", 0)
    worker.refresh_from_db()
    assert worker.load.points == 0
    refusal = UnadmittedRefusal.objects.get()
    assert (refusal.community, refusal.subject_key) == (worker.body, str(case.pk))
    assert refusal.department == town.office


def test_nothing_of_it_counts_in_the_appraisal_of_the_community(case, worker):
    before = derive(case, case.events.order_by("number"), {worker.pk: worker.person_id})
    assert any(fact.measure == "dispatched" for fact in before.facts)
    services.refuse_unadmitted(case, by=worker.person, at=MONDAY)
    refused = fresh(case)
    after = derive(refused, refused.events.order_by("number"), {worker.pk: worker.person_id})
    assert {fact.measure for fact in after.facts} <= {"reported", "accepted", "filed"}
    assert after.standings == []


def test_what_is_its_own_or_admitted_is_not_refused(town, case, worker):
    CommunityDutyFactory(category=town.large, body=worker.body)
    with pytest.raises(RuleViolation) as refusal:
        services.refuse_unadmitted(case, by=worker.person, at=MONDAY)
    assert refusal.value.code == "admitted"
    assert "refuse_unadmitted" not in moves_for(worker.person, case, at=MONDAY)
    worker.body.community_duties.all().delete()
    AdmissionFactory(category=town.small, community=worker.body)
    assert Admission.objects.count() == 1
    with pytest.raises(RuleViolation):
        services.refuse_unadmitted(case, by=worker.person, at=MONDAY)
    assert (fresh(case).state, UnadmittedRefusal.objects.count()) == ("dispatched", 0)


def test_a_department_returns_and_does_not_refuse(town):
    case = make.dispatched(town)
    with pytest.raises(RuleViolation):
        services.refuse_unadmitted(case, by=town.handler, at=MONDAY)
    with pytest.raises(NotYours):
        services.refuse_unadmitted(case, by=PostFactory().person, at=MONDAY)
    assert "refuse_unadmitted" not in moves_for(town.handler, case, at=MONDAY)
