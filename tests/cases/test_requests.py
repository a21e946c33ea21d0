"""More time, a pause, a timeout forgiven: who may ask, who answers, what moves with the answer."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from cases import services
from cases.models import Case, Request
from cases.workflow import Desk
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.worktime import CITY_ZONE
from organizations.models import Message, Post, User
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later
from tests.factories.organizations import PostFactory

THURSDAY_BEFORE_THE_HOLIDAY = datetime.datetime(2026, 2, 12, 9, tzinfo=CITY_ZONE)


def code_of(call, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def extend(town, case, at):
    services.ask_extension(case, by=town.handler, at=at, note="缺配件")
    services.review_extension(case, granted=True, by=town.head, at=at)
    return services.review_extension(case, granted=True, by=town.dispatcher, at=at)


def suspend(town, case, *, until, at):
    services.ask_suspension(case, until=until, by=town.handler, at=at, note="汛期不能开挖")
    services.review_suspension(case, granted=True, by=town.head, at=at)
    return services.review_suspension(case, granted=True, by=town.dispatcher, at=at)


def load_of(post):
    return Load.objects.filter(post=post).values_list("points", flat=True).first() or 0


def late_and_closed(town):
    case = services.report(
        make.handling(town), result="好", actual=1, by=town.handler, at=later(days=3)
    )
    case = services.confirm(case, by=town.head, at=later(days=3))
    return services.check_pass(case, by=town.verifier, at=later(days=3), note="好")


def test_an_extension_adds_the_original_limit_to_the_current_one(town):
    case = make.handling(town)  # eight working hours, due on Tuesday at 9:00
    case = extend(town, case, later(hours=1))
    assert (case.handle_due_at, case.extensions) == (later(days=2), 1)
    assert case.tasks.get().handle_due_at == later(days=2)
    case = extend(town, case, later(days=1))
    assert (case.handle_due_at, case.extensions) == (later(days=3), 2)
    asked = Request.objects.latest("id")
    assert (asked.due_before, asked.due_after) == (later(days=2), later(days=3))
    assert code_of(extend, town, case, later(days=2)) == "extended_twice"


def test_a_refusal_needs_its_reason_and_does_not_count(town):
    case = make.handling(town)
    services.ask_extension(case, by=town.handler, at=later(hours=1), note="缺配件")
    refuse = {"granted": False, "by": town.head, "at": later(hours=1)}
    assert code_of(services.review_extension, case, **refuse) == "reason_missing"
    case = services.review_extension(case, **refuse, note="能做完")
    assert (case.extensions, case.requests.get().state) == (0, "refused")
    assert extend(town, case, later(hours=2)).extensions == 1
    kinds = Message.objects.filter(to=town.handler).values_list("kind", flat=True)
    assert sorted(kinds) == ["case-dispatch", "case-request-granted", "case-request-refused"]


def test_an_overdue_case_is_not_extended_and_one_request_waits_at_a_time(town):
    case = make.handling(town)
    ask = {"by": town.handler, "note": "缺配件"}
    assert code_of(services.ask_extension, case, at=later(days=2), **ask) == "overdue"
    services.ask_extension(case, at=later(hours=1), **ask)
    assert code_of(services.ask_extension, case, at=later(hours=2), **ask) == "pending"


def test_what_is_asked_for_in_time_may_be_granted_later(town):
    case = make.handling(town)
    services.ask_extension(case, by=town.handler, at=later(hours=1), note="缺配件")
    services.review_extension(case, granted=True, by=town.head, at=later(days=1))
    case = services.review_extension(case, granted=True, by=town.dispatcher, at=later(days=1.5))
    assert case.handle_due_at == later(days=2)


def test_who_asks_does_not_answer_and_nobody_answers_twice(town):
    case = make.handling(town)
    services.ask_extension(case, by=town.head, at=later(hours=1), note="缺配件")
    asked = case.requests.get()
    assert (asked.first_by, asked.first_granted) == (town.head, True)
    with pytest.raises(NotYours):
        services.review_extension(case, granted=True, by=town.head, at=later(hours=1))
    PostFactory(person=town.head, body=town.centre, role=Role.DISPATCHER)
    both = User.objects.get(pk=town.head.pk)
    with pytest.raises(NotYours):
        services.review_extension(case, granted=True, by=both, at=later(hours=1))
    case = services.review_extension(case, granted=True, by=town.dispatcher, at=later(hours=1))
    assert case.extensions == 1


def test_only_the_reviewer_whose_turn_it_is_sees_the_move_and_the_request(town):
    case = make.handling(town)
    services.ask_extension(case, by=town.handler, at=later(hours=1), note="缺配件")

    def offered():
        return [
            name
            for name in ("handler", "head", "dispatcher", "acceptor")
            if "review_extension" in services.moves_for(getattr(town, name), case, at=MONDAY)
        ]

    def waiting():
        return [
            name
            for name in ("handler", "head", "dispatcher", "acceptor")
            if Request.objects.for_reviewer(getattr(town, name), on=MONDAY.date()).exists()
        ]

    assert offered() == waiting() == ["head"]
    services.review_extension(case, granted=True, by=town.head, at=later(hours=1))
    assert offered() == waiting() == ["dispatcher"]


def test_a_report_withdraws_what_was_still_asked_for(town):
    case = make.handling(town)
    services.ask_extension(case, by=town.handler, at=later(hours=1), note="缺配件")
    services.report(case, result="好", actual=1, by=town.handler, at=later(hours=2))
    assert case.requests.get().state == "withdrawn"


def test_a_suspension_over_the_spring_festival_stops_the_clock_to_the_second(town):
    case = make.dispatched(town, at=THURSDAY_BEFORE_THE_HOLIDAY)
    signed = THURSDAY_BEFORE_THE_HOLIDAY + datetime.timedelta(minutes=10)
    case = services.sign(case, by=town.handler, at=signed)
    stop = THURSDAY_BEFORE_THE_HOLIDAY.replace(hour=17, minute=59, second=30)
    # Until Wednesday 25 February; the holiday lasts from the 15th to the 23rd, Saturday the 14th
    # is worked.
    until = datetime.datetime(2026, 2, 25, tzinfo=CITY_ZONE)
    case = suspend(town, case, until=until, at=stop)
    assert (case.state, case.desk, case.suspended_at) == ("suspended", Desk.CLOCK, stop)
    assert load_of(town.posts.handler) == 0
    assert case.tasks.get().hold.open == COST
    assert services.resume_due(at=until - datetime.timedelta(seconds=1)) == 0
    assert services.resume_due(at=until + datetime.timedelta(minutes=7)) == 1
    assert services.resume_due(at=until + datetime.timedelta(minutes=8)) == 0
    case = fresh(case)
    # Of eight hours 9:00–12:00 and 14:00–17:59:30 were used; 1 hour and 30 seconds are left.
    due = datetime.datetime(2026, 2, 25, 9, 0, 30, tzinfo=CITY_ZONE)
    assert (case.state, case.handle_due_at, case.suspended_at) == ("handling", due, None)
    # Thursday's last 30 seconds; Friday, Saturday 14th, Tuesday 24th.
    assert case.paused_seconds == 30 + 3 * 8 * 3600
    assert load_of(town.posts.handler) == 2


def test_the_head_lets_it_go_on_earlier_and_capacity_does_not_count(town):
    Post.objects.filter(pk=town.posts.handler.pk).update(capacity=2)
    case = suspend(town, make.handling(town), until=later(days=30), at=later(hours=1))
    make.dispatched(town)
    assert load_of(town.posts.handler) == 2
    with pytest.raises(NotYours):
        services.resume(case, by=town.handler, at=later(days=1))
    case = services.resume(case, by=town.head, at=later(days=1))
    assert (case.state, load_of(town.posts.handler)) == ("handling", 4)
    assert case.handle_due_at == later(days=1, hours=9)  # Tue 9:00: 7 hours were left


def test_a_suspension_ends_within_a_year_and_is_granted_once(town):
    case = make.handling(town)
    ask = {"by": town.handler, "at": later(hours=1), "note": "汛期"}
    assert code_of(services.ask_suspension, case, until=later(minutes=1), **ask) == "past"
    assert code_of(services.ask_suspension, case, until=later(days=367), **ask) == "too_long"
    case = suspend(town, case, until=later(days=2), at=later(hours=1))
    with pytest.raises(WrongState):
        services.report(case, result="好", actual=1, by=town.handler, at=later(hours=2))
    case = services.resume(case, by=town.head, at=later(days=1))
    assert code_of(suspend, town, case, until=later(days=9), at=later(days=1)) == "suspended_once"


def test_a_suspended_case_that_is_voided_frees_its_money_only(town):
    case = suspend(town, make.handling(town), until=later(days=30), at=later(hours=1))
    case = services.void(case, by=town.dispatcher, at=later(hours=2), note="不再需要")
    assert (case.state, case.suspended_at) == ("void", None)
    assert load_of(town.posts.handler) == 0
    town.line.refresh_from_db()
    assert (town.line.available, town.line.reserved) == (1_000_000, 0)


def test_a_timeout_is_forgiven_once_and_the_fact_stays(town):
    case = late_and_closed(town)
    assert case.handled_late
    services.ask_appeal(case, by=town.head, at=later(days=4), note="停电")
    services.review_appeal(case, granted=True, by=town.dispatcher, at=later(days=4))
    case = services.review_appeal(case, granted=True, by=town.acceptor, at=later(days=5))
    assert (case.timeout_exempt, case.handled_late, case.state) == (True, True, "closed")
    again = {"by": town.head, "at": later(days=6), "note": "再申诉"}
    assert code_of(services.ask_appeal, case, **again) == "appealed_once"
    rows = Case.objects.filter(pk=case.pk)
    for taken_back in (False, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(handled_late=taken_back, timeout_exempt=False)


def test_what_was_handled_in_time_is_not_appealed_and_strangers_do_not_appeal(town):
    case = make.closed(town)
    assert "ask_appeal" not in services.moves_for(town.head, case, at=later(days=1))
    asked = {"by": town.head, "at": later(days=1), "note": "x"}
    assert code_of(services.ask_appeal, case, **asked) == "in_time"
    late = late_and_closed(town)
    assert "ask_appeal" in services.moves_for(town.handler, late, at=later(days=4))
    with pytest.raises(NotYours):
        services.ask_appeal(late, by=town.stranger, at=later(days=4), note="x")
