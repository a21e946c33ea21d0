"""Departments assist the lead with tasks of their own; work is handed over inside a department."""

import pytest

from cases import services
from cases.models import Assistant, Case, Task
from cases.services.history import verify_history
from funding.models import Hold
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import Message
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.races import at_once


@pytest.fixture
def police(town):
    """A body with a head and one who handles."""
    body = BodyFactory(name="公安分局", name_en="Police")
    BodyTerritoryFactory(body=body, territory=town.place)
    town.police_head = PostFactory(body=body, role=Role.DEPARTMENT_HEAD, capacity=0).person
    return PostFactory(body=body, role=Role.HANDLER, capacity=3)


def asked(town, police, case=None, **said):
    given = {"note": "请到场维持秩序", "post": police, "by": town.head, **said}
    return services.ask_assistance(case or make.handling(town), at=later(minutes=30), **given)


def assistance(case):
    return Task.objects.get(case=case, kind="assist")


def load_of(post):
    row = Load.objects.filter(post=post).first()
    return (row.points, row.tasks) if row else (0, 0)


def assert_books_balance():
    open_holds = sum(Hold.objects.filter(subject_kind="case").values_list("open", flat=True))
    unsettled = Task.objects.unsettled().select_related("hold")
    assert open_holds == sum(task.hold.open for task in unsettled if task.hold)
    for load in Load.objects.all():
        tasks = Task.objects.loading().filter(post=load.post_id)
        assert (load.points, load.tasks) == (sum(task.points for task in tasks), tasks.count())
    assert list(verify_history()) == []


def test_the_assistant_gets_a_task_of_their_own_with_limit_points_and_money(town, police):
    case = asked(town, police, points=2, cost=20_000, line=town.line, due_at=later(hours=5))
    task = assistance(case)
    assert (task.body, task.post, task.state) == (police.body, police, "dispatched")
    assert (task.wanted, task.handle_due_at) == ("请到场维持秩序", later(hours=5))
    assert (task.hold.line, task.hold.open, load_of(police)) == (town.line, 20_000, (2, 1))
    assert (case.state, case.lead_body) == ("handling", town.office)
    assert Message.objects.filter(kind="case-assist", to=police.person).count() == 1
    assert case in Case.objects.visible_to(police.person, on=MONDAY.date())
    assert_books_balance()


def test_without_a_limit_of_its_own_it_is_due_with_the_lead(town, police):
    case = asked(town, police)
    assert assistance(case).handle_due_at == fresh(case).handle_due_at


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda town, police: {"post": town.posts.handler}, "leads"),
        (lambda town, police: {"points": 4}, "no_room"),
        (lambda town, police: {"cost": 1}, "line_missing"),
        (lambda town, police: {"note": " "}, "reason_missing"),
    ],
)
def test_what_does_not_fit_changes_nothing(town, police, change, code):
    case = make.handling(town)
    with pytest.raises(RuleViolation) as refusal:
        asked(town, police, case, **change(town, police))
    assert refusal.value.code == code
    assert not Task.objects.filter(kind="assist").exists()
    assert load_of(police) == (0, 0)


def test_a_department_assists_a_case_once_at_a_time(town, police):
    case = asked(town, police)
    with pytest.raises(RuleViolation) as refusal:
        asked(town, police, case)
    assert refusal.value.code == "assists_already"


def test_signed_reported_accepted_and_only_then_the_lead_reports(town, police):
    case = asked(town, police, cost=20_000, line=town.line)
    report = {"result": "已换新井盖", "actual": 50_000, "by": town.handler, "at": later(hours=4)}
    with pytest.raises(RuleViolation) as refusal:
        services.report(case, **report)
    assert refusal.value.code == "assistance_open"
    services.sign_assistance(case, by=police.person, at=later(hours=1))
    services.report_assistance(
        case, result="已维持秩序", actual=15_000, by=police.person, at=later(hours=2)
    )
    assert Message.objects.filter(kind="case-assist-report", to=town.handler).count() == 1
    services.accept_assistance(case, by=town.handler, at=later(hours=3))
    task = assistance(case)
    assert (task.state, task.actual, load_of(police)) == ("done", 15_000, (0, 0))
    town.line.refresh_from_db()
    assert town.line.payable == 15_000
    assert services.report(case, **report).state == "reported"
    assert_books_balance()


def test_what_it_cost_beyond_its_money_is_given_before_it_is_accepted(town, police):
    case = asked(town, police, cost=20_000, line=town.line)
    services.sign_assistance(case, by=police.person, at=later(hours=1))
    services.report_assistance(
        case, result="已处理", actual=30_000, by=police.person, at=later(hours=2)
    )
    with pytest.raises(RuleViolation) as refusal:
        services.accept_assistance(case, by=town.handler, at=later(hours=3))
    assert refusal.value.code == "unfunded"
    services.fund(case, by=town.head, at=later(hours=3))
    services.accept_assistance(case, by=town.handler, at=later(hours=4))
    assert assistance(case).hold.payable == 30_000
    assert_books_balance()


def test_the_lead_sends_back_and_may_release_with_a_reason(town, police):
    case = asked(town, police, cost=20_000, line=town.line)
    services.sign_assistance(case, by=police.person, at=later(hours=1))
    services.report_assistance(case, result="来过", actual=0, by=police.person, at=later(hours=2))
    services.send_assistance_back(case, note="人没有到", by=town.handler, at=later(hours=3))
    assert assistance(case).state == "handling"
    with pytest.raises(RuleViolation):
        services.release_assistance(case, note="", by=town.head, at=later(hours=4))
    services.release_assistance(case, note="不再需要", by=town.head, at=later(hours=4))
    assert (assistance(case).state, load_of(police)) == ("withdrawn", (0, 0))
    assert_books_balance()


def test_the_assistant_declines_with_a_reason_and_the_lead_hears_of_it(town, police):
    case = asked(town, police)
    services.decline_assistance(case, note="不属职责", by=town.police_head, at=later(hours=1))
    assert (assistance(case).state, load_of(police)) == ("returned", (0, 0))
    told = Message.objects.filter(kind="case-assist-decline").values_list("to", flat=True)
    assert set(told) == {town.handler.pk, town.head.pk}


def test_each_side_makes_its_own_steps_only(town, police):
    case = asked(town, police)
    at = later(hours=1)
    assert set(services.moves_for(police.person, fresh(case), at=at)) == {
        "assist_sign",
        "assist_decline",
    }
    assert {"assist_add", "assist_release"} <= set(
        services.moves_for(town.head, fresh(case), at=at)
    )
    for step in (services.sign_assistance, services.accept_assistance):
        with pytest.raises(RuleViolation):
            step(case, by=town.stranger, at=at)
    with pytest.raises(NotYours):
        services.sign_assistance(case, by=town.handler, at=at)


@pytest.mark.parametrize("end", ["return", "void"])
def test_when_the_case_leaves_the_department_all_is_given_back(town, police, end):
    case = asked(town, police, cost=20_000, line=town.line)
    if end == "return":
        services.send_back_to_dispatcher(
            case, by=town.handler, at=later(hours=1), note="不是我们的"
        )
    else:
        services.void(case, by=town.dispatcher, at=later(hours=1), note="重复")
    assert assistance(case).state == "withdrawn"
    assert (load_of(police), load_of(town.posts.handler)) == ((0, 0), (0, 0))
    town.line.refresh_from_db()
    assert (town.line.available, town.line.reserved) == (1_000_000, 0)
    assert_books_balance()


def test_the_router_does_not_avoid_a_body_that_only_assisted(town, police):
    case = asked(town, police)
    services.decline_assistance(case, note="没有人手", by=police.person, at=later(hours=1))
    services.send_back_to_dispatcher(case, by=town.handler, at=later(hours=2), note="不归我们")
    town.duty.lead = police.body
    town.duty.save(update_fields=["lead"])
    services.correct(case, by=town.dispatcher, at=later(hours=3))
    services.route_waiting(at=later(hours=3))
    assert fresh(case).refusal != "gap"


# -- Born of the duty list ----------------------------------------------------------------------


def test_the_duty_lists_assistants_get_tasks_from_who_has_least_to_do(town, police):
    busy = PostFactory(body=police.body, capacity=10)
    Load.objects.create(post=busy, points=1, tasks=1)
    town.duty.assistants.add(police.body)
    case = make.dispatched(town)
    assert Assistant.objects.get(case=case).owed
    assert services.give_owed(at=later(minutes=1)) == 1
    assert (assistance(case).post, assistance(case).points) == (police, 1)
    assert services.give_owed(at=later(minutes=2)) == 0


def test_where_nobody_has_room_it_stays_owed(town, police):
    police.capacity = 0
    police.save(update_fields=["capacity"])
    town.duty.assistants.add(police.body)
    case = make.dispatched(town)
    assert services.give_owed(at=later(minutes=1)) == 0
    assert Assistant.objects.get(case=case).owed
    police.capacity = 5
    police.save(update_fields=["capacity"])
    assert services.give_owed(at=later(minutes=2)) == 1


# -- Inside a department --------------------------------------------------------------------------


def test_a_colleague_takes_over_and_signs_anew(town):
    case, other = make.handling(town), PostFactory(body=town.office)
    due = fresh(case).handle_due_at
    case = services.transfer(
        case, post=other, note="我休假，材料在柜里", by=town.handler, at=later(hours=1)
    )
    task = Task.objects.get(case=case)
    assert (case.state, case.lead_post, case.signed_at) == ("dispatched", other, None)
    assert (task.post, task.state, task.handle_due_at) == (other, "dispatched", due)
    assert (load_of(town.posts.handler), load_of(other)) == ((0, 0), (2, 1))
    assert Message.objects.filter(kind="case-transfer", to=other.person).count() == 1
    assert services.sign(case, by=other.person, at=later(hours=2)).state == "handling"
    assert_books_balance()


def test_work_is_handed_over_inside_the_department_only(town, police):
    case = make.handling(town)
    for post, code in ((police, "other_body"), (town.posts.handler, "same_post")):
        with pytest.raises(RuleViolation) as refusal:
            services.transfer(case, post=post, note="x", by=town.head, at=later(hours=1))
        assert refusal.value.code == code


# -- Pages ----------------------------------------------------------------------------------------


def test_assistants_have_a_list_and_make_their_steps_on_the_page(client, town, police, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=1))
    case = asked(town, police)
    client.force_login(police.person)
    page = client.get("/cases/assists/").content.decode()
    assert "请到场维持秩序" in page
    assert client.post(f"/cases/{case.number}/assist_sign/").status_code == 302
    said = {"result": "已维持秩序"}
    assert client.post(f"/cases/{case.number}/assist_report/", said).status_code == 302
    client.force_login(town.head)
    form = client.get(f"/cases/{case.number}/assist_accept/")
    assert form.status_code == 200
    assert client.post(f"/cases/{case.number}/assist_accept/", {"note": ""}).status_code == 302
    assert assistance(case).state == "done"
    client.force_login(town.stranger)
    assert "请到场维持秩序" not in client.get("/cases/assists/").content.decode()


def test_the_head_asks_for_help_on_the_page(client, town, police, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=1))
    case = make.handling(town)
    client.force_login(town.head)
    form = f"/cases/{case.number}/assist_add/"
    assert client.get(form, {"body": police.body_id}).status_code == 200
    said = {"body": police.body_id, "post": police.pk, "note": "请派人", "points": 1, "cost": ""}
    assert client.post(form, said).status_code == 302
    assert assistance(case).post == police


# -- Races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_accepted_and_released_at_once_is_one_of_them(town, police):
    case = asked(town, police, cost=20_000, line=town.line)
    services.sign_assistance(case, by=police.person, at=later(hours=1))
    services.report_assistance(case, result="好", actual=9, by=police.person, at=later(hours=2))
    acts = (
        lambda: services.accept_assistance(case, by=town.handler, at=later(hours=3)),
        lambda: services.release_assistance(case, note="x", by=town.head, at=later(hours=3)),
        lambda: services.send_back_to_dispatcher(
            case, by=town.handler, at=later(hours=3), note="不归我们"
        ),
    )

    def run(number):
        try:
            acts[number]()
        except RuleViolation as refusal:
            return refusal.code
        return "done"

    answers = at_once(3, run)
    assert answers[2] == "done"
    assert assistance(case).state in {"done", "withdrawn"}
    assert_books_balance()


@pytest.mark.django_db(transaction=True)
def test_what_is_owed_is_given_once_however_many_workers_ask(town, police):
    case = make.dispatched(town)
    Assistant.objects.create(case=case, body=police.body, owed=True)
    assert sum(at_once(4, lambda _number: services.give_owed(at=later(minutes=1)))) == 1
    assert Task.objects.filter(case=case, kind="assist").count() == 1
    assert_books_balance()
