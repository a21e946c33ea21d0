"""Residents are asked, answer once, and are heard: “not solved” takes the case up again."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import services
from cases.models import (
    CallAttempt,
    CallBack,
    CallBackAnswer,
    CallBackRule,
    CaseEvent,
    EventNote,
)
from cases.services import callbacks
from cases.services.history import verify_history
from cases.workflow import State
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import fresh, later
from tests.races import at_once

pytestmark = pytest.mark.django_db
LATER = later(hours=5)
UNSOLVED = {"contacted": True, "solved": False, "satisfaction": "not", "words": "井盖还是松的"}
SOLVED = {"contacted": True, "solved": True, "satisfaction": "very", "words": ""}
TOLD = {"reporter_name": "林女士", "reporter_phone": "13812345678"}


def closed_of_resident(town, **said):
    """A resident's case, closed and asked about."""
    return make.closed(town, channel="hotline", by=town.acceptor, **{**TOLD, **said})


def question(case):
    return CallBack.objects.get(case=case, occasion="closing")


def answer(case, said, *, at=LATER):
    return callbacks.answer(question(case), way="link", by=case.logged_by, at=at, said=said)


def test_the_resident_is_asked_when_the_case_is_closed(town):
    case = closed_of_resident(town)
    asked = question(case)
    assert (asked.state, asked.call_at - asked.asked_at) == ("open", datetime.timedelta(hours=24))
    assert len(asked.code) >= 20
    assert CaseEvent.objects.filter(case=case).last().move == "ask_callback"
    assert list(verify_history()) == []


def test_nobody_is_asked_about_what_a_grid_worker_found(town):
    make.closed(town)
    assert not CallBack.objects.exists()


def test_an_account_is_asked_in_its_inbox_with_the_way_to_the_page(town, client):
    case = make.submitted(town)
    case = services.file(case, by=town.acceptor, at=later(minutes=1))
    services.route_waiting(at=later(minutes=2))
    case = services.sign(fresh(case), by=town.handler, at=later(minutes=10))
    case = services.report(case, result="好", actual=1, by=town.handler, at=later(hours=1))
    case = services.confirm(case, by=town.head, at=later(hours=2))
    case = services.check_pass(case, by=town.verifier, at=later(hours=3), note="盖好了")
    message = Message.objects.get(to=town.resident, kind="case-callback")
    assert (message.subject_kind, message.subject_key) == ("callback", question(case).code)


def test_not_solved_takes_the_case_up_again_with_the_residents_words(town):
    case = closed_of_resident(town)
    answer(case, UNSOLVED)
    case = fresh(case)
    assert (case.state, case.reopens) == (State.FILED, 1)
    event = CaseEvent.objects.get(case=case, move="reopen")
    assert event.by == town.system
    assert EventNote.objects.get(event=event).text == "井盖还是松的"
    assert question(case).state == "answered"
    assert list(verify_history()) == []


def test_solved_leaves_the_case_closed(town):
    case = closed_of_resident(town)
    answer(case, SOLVED)
    assert fresh(case).state == State.CLOSED
    facts = CaseEvent.objects.get(case=case, move="answer_callback").facts
    assert (facts["solved"], facts["satisfied"]) == (True, True)


def test_an_answer_is_given_once(town):
    case = closed_of_resident(town)
    answer(case, SOLVED)
    with pytest.raises(RuleViolation) as refusal:
        answer(case, UNSOLVED)
    assert refusal.value.code == "answered"
    assert CallBackAnswer.objects.get().solved


def test_an_answer_comes_too_late(town):
    case = closed_of_resident(town)
    with pytest.raises(RuleViolation) as refusal:
        answer(case, UNSOLVED, at=later(days=16))
    assert refusal.value.code == "too_late"


@pytest.mark.parametrize("table", ["cases_callbackanswer", "cases_callattempt"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_rewrites_neither_answers_nor_calls(town, table, statement):
    case = closed_of_resident(town)
    callbacks.answer_by_phone(question(case), by=town.acceptor, at=LATER, said=SOLVED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_limit_that_ends_with_the_work_undone_is_asked_about_once(town):
    case = make.handling(town, channel="hotline", by=town.acceptor, **TOLD)
    due = case.handle_due_at
    assert callbacks.ask_at_limits(at=due - datetime.timedelta(minutes=1)) == 0
    assert callbacks.ask_at_limits(at=due) == 1
    assert callbacks.ask_at_limits(at=due + datetime.timedelta(days=1)) == 0
    asked = CallBack.objects.get(case=case)
    said = callbacks.answer(asked, way="link", by=town.system, at=due, said=UNSOLVED)
    assert (asked.occasion, said.solved) == ("limit", False)
    assert fresh(case).state == State.HANDLING


def test_a_clerk_calls_again_until_the_last_try(town):
    asked = question(closed_of_resident(town))
    CallBackRule.objects.create(attempts=2, retry_hours=3, valid_from=datetime.date(2026, 1, 1))
    again = callbacks.call(asked, outcome="not_reached", by=town.acceptor, at=LATER)
    assert (again.state, again.call_at) == ("open", LATER + datetime.timedelta(hours=3))
    given_up = callbacks.call(asked, outcome="not_reached", by=town.acceptor, at=LATER)
    assert (given_up.state, given_up.call_at, given_up.attempts) == ("given_up", None, 2)
    numbers = CallAttempt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_who_does_not_want_to_answer_is_not_called_again(town):
    asked = question(closed_of_resident(town))
    assert callbacks.call(asked, outcome="refused", by=town.acceptor, at=LATER).state == "given_up"


def test_only_callers_of_the_place_write_answers_down(town):
    asked = question(closed_of_resident(town))
    for person in (town.handler, town.stranger, town.resident):
        with pytest.raises(NotYours):
            callbacks.answer_by_phone(asked, by=person, at=LATER, said=SOLVED)


def test_questions_end_with_their_time(town):
    asked = question(closed_of_resident(town))
    assert callbacks.end_unanswered(at=asked.answer_until) == 0
    assert callbacks.end_unanswered(at=asked.answer_until + datetime.timedelta(seconds=1)) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.call_at) == ("expired", None)


def test_each_round_is_asked_anew(town):
    case = closed_of_resident(town)
    answer(case, UNSOLVED)
    services.route_waiting(at=later(hours=6))
    case = services.sign(fresh(case), by=town.handler, at=later(hours=7))
    case = services.report(case, result="好了", actual=1, by=town.handler, at=later(hours=8))
    case = services.confirm(case, by=town.head, at=later(hours=9))
    services.check_pass(case, by=town.verifier, at=later(hours=10), note="平整")
    rounds = CallBack.objects.filter(case=case).order_by("round").values_list("round", flat=True)
    assert list(rounds) == [0, 1]


def test_a_resident_answers_by_link_without_an_account(town, client):
    case = closed_of_resident(town)
    url = reverse("portal:answer", args=[question(case).code])
    page = client.get(url)
    assert case.number in page.content.decode()
    assert client.post(url, {"contacted": "yes"}).status_code == 422
    said = {"contacted": "yes", "solved": "yes", "satisfaction": "basically", "words": ""}
    assert client.post(url, said).status_code == 302
    assert CallBackAnswer.objects.get().way == "link"
    assert b"answer-form" not in client.get(url).content


def test_codes_cannot_be_guessed_at_leisure(town, client):
    url = reverse("portal:answer", args=["no-such-code"])
    answers = [client.get(url).status_code for _try in range(21)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_the_list_of_calls_costs_the_same_for_one_and_for_three(
    town, client, django_assert_max_num_queries
):
    from django.test.utils import CaptureQueriesContext

    client.force_login(town.acceptor)
    url = reverse("cases:callbacks")

    def cost():
        CallBack.objects.update(call_at=make.MONDAY)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    closed_of_resident(town)
    one = cost()
    closed_of_resident(town)
    closed_of_resident(town)
    assert cost() == one


def test_a_clerk_sees_script_and_number_and_writes_down(town, client):
    asked = question(closed_of_resident(town))
    CallBackRule.objects.create(
        script="您好，这里是综治中心。", valid_from=datetime.date(2026, 1, 1)
    )
    client.force_login(town.acceptor)
    url = reverse("cases:callback", args=[asked.pk])
    page = client.get(url).content.decode()
    assert "您好，这里是综治中心。" in page
    assert "13812345678" not in page
    number = client.post(reverse("cases:callback_number", args=[asked.pk])).content.decode()
    assert "13812345678" in number
    said = {"contacted": "no", "solved": "no", "satisfaction": "not", "words": "没人来过"}
    assert client.post(url, said).status_code == 302
    assert fresh(asked.case).state == State.FILED


def test_a_stranger_finds_no_call(town, client):
    asked = question(closed_of_resident(town))
    client.force_login(town.stranger)
    assert client.get(reverse("cases:callback", args=[asked.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_answers_at_the_same_moment_one_counts(town):
    case = closed_of_resident(town)

    def act(number):
        try:
            answer(case, UNSOLVED if number % 2 else SOLVED)
        except RuleViolation as refusal:
            return refusal.code
        return "kept"

    assert sorted(at_once(4, act)) == ["answered", "answered", "answered", "kept"]
    assert CallBackAnswer.objects.count() == 1
