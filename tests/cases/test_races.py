"""What several processes ask at once: one wins, the others are told, nothing is counted twice."""

import pytest

from cases import services
from cases.models import Case, CaseEvent, Task
from cases.services.history import verify_history
from cases.services.numbering import take_numbers
from funding.models import Hold
from lib.errors import RuleViolation
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later
from tests.factories.organizations import PostFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def asked(*acts):
    """What came of each act, done at once: the state it led to, or the refusal's code."""

    def run(number):
        try:
            return acts[number]().state
        except RuleViolation as refusal:
            return refusal.code

    return at_once(len(acts), run)


def assert_books_balance(town):
    open_holds = sum(Hold.objects.filter(subject_kind="case").values_list("open", flat=True))
    unsettled = Task.objects.unsettled()
    assert open_holds == sum(task.hold.open for task in unsettled if task.hold)
    town.line.refresh_from_db()
    assert town.line.reserved == open_holds
    for load in Load.objects.all():
        tasks = Task.objects.loading().filter(post=load.post_id)
        assert (load.points, load.tasks) == (sum(task.points for task in tasks), tasks.count())
    assert list(verify_history()) == []


def test_four_sign_at_once(town):
    case = make.dispatched(town)
    sign = [lambda: services.sign(case, by=town.handler, at=later(minutes=1))] * 4
    assert sorted(asked(*sign)) == ["handling"] + ["wrong_state"] * 3
    assert fresh(case).version == 3


def test_signing_and_voiding_contradict_each_other(town):
    case = make.dispatched(town)
    answers = asked(
        lambda: services.sign(case, by=town.handler, at=later(minutes=1)),
        lambda: services.void(case, by=town.dispatcher, at=later(minutes=1), note="重复"),
        lambda: services.send_back_to_dispatcher(
            case, by=town.handler, at=later(minutes=1), note="不归我们"
        ),
    )
    # Voiding and returning are still possible after signing, signing after neither.
    assert fresh(case).state in {"void", "returned"}
    assert answers[0] in {"handling", "wrong_state"}
    assert_books_balance(town)


def test_passing_and_failing_contradict_each_other(town):
    case = make.checking(town)
    answers = asked(
        lambda: services.check_pass(case, by=town.verifier, at=later(hours=3), note="盖好了"),
        lambda: services.check_fail(case, by=town.verifier, at=later(hours=3), note="不行"),
        lambda: services.check_pass(case, by=town.verifier, at=later(hours=3), note="盖好了"),
    )
    assert answers.count("wrong_state") == 2
    assert fresh(case).state in {"closed", "rework"}
    assert_books_balance(town)


def test_four_routers_share_the_work_and_route_nothing_twice(town):
    for _more in range(3):
        PostFactory(body=town.office, capacity=10)
    for _more in range(24):
        make.filed(town)

    def run(_number):
        count = 0
        while services.route_waiting(at=MONDAY, limit=3):
            count += 1
        return count

    at_once(4, run)
    # What one refused for want of a person or money while another held it is not lost either.
    assert not Case.objects.filter(route_at__isnull=False).exists()
    dispatched = Case.objects.filter(state="dispatched").count()
    assert (Task.objects.count(), Hold.objects.count()) == (dispatched, dispatched)
    assert CaseEvent.objects.filter(move="dispatch").count() == dispatched
    assert dispatched == min(24, 1_000_000 // COST)
    assert_books_balance(town)


def test_the_router_and_a_person_do_not_both_send_it(town):
    case = make.filed(town)
    answers = asked(
        lambda: services.dispatch(
            case, post=town.posts.handler, line=town.line, by=town.dispatcher, at=MONDAY
        ),
        lambda: Case(state=f"routed {services.route_waiting(at=MONDAY)}"),
    )
    assert fresh(case).state == "dispatched"
    assert Task.objects.count() == 1, answers
    assert_books_balance(town)


def test_the_same_key_at_once_makes_one_case(town):
    made = at_once(4, lambda _number: make.log(town, client_key="once").pk)
    assert made == [Case.objects.get().pk] * 4
    assert CaseEvent.objects.filter(move="log").count() == 1


def test_numbers_are_given_out_once(town):
    taken = at_once(4, lambda _number: [take_numbers(MONDAY.date())[0] for _more in range(10)])
    assert len({number for numbers in taken for number in numbers}) == 40


def test_two_who_fund_at_once_fund_once(town):
    case = make.reported(town, actual=COST + 1000)
    fund = [lambda: services.fund(case, by=town.head, at=later(hours=2))] * 3
    assert sorted(asked(*fund)) == ["funded", "funded", "reported"]
    assert Hold.objects.get().amount == COST + 1000
    assert_books_balance(town)


def test_people_who_hand_work_to_each_other_do_not_wait_in_a_ring(town):
    other = PostFactory(body=town.office)
    cases = [make.dispatched(town) for _more in range(2)]
    holders = {post.pk: post for post in (town.posts.handler, other)}
    targets = [
        next(post for key, post in holders.items() if key != fresh(case).lead_post_id)
        for case in cases
    ]

    def swap(number):
        for turn in range(6):
            case = fresh(cases[number])
            target = next(post for key, post in holders.items() if key != case.lead_post_id)
            services.reassign(case, post=target, by=town.head, at=later(minutes=turn))
        return True

    assert at_once(2, swap) == [True, True]
    assert [fresh(case).version for case in cases] == [8, 8]
    assert len(targets) == 2
    assert_books_balance(town)


def test_of_contradicting_moves_exactly_one_wins_and_the_other_is_told(town):
    from tests.faults.contradictions import pairs, race

    found = {pair.name: race(town, pair, processes=4) for pair in pairs(town)}
    assert found == {name: [] for name in found}
