"""The plan of visits: rules, targets, the morning's message."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids import services
from grids.models import (
    VisitPlan,
    VisitRule,
)
from grids.reach import plans_of_visitor
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Message
from tests.factories import visits as made
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return made.visited_town()


def test_the_rule_of_the_smallest_territory_holds(town):
    VisitRule.objects.create(
        kind=town.kind, territory=town.community, every_days=10, valid_from=made.LONG_AGO
    )
    VisitRule.objects.create(
        kind=town.kind, territory=town.grid, every_days=5, valid_from=made.LONG_AGO
    )
    assert services.plan_visits(on=timezone.localdate(), targets=[town.home.pk]) == 1
    town.plan.refresh_from_db()
    assert town.plan.every_days == 5


def test_planning_twice_writes_nothing_more(town):
    made.kind_of("grid", code="patrol", every=7)
    on = timezone.localdate()
    assert services.plan_visits(on=on) == 1
    assert services.plan_visits(on=on) == 0
    assert VisitPlan.objects.count() == 2


def test_planning_costs_the_same_for_more_targets(town):
    on = timezone.localdate()
    services.plan_visits(on=on)

    def queries_for(*names):
        for name in names:
            made.target_in(town.grid, name=name)
        with CaptureQueriesContext(connection) as asked:
            services.plan_visits(on=on)
        return len(asked)

    assert queries_for("a") == queries_for("b", "c", "d")


def test_what_was_never_visited_comes_due_within_one_period(town):
    on = timezone.localdate()
    assert on <= town.plan.due_on < on + made.days(30)


def test_an_ended_rule_ends_the_plan_and_an_ended_person_is_forgotten(town):
    care = made.kind_of("person", code="care", every=7)
    now, on = timezone.now(), timezone.localdate()
    values = {"kind": "person", "name": "三栋张奶奶", "grid": town.grid, "valid_from": on}
    person = services.make_target(values, by=town.worker, at=now)
    assert person.is_private
    assert person.plans.get().kind == care
    services.end_target(person, on=on + made.days(1), by=town.worker, at=now)
    services.plan_visits(on=on + made.days(1))
    person.refresh_from_db()
    assert (person.name, person.address, person.plans.count()) == ("—", "", 0)


def test_nothing_of_a_person_in_care_stands_in_the_record_of_changes(town):
    from organizations.models import ChangeRecord

    now, on = timezone.now(), timezone.localdate()
    values = {
        "kind": "person", "name": "三栋张奶奶", "address": "环城路 5 号", "grid": town.grid,
        "valid_from": on,
    }  # fmt: skip
    person = services.make_target(values, by=town.worker, at=now)
    services.change_target(person, {"name": "三栋张婆婆"}, by=town.worker, at=now)
    kept = str([(row.before, row.after) for row in ChangeRecord.objects.of(person)])
    assert ChangeRecord.objects.of(person).count() == 2
    assert "张" not in kept
    assert "环城路" not in kept


@pytest.mark.parametrize("text", ["张三 13812345678", "441900 19900101 1234", "138-1234-5678"])
def test_a_target_takes_no_numbers_of_people(town, text):
    values = {"kind": "person", "name": text, "grid": town.grid, "valid_from": timezone.localdate()}
    with pytest.raises(RuleViolation):
        services.make_target(values, by=town.worker, at=timezone.now())


def test_in_the_morning_the_worker_hears_once(town):
    VisitPlan.objects.update(due_on=timezone.localdate() - made.days(2))
    at = timezone.now()
    assert services.tell_of_due(at=at) == 1
    services.tell_of_due(at=at)
    message = Message.objects.get(kind="visits-due")
    assert (message.to, message.params) == (town.worker, {"count": 1, "late": 1})


def test_the_morning_counts_what_each_worker_sees_in_the_same_queries_for_one_and_for_four(town):
    care = made.kind_of("person", code="care", every=7)
    made.planned(care, made.target_in(town.grid, kind="person", name="张奶奶"))
    elsewhere = TerritoryFactory(parent=town.community)
    made.planned(town.kind, made.target_in(elsewhere, name="五栋"))
    VisitPlan.objects.update(due_on=timezone.localdate())
    VisitPlan.objects.filter(grid=elsewhere).update(due_on=timezone.localdate() - made.days(1))
    at = timezone.now()

    def cost():
        with CaptureQueriesContext(connection) as seen:
            services.tell_of_due(at=at)
        return len(seen)

    one = cost()
    people = [town.worker]
    for given in ([town.place], [town.community], [town.grid, elsewhere]):
        post = PostFactory(body=town.centre, role=Role.GRID_WORKER)
        for territory in given:
            post.territories.create(territory=territory, valid_from=made.LONG_AGO)
        people.append(post.person)
    assert cost() <= one + 1  # those who have heard it are looked up once more
    told = dict(Message.objects.filter(kind="visits-due").values_list("to", "params"))
    seen = []
    for person in people:
        person.__dict__.pop("_scopes_by_day", None)
        plans = plans_of_visitor(person, on=timezone.localdate())
        due = plans.due_by(timezone.localdate())
        late = due.filter(due_on__lt=timezone.localdate())
        seen.append({"count": due.count(), "late": late.count()})
    assert [told[person.pk] for person in people] == seen
    assert [row["count"] for row in seen] == [2, 2, 3, 3]
