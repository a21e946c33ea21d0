"""The closed loop, step by step: what each move changes in case, task, money and load."""

import pytest

from cases import services
from cases.models import CaseEvent, Task
from cases.workflow import Desk, State
from lib.errors import NotYours, RuleViolation, WrongState
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later, photo


def load_of(post):
    row = Load.objects.filter(post=post).first()
    return (row.points, row.tasks) if row else (0, 0)


def buckets(line):
    line.refresh_from_db()
    return (line.available, line.reserved, line.payable, line.spent)


def moves_of(case):
    rows = CaseEvent.objects.filter(case=case).order_by("number")
    return list(rows.values_list("move", "from_state", "to_state"))


def test_a_workers_case_is_filed_at_once_and_waits_for_the_router(town):
    case = fresh(make.log(town))
    assert (case.state, case.desk, case.route_at) == (State.FILED, Desk.ROUTER, MONDAY)
    assert (case.town, case.community, case.grid) == (town.place, town.community, town.grid)
    assert moves_of(case) == [("log", "", "filed")]


def test_the_router_sends_it_to_the_office_with_its_person_and_its_money(town):
    case = make.dispatched(town)
    task = Task.objects.get(case=case)
    assert (case.state, case.desk, case.lead_body) == ("dispatched", Desk.HANDLER, town.office)
    assert (case.lead_post, task.post, task.duty) == (*[town.posts.handler] * 2, town.duty)
    assert (case.standard, case.route_at, case.version) == (town.standard, None, 2)
    assert (task.hold.line, task.hold.open) == (town.line, COST)
    assert load_of(town.posts.handler) == (2, 1)
    assert buckets(town.line) == (1_000_000 - COST, COST, 0, 0)


def test_the_whole_way_to_the_end(town):
    case = make.closed(town)
    task = Task.objects.get(case=case)
    assert moves_of(case) == [
        ("log", "", "filed"),
        ("dispatch", "filed", "dispatched"),
        ("sign", "dispatched", "handling"),
        ("report", "handling", "reported"),
        ("confirm", "reported", "checking"),
        ("pass", "checking", "closed"),
    ]
    assert (case.desk, case.ended_at) == ("", later(hours=3))
    assert (case.handled_by, case.checked_by) == (town.handler, town.verifier)
    assert (task.state, task.actual, task.missing) == ("done", 50_000, 0)
    assert load_of(town.posts.handler) == (0, 0)
    assert buckets(town.line) == (950_000, 0, 50_000, 0)


def test_points_come_back_when_the_head_confirms_and_again_with_rework(town):
    case = make.reported(town)
    assert load_of(town.posts.handler) == (2, 1)
    case = services.confirm(case, by=town.head, at=later(hours=2))
    assert load_of(town.posts.handler) == (0, 0)
    case = services.check_fail(case, by=town.verifier, at=later(hours=3), note="没有盖严")
    assert load_of(town.posts.handler) == (2, 1)
    assert (case.state, case.reworks, case.desk) == ("rework", 1, Desk.HANDLER)


def test_a_return_frees_money_and_points_and_the_router_avoids_the_body(town):
    case = make.returned(town)
    assert (case.state, case.desk, case.returns) == ("returned", Desk.DISPATCH, 1)
    assert (case.lead_body, case.lead_post) == (town.office, None)
    assert load_of(town.posts.handler) == (0, 0)
    assert buckets(town.line) == (1_000_000, 0, 0, 0)
    services.correct(case, by=town.dispatcher, at=later(hours=2))
    services.route_waiting(at=later(hours=2))
    case = fresh(case)
    assert (case.state, case.refusal, case.desk) == ("returned", "gap", Desk.COMMITTEE)


def test_void_withdraws_the_task(town):
    case = services.void(make.handling(town), by=town.dispatcher, at=later(hours=1), note="重复")
    assert (case.state, case.tasks.get().state) == ("void", "withdrawn")
    assert load_of(town.posts.handler) == (0, 0)
    assert buckets(town.line) == (1_000_000, 0, 0, 0)


def test_a_case_cannot_be_moved_twice(town):
    case = make.dispatched(town)
    services.sign(case, by=town.handler, at=later(minutes=5))
    with pytest.raises(WrongState):
        services.sign(case, by=town.handler, at=later(minutes=6))
    assert fresh(case).version == 3


@pytest.mark.parametrize("who", ["stranger", "resident", "verifier", "dispatcher"])
def test_signing_is_refused_to_others_and_changes_nothing(town, who):
    case = make.dispatched(town)
    with pytest.raises(NotYours):
        services.sign(case, by=getattr(town, who), at=later(minutes=5))
    assert (fresh(case).state, fresh(case).version) == ("dispatched", 2)


def test_who_handled_it_does_not_check_it(town):
    case = make.checking(town)
    from tests.factories.organizations import PostFactory

    PostFactory(person=town.handler, body=town.centre, role="verifier")
    with pytest.raises(NotYours):
        services.check_pass(
            case, by=type(town.handler).objects.get(pk=town.handler.pk), at=later(hours=3)
        )


def test_a_result_wants_its_photo_where_the_standard_does(town):
    town.standard.photo_after = True
    town.standard.save()
    case = make.handling(town)
    with pytest.raises(RuleViolation) as refusal:
        services.report(case, result="好", actual=1, by=town.handler, at=later(hours=1))
    assert refusal.value.code == "photo_missing"
    case = services.report(
        case, result="好", actual=1, by=town.handler, at=later(hours=1), photos=[photo()]
    )
    assert [row.kind for row in case.photos.all()] == ["after"]


def test_what_costs_more_than_was_kept_cannot_be_closed_before_a_top_up(town):
    case = make.checking(town, actual=COST + 5_000)
    with pytest.raises(RuleViolation) as refusal:
        services.check_pass(case, by=town.verifier, at=later(hours=3), note="盖好了")
    assert refusal.value.code == "unfunded"
    with pytest.raises(NotYours):
        services.fund(case, by=town.dispatcher, at=later(hours=3))
    case = services.fund(case, by=town.head, at=later(hours=3))
    case = services.check_pass(case, by=town.verifier, at=later(hours=4), note="盖好了")
    assert case.state == "closed"
    assert buckets(town.line) == (1_000_000 - COST - 5_000, 0, COST + 5_000, 0)


def test_act_first_goes_out_without_money_and_is_funded_before_the_end(town):
    town.line = make.LineFactory(body=town.office, purposes=[town.purpose], free=500_000)
    case = make.filed(town)
    case = services.act_first(
        case, post=town.posts.handler, by=town.committee, at=MONDAY, reason="等不得"
    )
    task = case.tasks.get()
    assert (task.unfunded, task.missing, task.hold) == (True, COST, None)
    case = services.sign(case, by=town.handler, at=later(minutes=5))
    case = services.report(case, result="好", actual=COST, by=town.handler, at=later(hours=1))
    case = services.confirm(case, by=town.head, at=later(hours=2))
    with pytest.raises(RuleViolation):
        services.check_pass(case, by=town.verifier, at=later(hours=3), note="盖好了")
    case = services.fund(case, by=town.head, line=town.line, at=later(hours=3))
    case = services.check_pass(case, by=town.verifier, at=later(hours=4), note="盖好了")
    assert buckets(town.line) == (500_000 - COST, 0, COST, 0)


def test_the_duty_officer_acts_first_only_where_the_standard_is_urgent(town):
    case = make.filed(town)
    with pytest.raises(NotYours):
        services.act_first(
            case, post=town.posts.handler, by=town.duty_officer, at=MONDAY, reason="急"
        )
    assert "act_first" not in services.moves_for(town.duty_officer, case, at=MONDAY)
    town.standard.urgent = True
    town.standard.save()
    case = services.correct(case, by=town.dispatcher, at=MONDAY, standard=town.standard)
    assert "act_first" in services.moves_for(town.duty_officer, case, at=MONDAY)
    case = services.act_first(
        case, post=town.posts.handler, by=town.duty_officer, at=MONDAY, reason="急"
    )
    assert case.state == "dispatched"
