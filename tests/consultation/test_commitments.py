"""From a result to a promise that is kept, with its money; each refusal changes nothing."""

import datetime

import pytest
from django.db import transaction

from cases import services as cases
from cases.models import Case
from cases.workflow import State as CaseState
from consultation.commitment_workflow import State
from consultation.models import (
    Adoption,
    Commitment,
    CommitmentEvent,
    CommitmentPhoto,
    Milestone,
    Reopening,
    ResultRating,
)
from consultation.services import carrying, committing, following, rating
from consultation.services.committing import Step
from funding import services as funding
from funding.models import Application, Entry, Hold
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories.cases import photo
from tests.factories.commitments import COST, DUE
from tests.factories.funding import LineFactory
from tests.factories.organizations import UserFactory
from tests.factories.projects import AT, fresh, make_town

pytestmark = pytest.mark.django_db
TABLES = (
    Adoption, Commitment, CommitmentEvent, CommitmentPhoto, Milestone, Reopening, ResultRating,
    Hold, Entry, Case, Application,
)  # fmt: skip


@pytest.fixture
def town():
    return make_town()


def refused(act, error=RuleViolation, code=None):
    """The act is refused, and nothing of promises, money and cases has changed."""
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]
    with pytest.raises(error) as refusal, transaction.atomic():
        act()
    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before
    if code:
        assert refusal.value.code == code


def buckets(line):
    line = fresh(line)
    return line.available, line.reserved, line.payable


# -- What becomes of the result ------------------------------------------------------------


def test_a_host_says_what_becomes_of_the_result_and_it_is_in_the_history(town):
    found = made.adopted(town, verdict=Adoption.Verdict.PARTLY)
    assert found.adoptions.get().verdict == "partly"
    newest = found.events.order_by("-number").first()
    assert (newest.move, newest.facts["verdict"]) == ("adopt", "partly")


def test_it_is_not_said_before_there_is_a_result(town):
    running = makers.make_running(made.place_of(town), at=AT)
    said = {"verdict": "adopted", "reasons": "x", "to_dissent": "x", "by": town.host, "at": AT}
    refused(lambda: committing.adopt(running, **said), WrongState)


def test_reasons_and_an_answer_to_those_who_disagreed_are_demanded(town):
    found = made.with_result(town)
    for words in ({"reasons": " ", "to_dissent": "x"}, {"reasons": "x", "to_dissent": ""}):
        refused(
            lambda words=words: committing.adopt(
                found, verdict="not", by=town.host, at=AT, **words
            ),
            code="reason_missing",
        )


def test_strangers_decide_nothing(town):
    found = made.with_result(town)
    said = {"verdict": "adopted", "reasons": "x", "to_dissent": "x", "at": AT}
    for person in (town.resident, town.head, town.supervisor, UserFactory()):
        refused(lambda person=person: committing.adopt(found, by=person, **said), NotYours)
    committing.adopt(found, by=town.secretary, **said)


def test_who_proposed_the_matter_is_told(town):
    topic = makers_topic(town)
    made.adopted(town, topic=topic)
    assert Message.objects.filter(to=town.resident, kind="result-adopted").exists()


def makers_topic(town):
    from consultation.models import Topic

    return Topic.objects.create(
        number="YT1", code="x", source="resident", title="电梯", text="想装电梯", town=town.place,
        community=town.community, proposer=town.resident, proposed_at=AT,
    )  # fmt: skip


# -- Promises and money ------------------------------------------------------------


def test_a_promise_needs_a_result_that_is_adopted(town):
    refused(lambda: made.promised(town, consultation=made.with_result(town)), code="not_adopted")
    not_adopted = made.adopted(town, verdict="not")
    refused(lambda: made.promised(town, consultation=not_adopted), code="not_adopted")


def test_a_promise_has_owner_day_milestones_and_money_kept(town):
    free = town.line.available
    one = made.promised(town, steps=[Step("报批", 1), Step("安装", 3, DUE)], money=made.money(town))
    assert (one.state, one.owner, one.promised_on, one.due_on) == (
        "promised",
        town.office,
        DUE,
        DUE,
    )
    assert [(step.title, step.weight) for step in one.milestones.all()] == [
        ("报批", 1),
        ("安装", 3),
    ]
    assert (one.hold.open, one.hold.subject_key) == (COST, str(one.pk))
    assert buckets(town.line) == (free - COST, COST, 0)
    assert Message.objects.filter(to=town.head, kind="commitment-yours").exists()


def test_nothing_is_promised_beyond_what_is_free_or_from_strangers_money(town):
    found = made.adopted(town)
    much = made.money(town, town.line.available + 1)
    refused(lambda: made.promised(town, consultation=found, money=much), code="not_enough_money")
    other = LineFactory(purposes=[town.purpose], free=COST)
    strange = committing.Money(other, town.purpose, COST)
    refused(lambda: made.promised(town, consultation=found, money=strange), code="line_of_others")


def test_a_day_that_is_over_is_refused(town):
    found = made.adopted(town)
    yesterday = AT.date() - datetime.timedelta(days=1)
    refused(lambda: made.promised(town, consultation=found, due_on=yesterday), code="past")


def test_money_is_kept_once_and_topped_up(town):
    one = made.promised(town, money=made.money(town))
    refused(
        lambda: committing.keep_money(one, money=made.money(town), by=town.host, at=AT),
        code="kept",
    )
    committing.add_money(one, amount=100, by=town.host, at=AT)
    assert fresh(one).hold.open == COST + 100
    bare = made.promised(town)
    refused(
        lambda: committing.add_money(bare, amount=100, by=town.host, at=AT), code="nothing_kept"
    )


def test_given_up_with_a_reason_its_money_is_free_again(town):
    free = town.line.available
    one = made.promised(town, money=made.money(town))
    refused(lambda: committing.drop(one, note="", by=town.host, at=AT), code="reason_missing")
    refused(lambda: committing.drop(one, note="x", by=town.head, at=AT), NotYours)
    one = committing.drop(one, note="业主撤回", by=town.host, at=AT)
    assert (one.state, one.ended_at) == (State.DROPPED, AT)
    assert buckets(town.line) == (free, 0, 0)
    refused(lambda: carrying.begin_work(one, by=town.head, at=AT), WrongState)


def test_put_off_the_first_deadline_stays_in_sight(town):
    one = made.promised(town)
    later_day = DUE + datetime.timedelta(days=30)
    said = {"note": "等待验收", "by": town.host, "at": AT}
    refused(lambda: committing.put_off(one, due_on=DUE, **said), code="not_later")
    one = committing.put_off(one, due_on=later_day, **said)
    assert (one.promised_on, one.due_on, one.is_put_off) == (DUE, later_day, True)


# -- The work ------------------------------------------------------------


def test_only_the_body_that_promised_begins_and_steps_on(town):
    one = made.promised(town)
    for person in (town.host, town.stranger, town.resident):
        refused(lambda person=person: carrying.begin_work(one, by=person, at=AT), NotYours)
    one = carrying.begin_work(one, by=town.head, at=AT)
    assert (one.state, one.begun_at) == (State.RUNNING, AT)
    one = carrying.step_on(one, share=40, by=town.head, at=AT, note="桩基完成")
    assert one.share == 40
    for share in (-1, 100):
        refused(
            lambda share=share: carrying.step_on(one, share=share, by=town.head, at=AT),
            code="share",
        )


def test_milestones_say_how_much_is_done_by_their_weight(town):
    one = made.running(town, steps=[Step("报批", 1), Step("安装", 2)])
    refused(lambda: carrying.step_on(one, share=5, by=town.head, at=AT), code="milestones")
    first, second = one.milestones.all()
    assert carrying.reach(first, by=town.head, at=AT).share == 33
    refused(lambda: carrying.reach(first, by=town.head, at=AT), code="done")
    assert carrying.reach(second, by=town.head, at=AT).share == 100


def test_done_is_said_with_proof_a_photo_and_no_milestone_open(town):
    one = made.running(town, steps=[Step("报批")])
    said = {"by": town.head, "at": AT}
    refused(lambda: carrying.report(one, proof=" ", **said), code="proof_missing")
    refused(lambda: carrying.report(one, proof="好了", **said), code="milestones_open")
    carrying.reach(one.milestones.get(), by=town.head, at=AT)
    refused(lambda: carrying.report(one, proof="好了", **said), code="photo_missing")
    made.with_photo(town, one)
    assert carrying.report(one, proof="好了", **said).state == State.REPORTED


def test_a_photo_is_kept_once_and_checked_by_its_content(town):
    import io

    one = made.running(town)
    say = {"words": "工地", "by": town.head, "at": AT}
    first = carrying.add_photo(one, photo(), **say)
    assert carrying.add_photo(one, photo(), **say) == first
    refused(lambda: carrying.add_photo(one, io.BytesIO(b"<html>"), **say), code="bad_upload")


def test_who_reports_does_not_confirm_and_somebody_else_may_send_it_back(town):
    from lib.roles import Role
    from tests.factories.organizations import PostFactory

    PostFactory(person=town.head, body=town.home, role=Role.CONSULTATION_HOST)
    one = made.reported(town)
    refused(lambda: carrying.confirm(one, by=fresh(town.head), at=AT), NotYours)
    back = carrying.send_back(one, note="扶手未装", by=town.supervisor, at=AT)
    assert (back.state, back.share, back.reported_by) == (State.RUNNING, 90, None)
    assert Message.objects.filter(to=town.head, kind="commitment-back").exists()


def test_confirmed_what_it_cost_is_owed_and_the_rest_is_free_again(town):
    free = town.line.available
    one = made.reported(town, money=made.money(town), actual=4_000_00)
    one = carrying.confirm(one, by=town.host, at=AT)
    assert (one.state, one.share, one.ended_at) == (State.DONE, 100, AT)
    assert buckets(town.line) == (free - 4_000_00, 0, 4_000_00)
    assert (fresh(one.hold).payable, fresh(one.hold).open) == (4_000_00, 0)


def test_the_cost_is_demanded_where_money_is_kept_and_never_more_than_it(town):
    one = made.with_photo(town, made.running(town, money=made.money(town)))
    said = {"proof": "好了", "by": town.head, "at": AT}
    refused(lambda: carrying.report(one, **said), code="cost_missing")
    refused(lambda: carrying.report(one, actual=COST + 1, **said), code="more_than_kept")
    bare = made.with_photo(town, made.running(town))
    refused(lambda: carrying.report(bare, actual=1, **said), code="nothing_kept")


def test_a_finance_clerk_applies_for_part_of_it_and_the_rest_is_settled_at_the_end(town):
    one = made.running(town, money=made.money(town))
    say = {"amount": 2_000_00, "payee_name": "东莞电梯有限公司", "at": AT}
    refused(lambda: carrying.apply_for_money(one, by=town.host, **say), NotYours)
    one = carrying.apply_for_money(one, by=town.maker, **say)
    application = one.application
    assert (application.amount, application.hold, application.subject_key) == (
        2_000_00, one.hold, str(one.pk),
    )  # fmt: skip
    assert (one.hold.open, one.hold.payable) == (3_000_00, 2_000_00)
    much = {**say, "amount": 3_000_01}
    refused(lambda: carrying.apply_for_money(one, by=town.maker, **much), code="more_than_open")
    made.with_photo(town, one)
    refused(
        lambda: carrying.report(one, proof="好", actual=1_999_99, by=town.head, at=AT),
        code="cost_missing",
    )
    carrying.report(one, proof="好", actual=4_500_00, by=town.head, at=AT)
    one = carrying.confirm(one, by=town.host, at=AT)
    assert (fresh(one.hold).payable, fresh(one.hold).open) == (4_500_00, 0)


# -- What it opens and follows ------------------------------------------------------------


def test_a_case_is_opened_once_and_the_commitment_moves_with_it(town):
    one = carrying.open_case(made.promised(town), category=town.small, by=town.head, at=AT)
    assert (one.state, one.case.channel, one.case.community) == (
        State.RUNNING, "consultation", town.community,
    )  # fmt: skip
    refused(lambda: carrying.open_case(one, by=town.head, at=AT), code="case_open")
    refused(lambda: carrying.step_on(one, share=5, by=town.head, at=AT), code="followed")
    Case.objects.filter(pk=one.case_id).update(state=CaseState.FILED)
    assert following.follow_all(at=AT) == 0
    cases.route_waiting(at=AT)
    expected = following.OF_CASE.get(CaseState(fresh(one.case).state), 0)
    assert following.follow_all(at=AT) == (1 if expected else 0)
    assert following.follow_all(at=AT) == 0
    assert fresh(one).share == expected


def test_a_case_is_not_opened_where_money_is_kept_and_no_money_kept_where_a_case_pays(town):
    rich = made.promised(town, money=made.money(town))
    refused(lambda: carrying.open_case(rich, by=town.head, at=AT), code="kept")
    one = carrying.open_case(made.promised(town), category=town.small, by=town.head, at=AT)
    refused(
        lambda: committing.keep_money(one, money=made.money(town), by=town.host, at=AT),
        code="case_pays",
    )


def test_it_is_not_done_before_its_case_is_closed(town):
    one = carrying.open_case(made.promised(town), category=town.small, by=town.head, at=AT)
    refused(lambda: carrying.report(one, proof="好", by=town.head, at=AT), code="case_open")


def test_an_application_that_is_paid_moves_it_on(town):
    one = made.running(town, money=made.money(town))
    one = carrying.apply_for_money(one, amount=1_000_00, payee_name="某公司", by=town.maker, at=AT)
    assert following.follow_all(at=AT) == 0
    from tests.factories.funding import RungFactory

    RungFactory(source=town.line.source)
    funding.submit(one.application, by=town.maker, at=AT)
    assert following.follow_all(at=AT) == 1
    assert fresh(one).share == 30


# -- Overdue ------------------------------------------------------------


def test_the_overdue_are_told_of_once_and_again_after_a_week(town):
    one = made.running(town)
    day = datetime.datetime.combine(DUE + datetime.timedelta(days=1), AT.timetz())
    assert following.remind_of_overdue(at=day - datetime.timedelta(days=1)) == 0
    assert following.remind_of_overdue(at=day) == 1
    assert following.remind_of_overdue(at=day) == 0
    told = Message.objects.filter(kind="commitment-overdue", subject_key=str(one.pk))
    assert {message.to for message in told} >= {town.supervisor, town.secretary, town.head}
    assert following.remind_of_overdue(at=day + datetime.timedelta(days=7)) == 1


def test_supervisors_ask_to_act_on_what_is_overdue_only(town):
    one = made.running(town)
    day = datetime.datetime.combine(DUE + datetime.timedelta(days=1), AT.timetz())
    refused(
        lambda: committing.supervise(one, note="请说明", by=town.supervisor, at=AT), code="in_time"
    )
    refused(lambda: committing.supervise(one, note="x", by=town.host, at=day), NotYours)
    one = committing.supervise(one, note="请三天内说明", by=town.supervisor, at=day)
    assert one.supervised_at == day
    assert Message.objects.filter(to=town.head, kind="commitment-supervised").exists()


# -- Rating ------------------------------------------------------------


def test_who_took_part_rates_once_and_may_change_it(town):
    one = made.done(town, consultation=made.adopted(town, topic=makers_topic(town)))
    assert Message.objects.filter(to=town.resident, kind="commitment-confirm").exists()
    rating.rate(one, stars=2, by=town.resident, at=AT)
    rating.rate(one, stars=4, by=town.resident, at=AT, words="不错")
    assert rating.summary(one) == {"count": 1, "mean": 4.0}


def test_others_and_too_early_and_six_stars_are_refused(town):
    found = made.adopted(town, topic=makers_topic(town))
    early = made.promised(town, consultation=found)
    refused(lambda: rating.rate(early, stars=5, by=town.resident, at=AT), WrongState)
    one = made.done(town, consultation=found)
    refused(lambda: rating.rate(one, stars=5, by=town.residents[1], at=AT), NotYours)
    refused(lambda: rating.rate(one, stars=6, by=town.resident, at=AT), code="stars")
