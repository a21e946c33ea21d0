"""The whole way of an admission: promised, at work in cases, ended, and everything comes back."""

import datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from cases import services
from cases.models import Task
from funding import checks
from lib.roles import Role
from routing import services as routing
from routing import tasks
from routing.models import AdmissionShare, PromisedPost
from tests.factories import admissions as make
from tests.factories import cases as stages
from tests.factories.admissions import ENDS, LATER
from tests.factories.cases import COST
from tests.factories.duties import make_committee
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

FREE = 1_000_000
SPENT = 50_000


def after(**delta):
    return LATER + datetime.timedelta(**delta)


@pytest.fixture
def place(town):
    """The office of a town where a community leads the matter, once it is admitted."""
    community = BodyFactory(community=True)
    BodyTerritoryFactory(body=community, territory=town.community)
    found = SimpleNamespace(
        town=town.place, places=[town.community], communities=[community],
        department=town.office, purpose=town.purpose, category=town.small, line=town.money,
        committee=make_committee(town.place) + make_committee(town.place), head=town.head,
        worker=PostFactory(role=Role.HANDLER, body=town.office, capacity=20),
        speakers=[PostFactory(role=Role.COMMUNITY_WORKER, body=community).person],
        director=PostFactory(role=Role.DEPARTMENT_HEAD, body=community, capacity=0).person,
    )  # fmt: skip
    make.lead_by_communities(found)
    return found


def taken(town, *, at):
    """A case of the matter, routed and signed by who was sent to the community."""
    case = stages.filed(town, at=at)
    services.route_waiting(at=at)
    assert stages.fresh(case).refusal == ""
    task = Task.objects.select_related("post__person", "hold").get(case=case)
    services.sign(stages.fresh(case), by=task.post.person, at=at)
    return task


def finished(town, place, task, *, at):
    """By who was sent, also when the post in the community has ended since."""
    case, who = stages.fresh(task.case), task.post.person
    case = services.report(case, result="已换新井盖", actual=SPENT, by=who, at=at)
    case = services.confirm(case, by=place.director, at=at)
    return services.check_pass(case, by=town.verifier, at=at, note="盖好了")


def withdrawn(client, place, application):
    said = {"reason": "不再需要"}
    with time_machine.travel(after(hours=2), tick=False):
        client.force_login(place.head)
        client.post(reverse("routing:application_move", args=[application.pk, "withdraw"]), said)
    return after(hours=3)


def expired(_client, _place, _application):
    at = LATER.replace(year=ENDS.year, month=ENDS.month, day=ENDS.day)
    with time_machine.travel(at, tick=False):
        assert [tasks.tend_admissions(), tasks.tend_admissions()] == [1, 0]
    return at


@pytest.mark.parametrize(("end", "state"), [(withdrawn, "withdrawn"), (expired, "expired")])
def test_people_and_money_work_in_cases_and_all_that_is_left_comes_back(
    client, town, place, end, state
):
    application = make.admitted(place, amount=3 * COST)
    sent = PromisedPost.objects.get().seconded
    own = AdmissionShare.objects.get().own_line
    done, open_ = taken(town, at=LATER), taken(town, at=LATER)
    assert {done.post_id, open_.post_id} == {sent.pk}
    assert {done.hold.line_id, open_.hold.line_id} == {own.pk}
    finished(town, place, done, at=after(hours=1))

    at = end(client, place, application)

    assert make.fresh(application).state == state
    place.line.refresh_from_db()
    place.worker.refresh_from_db()
    own.refresh_from_db()
    assert place.worker.capacity == 20
    assert (own.available, own.reserved) == (0, COST)
    assert place.line.available == FREE - SPENT - COST
    refused = stages.filed(town, at=at)
    services.route_waiting(at=at)
    assert stages.fresh(refused).refusal == "not_admitted"

    assert routing.call_back_finished(at=at) == 0
    finished(town, place, open_, at=at)
    assert [routing.call_back_finished(at=at) for _again in range(2)] == [1, 0]
    assert PromisedPost.objects.get().seconded.valid_to is not None
    assert routing.give_back_rests(at=at) == COST - SPENT
    place.line.refresh_from_db()
    sent.load.refresh_from_db()
    assert place.line.available == FREE - 2 * SPENT
    assert sent.load.points == 0
    assert [(name, found) for name, found in checks.run() if found] == []
