"""The router: claims, refuses, retries, sets aside; never twice, never half."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cases import services, tasks
from cases.models import Case, CaseEvent, RoutingTrace, Task
from cases.services import routing
from cases.workflow import Desk
from funding import services as funding
from funding.models import Hold
from grids.models import ChangeCounter
from organizations.models import Message
from routing.models import DutyEntry, Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later
from tests.factories.funding import LineFactory


def route(at=MONDAY, **options):
    return services.route_waiting(at=at, **options)


def refused(town, **said):
    case = make.filed(town, **said)
    route()
    return fresh(case)


def test_nothing_waits_and_nothing_is_done(town):
    assert route() == 0


def test_the_trace_says_why(town):
    case = make.dispatched(town)
    trace = RoutingTrace.objects.get(case=case)
    assert (trace.outcome, trace.lead, trace.at) == ("match", town.office, MONDAY)
    assert trace.facts["grid"] == town.grid.pk
    assert any(row["kind"] == "line" for row in trace.candidates)


def test_the_person_hears_of_it(town):
    case = make.dispatched(town)
    message = Message.objects.get(to=town.handler)
    assert (message.kind, message.subject_key) == ("case-dispatch", str(case.pk))


def test_assistants_see_it(town):
    from tests.factories.organizations import BodyFactory, PostFactory

    helper = PostFactory(body=BodyFactory())
    town.duty.assistants.add(helper.body)
    case = make.dispatched(town)
    assert list(Case.objects.visible_to(helper.person, on=MONDAY.date())) == [case]


@pytest.mark.parametrize(
    ("said", "code", "desk"),
    [
        ({"category": None}, "no_category", Desk.DISPATCH),
        ({"lon": None, "lat": None}, "no_place", Desk.DISPATCH),
    ],
)
def test_what_the_dispatcher_decides(town, said, code, desk):
    case = refused(town, **said)
    assert (case.state, case.refusal, case.desk, case.route_at) == ("filed", code, desk, None)
    assert list(Case.objects.on_desk(town.dispatcher, on=MONDAY.date())) == [case]


def test_a_gap_lies_with_the_committee(town):
    DutyEntry.objects.all().delete()
    case = refused(town)
    assert (case.refusal, case.desk) == ("gap", Desk.COMMITTEE)
    assert list(Case.objects.on_desk(town.committee, on=MONDAY.date())) == [case]


def test_without_staff_the_head_decides_until_the_signing_limit(town):
    town.posts.handler.capacity = 1
    town.posts.handler.save()
    case = refused(town)
    assert (case.refusal, case.desk, case.desk_body) == ("no_staff", Desk.HEAD, town.office)
    assert list(Case.objects.on_desk(town.head, on=MONDAY.date())) == [case]
    assert services.escalate_unstaffed(at=later(hours=1)) == 0
    assert services.escalate_unstaffed(at=later(hours=4)) == 1
    assert services.escalate_unstaffed(at=later(hours=4)) == 0
    assert fresh(case).desk == Desk.DISPATCH


def test_the_head_may_go_beyond_the_capacity(town):
    town.posts.handler.capacity = 1
    town.posts.handler.save()
    case = refused(town)
    with pytest.raises(services.dispatching.RuleViolation) as refusal:
        services.dispatch(case, post=town.posts.handler, line=town.line, by=town.head, at=MONDAY)
    assert refusal.value.code == "no_room"
    assert Hold.objects.count() == 0
    case = services.dispatch(
        case,
        post=town.posts.handler,
        line=town.line,
        by=town.head,
        at=MONDAY,
        beyond_capacity=True,
    )
    assert (case.state, Load.objects.get().points) == ("dispatched", 2)


def test_without_money_finance_and_committee_see_it_and_nothing_is_held(town):
    case = refused(make_poor(town))
    assert (case.refusal, case.desk, case.desk_body) == ("no_money", Desk.FINANCE, town.office)
    holds = Hold.objects.filter(subject_kind="case")
    assert (holds.count(), Load.objects.count(), Task.objects.count()) == (0, 0, 0)
    assert list(Case.objects.on_desk(town.committee, on=MONDAY.date())) == [case]


def make_poor(town):
    funding.reserve(
        town.line,
        amount=1_000_000 - COST + 1,
        purpose=town.purpose,
        subject=("other", "1"),
        key="other",
        by=town.system,
        at=MONDAY,
    )
    return town


def test_emergencies_go_past_the_router_to_the_duty_desk(town):
    town.small.is_emergency = True
    town.small.save()
    case = make.submitted(town)
    assert (case.state, case.desk, case.route_at) == ("filed", Desk.DUTY, None)
    assert list(Case.objects.on_desk(town.duty_officer, on=MONDAY.date())) == [case]
    assert Message.objects.get().to == town.duty_officer


# -- Tried again ------------------------------------------------------------------------------


def test_refused_cases_are_left_alone_while_nothing_has_changed(town):
    case = refused(make_poor(town))
    assert services.retry_refused(at=later(minutes=1)) == 0
    assert fresh(case).route_at is None


def test_money_that_arrives_lets_the_case_go_out(town):
    case = refused(make_poor(town))
    funding.receive(town.line, amount=COST, key="more", by=town.system, at=MONDAY)
    ChangeCounter.objects.raised("lines")
    assert services.retry_refused(at=later(minutes=1)) == 1
    assert fresh(case).desk == Desk.FINANCE  # stays there while it is tried
    route(at=later(minutes=1))
    assert (fresh(case).state, fresh(case).refusal) == ("dispatched", "")


def test_a_retry_in_vain_leaves_no_mark_in_history(town):
    case = refused(make_poor(town))
    ChangeCounter.objects.raised("lines")
    services.retry_refused(at=later(minutes=1))
    route(at=later(minutes=1))
    after = fresh(case)
    assert (after.version, after.desk, after.route_at) == (case.version, Desk.FINANCE, None)
    assert after.tried_version > case.tried_version
    assert RoutingTrace.objects.count() == 1
    assert services.retry_refused(at=later(minutes=2)) == 0


def test_a_retry_that_fails_for_another_reason_moves_to_another_desk(town):
    case = refused(make_poor(town))
    DutyEntry.objects.all().delete()
    ChangeCounter.objects.raised("lines")
    services.retry_refused(at=later(minutes=1))
    route(at=later(minutes=1))
    assert (fresh(case).refusal, fresh(case).desk) == ("gap", Desk.COMMITTEE)


def test_retries_are_bounded_and_the_longest_refused_comes_first(town):
    cases = [refused(make_poor(town))]
    for _more in range(2):
        case = make.filed(town)
        route(at=later(minutes=1))
        cases.append(fresh(case))
    ChangeCounter.objects.raised("lines")
    assert services.retry_refused(at=later(minutes=2), limit=2) == 2
    waiting = Case.objects.filter(route_at__isnull=False).order_by("id")
    assert list(waiting) == cases[:2]


def test_what_waits_for_people_or_money_is_tried_after_a_while_anyway(town):
    case = refused(make_poor(town))
    assert services.retry_refused(at=later(minutes=16)) == 1
    assert fresh(case).route_at == later(minutes=16)


def test_work_that_ends_is_counted_only_while_somebody_waits(
    town, django_capture_on_commit_callbacks
):
    town.posts.handler.capacity = 2
    town.posts.handler.save()
    first = make.handling(town)
    with django_capture_on_commit_callbacks(execute=True):
        services.void(first, by=town.dispatcher, at=later(hours=1), note="重复")
    assert not ChangeCounter.objects.filter(subject="loads").exists()
    second = make.handling(town)
    waiting = refused(town)
    assert waiting.refusal == "no_staff"
    with django_capture_on_commit_callbacks(execute=True):
        services.void(second, by=town.dispatcher, at=later(hours=1), note="重复")
    assert services.retry_refused(at=later(hours=1)) == 1
    route(at=later(hours=1))
    assert fresh(waiting).state == "dispatched"


# -- Never twice, never half --------------------------------------------------------------------


def books(town):
    town.line.refresh_from_db()
    load = Load.objects.filter(post=town.posts.handler).first()
    return (
        town.line.reserved,
        load.points if load else 0,
        Task.objects.count(),
        Hold.objects.count(),
        CaseEvent.objects.filter(move="dispatch").count(),
    )


def test_a_batch_that_is_cut_off_leaves_nothing_behind(town, monkeypatch):
    case = make.filed(town)

    def die(*_arguments, **_options):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(routing.RoutingTrace.objects, "bulk_create", die)
        with pytest.raises(SystemExit):
            route()
    assert (books(town), fresh(case).route_at) == ((0, 0, 0, 0, 0), MONDAY)
    route()
    assert books(town) == (COST, 2, 1, 1, 1)


def test_a_lost_database_is_no_fault_of_the_case(town, monkeypatch):
    case = make.filed(town)

    def lose(*_arguments, **_options):
        raise OperationalError

    monkeypatch.setattr(routing.Judge, "load", lose)
    with pytest.raises(OperationalError):
        route()
    assert (fresh(case).desk, fresh(case).route_at) == (Desk.ROUTER, MONDAY)


def test_a_poisonous_case_is_set_aside_and_the_others_go_on(town, monkeypatch):
    good, bad, other = (make.filed(town, title=title) for title in ("甲", "毒", "乙"))
    judged = routing._facts

    def facts(case, *rest):
        if case.title == "毒":
            raise ValueError("poison")
        return judged(case, *rest)

    monkeypatch.setattr(routing, "_facts", facts)
    assert route() == 3
    assert [fresh(case).state for case in (good, bad, other)] == [
        "dispatched",
        "filed",
        "dispatched",
    ]
    aside = fresh(bad)
    assert (aside.refusal, aside.desk, aside.route_at) == ("fault", Desk.DISPATCH, None)
    assert route() == 0
    monkeypatch.undo()
    services.correct(aside, by=town.dispatcher, at=MONDAY)
    route()
    assert fresh(bad).state == "dispatched"


def test_a_row_that_another_worker_changed_ends_the_batch(town, monkeypatch):
    case = make.filed(town)
    load = routing.Judge.load

    def overtake(*, at):
        Case.objects.filter(pk=case.pk).update(version=9)
        return load(at=at)

    monkeypatch.setattr(routing.Judge, "load", overtake)
    assert route() == 0
    assert books(town) == (0, 0, 0, 0, 0)


def test_what_another_worker_took_in_between_waits_for_the_next_batch(town, monkeypatch):
    case = make.filed(town)
    with monkeypatch.context() as patch:
        patch.setattr(routing.loads, "take_load_many", lambda requests, **_: [False])
        assert route() == 1
    assert (fresh(case).route_attempts, fresh(case).desk) == (1, Desk.ROUTER)
    town.line.refresh_from_db()
    assert (town.line.reserved, Hold.objects.get().open) == (0, 0)
    route()
    assert books(town) == (COST, 2, 1, 2, 1)


def test_a_promise_that_is_never_kept_ends_on_the_dispatchers_desk(town, monkeypatch):
    case = make.filed(town)
    monkeypatch.setattr(routing.loads, "take_load_many", lambda requests, **_: [False])
    while route():
        pass
    assert (fresh(case).refusal, fresh(case).desk) == ("fault", Desk.DISPATCH)
    town.line.refresh_from_db()
    assert town.line.reserved == 0


def test_a_batch_costs_the_same_statements_for_one_and_for_three(town):
    counts = []
    for number in (1, 3):
        for _again in range(number):
            make.filed(town)
        with CaptureQueriesContext(connection) as captured:
            route()
        counts.append(len(captured))
    # The very first task of a post writes the row of its load.
    assert counts[0] - counts[1] in {0, 1}
    assert Case.objects.filter(state="dispatched").count() == 4


def test_tasks_may_run_twice(town):
    make.filed(town)
    assert [tasks.route_waiting(), tasks.route_waiting()] == [1, 0]
    assert [tasks.sweep(), tasks.sweep()] == [0, 0]
    assert books(town) == (COST, 2, 1, 1, 1)
    assert tasks.make_daily_root() == tasks.make_daily_root()


def test_a_case_wakes_the_router_after_the_commit_and_not_before(
    town, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        case = make.log(town, at=MONDAY)
        assert fresh(case).state == "filed"
    assert len(callbacks) == 1
    callbacks[0]()
    assert fresh(case).state == "dispatched"
    with django_capture_on_commit_callbacks() as callbacks:
        make.submitted(town)
    assert callbacks == []


# -- Replay -------------------------------------------------------------------------------------


def test_a_replay_finds_what_another_duty_list_would_change_and_keeps_nothing(town):
    from tests.factories.organizations import BodyFactory, PostFactory
    from tests.factories.routing import DutyEntryFactory

    case = make.dispatched(town)
    other = PostFactory(body=BodyFactory())
    LineFactory(body=other.body, purposes=[town.purpose], free=COST)

    def change():
        DutyEntryFactory(category=town.small, territory=town.community, lead=other.body)

    assert services.replay(last=10, at=MONDAY).differences == []
    found = services.replay(last=10, at=MONDAY, changes=change)
    [difference] = found.differences
    assert (found.asked, difference.case) == (1, case)
    assert (difference.before.lead_id, difference.after.lead_id) == (town.office.pk, other.body_id)
    assert DutyEntry.objects.count() == 1


def test_a_replay_by_command_tries_a_file(town, tmp_path, capsys):
    from django.core.management import call_command

    from tests.factories.organizations import PostFactory

    case = make.dispatched(town)
    other = PostFactory().body
    file = tmp_path / "duty.csv"
    file.write_text(
        "category,territory,lead,payer,assistants\n"
        f"{town.large.code},{town.place.code},{other.code},,{town.office.code}\n"
    )
    call_command("route", dry_run=True, duty_file=file)
    out = capsys.readouterr().out
    assert case.number in out
    assert str(other) in out
    file.write_text("category,territory,lead,payer,assistants\n,nowhere,nobody,,\n")
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="nowhere"):
        call_command("route", dry_run=True, duty_file=file)
    assert list(DutyEntry.objects.all()) == [town.duty]
