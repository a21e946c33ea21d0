"""Returned, returned again, decided: the committee's word binds and becomes a precedent."""

import datetime

import pytest

from cases import services
from cases.models import Reason, Terms
from cases.workflow import Desk
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from routing.models import DutyEntry, Load
from tests.factories import cases as make
from tests.factories.cases import COST, MONDAY, fresh, later
from tests.factories.organizations import BodyFactory, PostFactory

SINCE = datetime.date(2020, 1, 1)


def send(town, case, post, at):
    case = services.dispatch(case, post=post, line=town.line, by=town.dispatcher, at=at)
    return services.send_back_to_dispatcher(case, by=post.person, at=at, note="不是我们的职责")


def twice_returned(town):
    return send(town, make.returned(town), town.posts.stranger, later(hours=2))


def in_dispute(town):
    return send(town, twice_returned(town), town.posts.handler, later(hours=3))


def test_the_third_return_goes_to_the_committee_by_itself(town):
    case = twice_returned(town)
    assert (case.state, case.desk, case.returns) == ("returned", Desk.DISPATCH, 2)
    case = send(town, case, town.posts.handler, later(hours=3))
    assert (case.state, case.desk, case.returns) == ("adjudicating", Desk.COMMITTEE, 3)
    last = case.events.order_by("-number")[:2]
    assert [event.move for event in last] == ["refer", "return"]
    assert last[0].by == town.system
    town.line.refresh_from_db()
    assert (town.line.available, town.line.reserved) == (1_000_000, 0)
    assert sum(Load.objects.values_list("points", flat=True)) == 0


def test_how_often_is_for_the_terms_to_say(town):
    Terms.objects.create(valid_from=SINCE, most_returns=0)
    assert make.returned(town).state == "adjudicating"


def test_the_dispatcher_may_lay_it_before_the_committee_with_the_reason(town):
    case = make.returned(town)
    with pytest.raises(RuleViolation):
        services.refer(case, by=town.dispatcher, at=later(hours=2), note=" ")
    with pytest.raises(NotYours):
        services.refer(case, by=town.head, at=later(hours=2), note="x")
    case = services.refer(case, by=town.dispatcher, at=later(hours=2), note="两家都说不是")
    assert (case.state, case.desk) == ("adjudicating", Desk.COMMITTEE)


def test_the_decision_binds_and_the_next_like_case_follows_it(town):
    case = in_dispute(town)
    decided = {"post": town.posts.handler, "line": town.line, "note": "管理责任在规划建设办"}
    with pytest.raises(NotYours):
        services.adjudicate(case, by=town.dispatcher, at=later(hours=4), **decided)
    case = services.adjudicate(case, by=town.committee, at=later(hours=4), **decided)
    task = case.tasks.latest("id")
    assert (case.state, case.lead_body, case.settled_lead) == ("dispatched", town.office, True)
    assert (task.hold.open, task.points) == (COST, 2)
    entry = DutyEntry.objects.get(origin="precedent")
    assert (entry.category, entry.territory, entry.lead) == (
        town.small,
        town.community,
        town.office,
    )
    assert task.duty == entry
    assert "return" not in services.moves_for(town.handler, case, at=later(hours=5))
    with pytest.raises(RuleViolation) as refusal:
        services.send_back_to_dispatcher(case, by=town.handler, at=later(hours=5), note="还是不是")
    assert refusal.value.code == "settled"
    like = make.filed(town, at=later(days=1))
    services.route_waiting(at=later(days=1))
    like = fresh(like)
    assert (like.lead_body, like.tasks.get().duty) == (town.office, entry)


def test_a_decision_for_another_body_turns_the_next_case_there(town):
    other = BodyFactory()
    post = PostFactory(body=other, role="handler")
    case = services.adjudicate(
        in_dispute(town),
        post=post,
        by=town.committee,
        at=later(hours=4),
        note="归该单位",
        reason_to_act_first="井盖敞着，等不得",
    )
    assert (case.lead_body, case.tasks.latest("id").unfunded) == (other, True)
    assert Message.objects.filter(to=post.person).get().kind == "case-adjudicate"
    assert DutyEntry.objects.get(origin="precedent").lead == other


def test_a_decision_without_money_or_reason_is_refused_and_leaves_nothing(town):
    case = in_dispute(town)
    with pytest.raises(RuleViolation) as refusal:
        services.adjudicate(
            case, post=town.posts.handler, by=town.committee, at=later(hours=4), note="归你们"
        )
    assert refusal.value.code == "line_missing"
    assert not DutyEntry.objects.filter(origin="precedent").exists()
    assert fresh(case).state == "adjudicating"


def test_a_return_takes_its_reason_from_the_list_of_the_day(town):
    reason = Reason.objects.create(
        move="return",
        code="not-ours",
        name="不属于本单位职责",
        name_en="Not ours",
        valid_from=SINCE,
    )
    old = Reason.objects.create(
        move="return", code="old", name="旧", name_en="Old", valid_from=SINCE,
        valid_to=MONDAY.date(),
    )  # fmt: skip
    case = make.handling(town)
    said = {"by": town.head, "at": later(hours=1), "note": "权责清单另有规定"}
    for wrong in (None, old):
        with pytest.raises(RuleViolation) as refusal:
            services.send_back_to_dispatcher(case, reason=wrong, **said)
        assert refusal.value.code == "reason_not_listed"
    case = services.send_back_to_dispatcher(case, reason=reason, **said)
    facts = case.events.latest("number").facts
    assert (facts["reason_code"], facts["body"], facts["post"]) == (
        "not-ours", town.office.pk, town.posts.handler.pk,
    )  # fmt: skip
    # The person's assignment was revoked first, and they hear of it.
    assert Message.objects.filter(to=town.handler, kind="case-revoked").count() == 1
