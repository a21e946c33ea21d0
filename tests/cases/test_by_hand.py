"""A person decides where a case goes; the clock stops and goes on; money comes later."""

import pytest

from cases import services
from cases.workflow import Desk
from funding.models import Hold
from funding.services import NotEnoughMoney
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later
from tests.factories.funding import LineFactory
from tests.factories.organizations import PostFactory


def order(case, town, *, by=None, **said):
    given = {"post": town.posts.handler, "line": town.line, **said}
    return services.dispatch(case, by=by or town.dispatcher, at=MONDAY, **given)


def refusal_of(act, *arguments, **options):
    with pytest.raises(RuleViolation) as refusal:
        act(*arguments, **options)
    return refusal.value.code


def test_the_dispatcher_sends_a_case_out_by_hand(town):
    case = order(make.filed(town), town, cost=70_000, note="老赵熟悉")
    task = case.tasks.get()
    assert (case.state, case.desk, case.lead_post) == (
        "dispatched",
        Desk.HANDLER,
        town.posts.handler,
    )
    assert (task.estimate, task.hold.open, task.points) == (70_000, 70_000, 2)
    assert case.route_at is None
    assert Message.objects.get(to=town.handler).kind == "case-dispatch"


def test_by_hand_the_first_condition_is_taken_and_its_category(town):
    case = order(make.filed(town, category=town.small), town)
    assert (case.standard, case.category) == (town.standard, town.small)
    case = order(make.filed(town, category=None), town, standard=town.standard)
    assert case.category == town.small


def test_an_order_needs_what_the_work_needs(town):
    case = make.filed(town)
    before = fresh(case).version
    assert refusal_of(order, case, town, line=None) == "line_missing"
    assert refusal_of(order, make.filed(town, category=None), town) == "no_category"
    town.standard.purpose, town.standard.cost = None, 0
    town.standard.save()
    assert refusal_of(order, case, town, cost=1) == "purpose_missing"
    ended = PostFactory(body=town.office, valid_to=MONDAY.date())
    assert refusal_of(order, case, town, post=ended) == "post_ended"
    assert (fresh(case).version, Hold.objects.count(), Load.objects.count()) == (before, 0, 0)


def test_an_empty_line_refuses_and_nothing_changes(town):
    poor = LineFactory(body=town.office, purposes=[town.purpose], free=COST - 1)
    case = make.filed(town)
    with pytest.raises(NotEnoughMoney):
        order(case, town, line=poor)
    assert (fresh(case).state, Load.objects.count()) == ("filed", 0)


def test_a_matter_of_no_cost_needs_no_line(town):
    case = order(make.filed(town), town, cost=0, line=None)
    assert (case.tasks.get().estimate, Hold.objects.count()) == (0, 0)


def test_a_head_chooses_among_their_own(town):
    town.posts.handler.capacity = 0
    town.posts.handler.save()
    case = make.filed(town)
    services.route_waiting(at=MONDAY)
    assert fresh(case).desk == Desk.HEAD
    with pytest.raises(NotYours):
        order(case, town, by=town.head, post=town.posts.stranger)
    case = order(case, town, by=town.head, beyond_capacity=True)
    assert case.lead_body == town.office


def test_a_head_has_no_say_before_the_case_lies_with_them(town):
    with pytest.raises(NotYours):
        order(make.filed(town), town, by=town.head)


def test_work_is_handed_on_with_its_points(town):
    other = PostFactory(body=town.office)
    case = make.handling(town)
    case = services.reassign(case, post=other, by=town.head, at=later(minutes=20))
    loads = dict(Load.objects.values_list("post_id", "points"))
    assert loads == {town.posts.handler.pk: 0, other.pk: 2}
    assert (case.state, case.lead_post, case.tasks.get().post) == ("handling", other, other)
    assert Message.objects.get(to=other.person).kind == "case-reassign"
    with pytest.raises(NotYours):
        services.report(case, result="好", actual=1, by=town.handler, at=later(hours=1))


def test_work_is_handed_on_inside_the_department_to_somebody_with_room(town):
    case = make.handling(town)
    full = PostFactory(body=town.office, capacity=1)

    def to(post, **options):
        return services.reassign(case, post=post, by=town.head, at=later(minutes=20), **options)

    assert refusal_of(to, town.posts.stranger) == "other_body"
    assert refusal_of(to, town.posts.handler) == "same_post"
    assert refusal_of(to, full) == "no_room"
    assert Load.objects.get(post=town.posts.handler).points == 2
    assert to(full, beyond_capacity=True).lead_post == full


def test_the_clock_stands_while_the_result_is_checked_and_goes_on_with_what_was_left(town):
    case = make.checking(town)  # confirmed at 11:00, when of eight working hours six are left
    case = services.check_fail(case, by=town.verifier, at=later(days=1), note="照片不清楚")
    assert case.handle_due_at == later(hours=32)  # tomorrow 9:00 to 12:00 and 14:00 to 17:00
    assert case.tasks.get().handle_due_at == case.handle_due_at
    assert case.paused_seconds == 6 * 3600
    assert (case.state, case.desk, case.confirmed_at) == ("rework", Desk.HANDLER, None)


def test_the_clock_runs_on_while_the_head_looks_at_the_result(town):
    case = make.reported(town)
    due = case.handle_due_at
    case = services.send_back(case, by=town.head, at=later(days=1), note="照片不清楚")
    assert (case.handle_due_at, case.paused_seconds) == (due, 0)
    assert (case.state, case.desk, case.reported_at) == ("handling", Desk.HANDLER, None)


def test_a_limit_that_had_passed_stays_passed(town):
    case = make.reported(town)
    due = case.handle_due_at
    case = services.confirm(case, by=town.head, at=later(days=7))
    case = services.check_fail(case, by=town.verifier, at=later(days=8), note="重拍")
    assert (case.handle_due_at, case.handled_late) == (due, True)


def test_around_the_clock_means_nights_too(town):
    town.standard.handle_unit, town.standard.handle_limit = "urgent_hour", 6
    town.standard.save()
    case = make.checking(town)
    case = services.check_fail(case, by=town.verifier, at=later(hours=12), note="重拍")
    assert case.handle_due_at == later(hours=16)
    assert case.paused_seconds == 10 * 3600


def test_a_report_says_what_was_done_and_what_it_cost(town):
    case = make.handling(town)

    def report(**said):
        given = {"result": "好", "actual": 1, **said}
        return services.report(case, by=town.handler, at=later(hours=1), **given)

    assert refusal_of(report, result=" ") == "result_missing"
    assert refusal_of(report, actual=None) == "cost_missing"
    assert refusal_of(report, actual=-1) == "cost"
    assert fresh(case).state == "handling"


def test_work_that_cost_nothing_after_all_is_closed_without_money(town):
    case = services.act_first(
        make.filed(town), post=town.posts.handler, by=town.committee, at=MONDAY, reason="等不得"
    )
    case = services.sign(case, by=town.handler, at=MONDAY)
    case = services.report(case, result="自己修好了", actual=0, by=town.handler, at=MONDAY)
    task = case.tasks.get()
    assert (task.unfunded, task.missing, task.act_first_reason) == (False, 0, "等不得")
    case = services.confirm(case, by=town.head, at=MONDAY)
    assert services.check_pass(case, by=town.verifier, at=MONDAY, note="盖好了").state == "closed"


def test_a_matter_of_no_cost_that_cost_something_is_funded_for_a_purpose(town):
    case = order(make.filed(town), town, cost=0, line=None)
    town.standard.purpose = None
    town.standard.cost = 0
    town.standard.save()
    case = services.sign(case, by=town.handler, at=MONDAY)
    case = services.report(case, result="买了锁", actual=900, by=town.handler, at=MONDAY)
    assert case.tasks.get().missing == 900

    def fund(**said):
        return services.fund(case, by=town.head, at=MONDAY, **said)

    assert refusal_of(fund) == "line_missing"
    assert refusal_of(fund, line=town.line) == "purpose_missing"
    fund(line=town.line, purpose=town.purpose)
    assert refusal_of(fund, line=town.line) == "funded"
    assert (case.tasks.get().hold.open, case.tasks.get().missing) == (900, 0)


def test_only_the_owner_of_the_line_gives_its_money(town):
    case = make.reported(town, actual=COST + 1)
    assert "fund" in services.moves_for(town.head, case, at=MONDAY)
    assert "fund" not in services.moves_for(town.committee, case, at=MONDAY)
    with pytest.raises(NotYours):
        services.fund(case, by=town.committee, at=MONDAY)


def test_acting_first_needs_the_reason_in_writing(town):
    code = refusal_of(
        services.act_first,
        make.filed(town),
        post=town.posts.handler,
        by=town.committee,
        at=MONDAY,
        reason=" ",
    )
    assert (code, Load.objects.count()) == ("reason_missing", 0)
