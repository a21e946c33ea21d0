"""From a call to chosen ideas: each service's effect, each refusal changing nothing."""

import datetime

import pytest
from django.db import transaction

from consultation.models import (
    Choice,
    Commitment,
    Idea,
    IdeaScreening,
    ProjectCall,
    ProjectCallEvent,
    VoterSheet,
)
from consultation.project_workflow import CallState, IdeaState
from consultation.services import projects as services
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import projects as made
from tests.factories.funding import LineFactory
from tests.factories.projects import AT, fresh, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return made.make_town()


def refused(act, error=RuleViolation, code=None):
    """The act is refused, and nothing of calls, ideas, votes and history has changed."""
    tables = (ProjectCall, Idea, IdeaScreening, ProjectCallEvent, VoterSheet, Choice, Commitment)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises(error) as refusal, transaction.atomic():
        act()
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    if code:
        assert refusal.value.code == code


# -- The call ----------------------------------------


def test_a_host_drafts_a_call_for_a_community_of_theirs(town):
    call = made.draft(town)
    assert (call.state, call.town, call.community) == (CallState.DRAFT, town.place, town.community)
    assert call.number == f"XM2026{call.pk:06d}"
    assert not ProjectCall.objects.published().exists()


def test_who_is_no_host_of_the_place_makes_no_call(town):
    for person in (town.worker, town.resident, town.head):
        refused(
            lambda person=person: services.make_call(by=person, at=AT, **made.call_content(town)),
            NotYours,
        )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"budget": 0}, "budget"),
        ({"most_of_one": made.BUDGET + 1}, "most_of_one"),
        ({"community": None}, "place"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(town, given, code):
    refused(lambda: made.draft(town, **given), code=code)


def test_a_line_of_strangers_or_for_another_purpose_is_refused(town):
    other = LineFactory(purposes=[town.purpose])
    refused(lambda: made.draft(town, line=other), code="line_of_others")
    bare = LineFactory(body=town.office)
    refused(lambda: made.draft(town, line=bare), code="purpose_not_allowed")


def test_a_draft_changes_a_published_call_does_not(town):
    call = services.edit_call(made.draft(town), by=town.host, at=AT, title="另一个名字")
    assert fresh(call).title == "另一个名字"
    services.publish_call(call, by=town.host, at=AT)
    refused(lambda: services.edit_call(call, by=town.host, at=AT, title="x"), WrongState)


def test_a_call_promises_no_more_than_the_line_has_free(town):
    call = made.draft(town, budget=town.line.available + 1)
    refused(lambda: services.publish_call(call, by=town.host, at=AT), code="not_enough_money")


def test_published_it_is_seen_by_everybody(town):
    call = made.collecting(town)
    assert call.published_at == AT
    assert list(ProjectCall.objects.published()) == [call]
    refused(lambda: services.publish_call(call, by=town.host, at=AT), WrongState)


def test_the_clock_closes_ideas_when_the_time_is_over_and_twice_is_once(town):
    call = made.collecting(town)
    assert services.move_due_calls(at=made.IDEAS_UNTIL - datetime.timedelta(seconds=1)) == 0
    refused(lambda: services.close_ideas(call, by=town.host, at=later(days=1)), code="too_early")
    assert services.move_due_calls(at=made.IDEAS_UNTIL) == 1
    assert services.move_due_calls(at=made.IDEAS_UNTIL) == 0
    assert fresh(call).state == CallState.SCREENING


def test_a_call_is_cancelled_with_a_reason_only(town):
    call = made.collecting(town)
    refused(
        lambda: services.cancel_call(call, note=" ", by=town.host, at=AT), code="reason_missing"
    )
    assert services.cancel_call(call, note="资金调整", by=town.host, at=AT).state == "cancelled"


# -- Ideas ----------------------------------------


def test_a_resident_brings_an_idea_and_the_same_key_again_is_the_same(town):
    call = made.collecting(town)
    said = {
        "title": "凉亭加座椅",
        "text": "老人没地方坐",
        "key": "k",
        "by": town.resident,
        "at": AT,
    }
    one = services.bring_idea(call, **said)
    assert services.bring_idea(call, **said) == one
    assert (one.state, one.author, one.entered_by) == ("submitted", town.resident, None)
    assert not Idea.objects.public().exists()


def test_a_worker_writes_one_down_for_a_resident_a_resident_does_not(town):
    call = made.collecting(town)
    one = made.idea(town, call, by=town.clerk, contact_name="李婆婆", contact_phone="13800001111")
    assert (one.author, one.entered_by, one.contact_name) == (None, town.clerk, "李婆婆")
    refused(lambda: made.idea(town, call, by=town.resident, contact_name="李婆婆"), NotYours)


def test_nothing_comes_in_before_or_after_the_time(town):
    refused(lambda: made.idea(town, made.draft(town)), WrongState)
    call = made.collecting(town)
    refused(lambda: made.idea(town, call, at=made.IDEAS_UNTIL), WrongState)


def test_an_idea_says_something_and_one_person_has_at_most_five(town):
    call = made.collecting(town)
    refused(lambda: made.idea(town, call, title=" "), code="empty")
    for number in range(5):
        made.idea(town, call, title=f"想法{number}")
    refused(lambda: made.idea(town, call), code="many")


def test_taken_up_its_words_are_released_without_numbers_and_names(town):
    call = made.collecting(town)
    one = made.idea(
        town, call, by=town.clerk, contact_name="李婆婆", contact_phone="13800001111",
        text="李婆婆说她的电话是13800001111，希望加座椅。",
    )  # fmt: skip
    one = services.admit_idea(one, reason="属于征集范围", by=town.host, at=AT)
    assert one.state == IdeaState.ADMITTED
    assert "13800001111" not in one.public_text
    assert "李婆婆" not in one.public_text
    assert list(Idea.objects.public()) == [one]


def test_every_look_at_an_idea_has_a_reason_and_belongs_to_a_host(town):
    one = made.idea(town, made.collecting(town))
    for act in (services.admit_idea, services.refuse_idea):
        refused(lambda act=act: act(one, reason="", by=town.host, at=AT), code="reason_missing")
        refused(lambda act=act: act(one, reason="x", by=town.resident, at=AT), NotYours)


def test_its_author_hears_what_became_of_it(town, django_capture_on_commit_callbacks):
    one = made.idea(town, made.collecting(town))
    services.refuse_idea(one, reason="已在今年计划中", by=town.host, at=AT)
    message = Message.objects.get(to=town.resident)
    assert (message.kind, message.subject_key) == ("idea-refuse", str(one.pk))
    assert fresh(one).public_title == "凉亭加座椅"


def test_two_alike_become_one(town):
    call = made.collecting(town)
    first, second = made.idea(town, call), made.idea(town, call, title="凉亭放凳子")
    services.admit_idea(first, reason="好", by=town.host, at=AT)
    merged = services.merge_idea(second, first, reason="同一处", by=town.host, at=AT)
    assert (merged.state, merged.merged_into) == (IdeaState.MERGED, first)
    refused(
        lambda: services.merge_idea(fresh(first), fresh(first), reason="x", by=town.host, at=AT),
        code="merge",
    )


def test_ideas_of_two_calls_are_not_joined(town):
    one = made.idea(town, made.collecting(town))
    other = made.idea(town, made.collecting(town))
    services.admit_idea(other, reason="好", by=town.host, at=AT)
    refused(lambda: services.merge_idea(one, other, reason="x", by=town.host, at=AT), code="merge")


def test_a_department_says_what_it_costs_and_only_the_one_that_was_asked(town):
    one = made.idea(town, made.collecting(town))
    services.admit_idea(one, reason="好", by=town.host, at=AT)
    services.ask_department(fresh(one), town.office, by=town.host, at=AT)
    assert Message.objects.filter(kind="idea-ask", to=town.head).exists()
    said = {"estimate": 1_000_00, "reason": "能做", "at": AT}
    for person in (town.stranger, town.host, town.resident):
        refused(lambda person=person: services.estimate_idea(one, by=person, **said), NotYours)
    done = services.estimate_idea(one, by=town.head, **said)
    assert (done.state, done.estimate, done.finding) == ("feasible", 1_000_00, "能做")


def test_what_costs_more_than_one_project_may_is_not_feasible(town):
    call = made.collecting(town, most_of_one=3_000_00)
    one = made.idea(town, call)
    services.admit_idea(one, reason="好", by=town.host, at=AT)
    services.ask_department(fresh(one), town.office, by=town.host, at=AT)
    refused(
        lambda: services.estimate_idea(one, estimate=3_000_01, reason="x", by=town.head, at=AT),
        code="too_dear",
    )
    ruled_out = services.rule_out_idea(one, reason="地下有燃气管", by=town.head, at=AT)
    assert ruled_out.state == IdeaState.INFEASIBLE
    again = services.ask_department(
        ruled_out, town.office, by=town.host, at=AT, reason="换一处再算"
    )
    assert again.state == IdeaState.DESIGNING


def test_its_author_takes_an_idea_back_others_do_not(town):
    one = made.idea(town, made.collecting(town))
    refused(lambda: services.withdraw_idea(one, by=town.residents[1], at=AT), NotYours)
    assert services.withdraw_idea(one, by=town.resident, at=AT).state == IdeaState.WITHDRAWN


# -- The vote ----------------------------------------


def test_no_vote_while_an_idea_has_no_answer_or_none_can_be_done(town):
    call = made.collecting(town)
    made.idea(town, call)
    call = services.close_ideas(call, by=town.host, at=made.IDEAS_UNTIL)
    begin = {"votes_until": made.VOTES_UNTIL, "by": town.host, "at": made.IDEAS_UNTIL}
    refused(lambda: services.open_vote(call, **begin), code="ideas_open")
    services.refuse_idea(call.ideas.get(), reason="x", by=town.host, at=made.IDEAS_UNTIL)
    refused(lambda: services.open_vote(call, **begin), code="no_idea")


def test_a_vote_lasts_a_day_at_least_and_a_meeting_is_no_vote(town):
    call, _ideas = made.screening(town)
    at = made.IDEAS_UNTIL
    refused(
        lambda: services.open_vote(
            call, votes_until=at + datetime.timedelta(hours=23), by=town.host, at=at
        ),
        code="too_short",
    )
    refused(lambda: services.deliberate(call, by=town.host, at=at), code="way")


def test_a_person_has_one_sheet_and_may_change_it_until_the_end(town):
    call, ideas = made.voting(town)
    made.vote(call, ideas[:2], town.resident)
    sheet = made.vote(call, ideas[2:], town.resident)
    assert VoterSheet.objects.filter(call=call).count() == 1
    assert [choice.idea for choice in sheet.choices.all()] == ideas[2:]


def test_more_than_the_cap_none_and_strange_ideas_are_refused(town):
    call, ideas = made.voting(town)
    other, [strange] = made.screening(town, costs=(100,))
    refused(lambda: made.vote(call, ideas, town.resident), code="too_many")
    refused(lambda: made.vote(call, [], town.resident), code="not_in_vote")
    refused(lambda: made.vote(call, [strange], town.resident), code="not_in_vote")
    refused(lambda: services.choose(other, [strange], by=town.resident, at=AT), WrongState)


def test_after_the_last_moment_nobody_votes(town):
    call, ideas = made.voting(town)
    refused(
        lambda: services.choose(call, ideas[:1], by=town.resident, at=call.votes_until), WrongState
    )


def test_the_votes_decide_in_order_and_what_does_not_fit_is_passed_over(town):
    call, ideas = made.decided(town)
    assert (call.state, call.voters, call.decided_at) == ("decided", 3, call.votes_until)
    rows = [(one.rank, one.votes, one.left, one.state) for one in call.ideas.in_order()]
    assert rows == [
        (1, 2, 10_000_00, "chosen"),
        (2, 2, 4_000_00, "passed_over"),
        (3, 1, 4_000_00, "chosen"),
    ]
    assert [one.pk for one in call.ideas.in_order()] == [one.pk for one in ideas]
    assert Message.objects.filter(to=town.residents[2], kind="call-decided").exists()


def test_a_vote_is_not_counted_before_its_end(town):
    call, _ideas = made.voting(town)
    refused(lambda: services.close_vote(call, by=town.host, at=call.opened_at), code="too_early")


def test_the_clock_counts_once(town):
    call, ideas = made.voting(town)
    made.vote(call, ideas[:1], town.resident)
    assert services.move_due_calls(at=call.votes_until) == 1
    assert services.move_due_calls(at=call.votes_until) == 0


def test_a_meeting_names_the_order_and_says_why(town):
    call, ideas = made.screening(town, way="deliberation")
    call = services.deliberate(call, by=town.host, at=made.IDEAS_UNTIL)
    order = [ideas[2], ideas[1]]
    done = {"by": town.host, "at": made.IDEAS_UNTIL}
    refused(lambda: services.conclude(call, order=order, note="", **done), code="reason_missing")
    refused(
        lambda: services.conclude(call, order=[ideas[0], ideas[0]], note="x", **done), code="order"
    )
    call = services.conclude(call, order=order, note="先做急的", **done)
    assert [(one.pk, one.state) for one in call.ideas.in_order()] == [
        (ideas[2].pk, "chosen"), (ideas[1].pk, "chosen"), (ideas[0].pk, "passed_over"),
    ]  # fmt: skip


# -- What was chosen is promised, with its money ----------------------------------------


def test_chosen_ideas_become_commitments_with_their_money_kept(town):
    call, ideas = made.decided(town)
    free = fresh(town.line).available
    promised = services.commit_chosen(
        call, due_on=datetime.date(2027, 6, 30), by=town.host, at=call.decided_at
    )
    assert [(one.idea_id, one.hold.open, one.owner) for one in promised] == [
        (ideas[0].pk, 6_000_00, town.office), (ideas[2].pk, 3_000_00, town.office),
    ]  # fmt: skip
    assert fresh(town.line).available == free - 9_000_00
    assert fresh(call).state == CallState.CARRIED
    refused(
        lambda: services.commit_chosen(
            call, due_on=datetime.date(2027, 6, 30), by=town.host, at=call.decided_at
        ),
        WrongState,
    )


def test_where_the_line_has_not_enough_nothing_is_promised_at_all(town):
    from funding.services import reserve

    call, _ideas = made.decided(town)
    reserve(
        town.line, amount=fresh(town.line).available - 8_999_99, purpose=town.purpose,
        subject=("x", "1"), key="x", by=town.system, at=AT,
    )  # fmt: skip
    free = fresh(town.line).available
    refused(
        lambda: services.commit_chosen(
            call, due_on=datetime.date(2027, 6, 30), by=town.host, at=call.decided_at
        ),
        code="not_enough_money",
    )
    assert fresh(town.line).available == free
