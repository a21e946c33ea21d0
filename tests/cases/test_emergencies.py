"""What is stopped for danger: recorded, urgent, with the duty officer at once, and let go again."""

import pytest
from django.urls import reverse

from cases import services
from cases.models import CaseEvent
from cases.workflow import Desk, State
from lib.errors import NotYours, RuleViolation
from organizations.models import Delivery, Message, NotificationRule
from organizations.services.reference import load_reference
from routing.models import DangerWord
from tests.factories import cases as make
from tests.factories.cases import MONDAY, POINT, fresh, later
from tests.factories.organizations import LONG_AGO
from tests.factories.routing import CategoryFactory

FIRE = {"title": "二楼着火了", "text": "二楼着火了，有人被困", "category": None}


@pytest.fixture(autouse=True)
def words(town):
    for word, kind, number in (
        ("着火", "unless_calmed", "119"),
        ("有人被困", "unless_calmed", "119"),
        ("去年", "calms", ""),
    ):
        DangerWord.objects.create(word=word, kind=kind, number=number, valid_from=LONG_AGO)


def test_a_residents_report_of_fire_skips_acceptance_and_router(town):
    case = make.submitted(town, **FIRE)
    assert (case.state, case.desk, case.refusal, case.urgency) == (
        State.FILED, Desk.DUTY, "emergency", "urgent",
    )  # fmt: skip
    assert case.route_at is None
    assert services.route_waiting(at=MONDAY) == 0
    facts = CaseEvent.objects.get(case=case).facts
    assert facts["danger"] == {"words": ["着火", "有人被困"], "certain": True}


def test_the_duty_officer_is_told_on_every_channel_at_any_hour(town):
    load_reference(by=town.system, at=MONDAY)
    NotificationRule.objects.exclude(kind="case-emergency").delete()
    town.duty_officer.email, town.duty_officer.phone = "duty@example.cn", "13812345678"
    town.duty_officer.save()
    make.submitted(town, **FIRE)
    assert Message.objects.get(kind="case-emergency").to == town.duty_officer
    found = Delivery.objects.filter(to=town.duty_officer).values_list("channel", "urgent")
    assert sorted(found) == [("email", True), ("sms", True)]


def test_history_is_only_a_hint_and_goes_its_usual_way(town):
    case = make.submitted(town, title="x", text="去年着火的店又开张了")
    assert (case.state, case.desk, case.urgency) == (State.SUBMITTED, Desk.ACCEPTANCE, "ordinary")
    assert CaseEvent.objects.get(case=case).facts["danger"]["certain"] is False


def test_the_duty_officer_lets_it_go_to_the_router(town):
    case = make.submitted(town, **{**FIRE, "category": town.small})
    case = services.release(case, by=town.duty_officer, at=later(minutes=3), note="演习，已核实")
    assert (case.desk, case.refusal, case.urgency) == (Desk.ROUTER, "", "ordinary")
    services.route_waiting(at=later(minutes=3))
    assert fresh(case).state == State.DISPATCHED


def test_without_a_category_it_is_not_let_go(town):
    case = make.submitted(town, **FIRE)
    with pytest.raises(RuleViolation) as refusal:
        services.release(case, by=town.duty_officer, at=later(minutes=3), note="不是")
    assert refusal.value.code == "no_category"
    emergency = CategoryFactory(code="fire", is_emergency=True)
    with pytest.raises(RuleViolation):
        services.release(
            case, by=town.duty_officer, at=later(minutes=3), note="不是", category=emergency
        )
    case = services.release(
        case, by=town.duty_officer, at=later(minutes=3), note="不是", category=town.small
    )
    assert (case.category, case.desk) == (town.small, Desk.ROUTER)


@pytest.mark.parametrize("who", ["acceptor", "dispatcher", "handler", "committee", "resident"])
def test_nobody_else_lets_it_go(town, who):
    case = make.submitted(town, **FIRE)
    with pytest.raises(NotYours):
        services.release(case, by=getattr(town, who), at=MONDAY, note="x", category=town.small)


def test_the_duty_officer_may_act_first(town):
    case = make.submitted(town, **{**FIRE, "category": town.small})
    assert "act_first" in services.moves_for(town.duty_officer, case, at=MONDAY)
    case = services.act_first(
        case, post=town.posts.handler, by=town.duty_officer, at=MONDAY, reason="火情"
    )
    assert case.state == State.DISPATCHED


def test_what_only_the_router_recognises_is_told_to_the_duty_officer_too(town):
    case = make.filed(town)
    town.small.is_emergency = True
    town.small.save(update_fields=["is_emergency"])
    services.route_waiting(at=MONDAY)
    assert (fresh(case).desk, fresh(case).refusal) == (Desk.DUTY, "emergency")
    assert Message.objects.get(kind="case-emergency").to == town.duty_officer


def test_a_matter_that_is_no_emergency_cannot_be_released(town):
    case = make.filed(town)
    assert "release" not in services.moves_for(town.duty_officer, case, at=MONDAY)
    with pytest.raises(NotYours):
        services.release(case, by=town.duty_officer, at=MONDAY, note="x")


def test_while_somebody_writes_the_numbers_stand_on_the_page(town, client):
    page = client.post(reverse("portal:danger"), {"text": "二楼着火了"}).content.decode()
    assert 'href="tel:119"' in page
    assert page.index("tel:119") < page.index("tel:110")
    assert client.post(reverse("portal:danger"), {"text": "路灯不亮"}).content.strip() == b""


def test_after_sending_the_numbers_stand_on_the_receipt(town, client):
    sent = {"text": "二楼着火了", **POINT, "client_key": "6f1c1d2e-0000-4000-8000-000000000001"}
    answer = client.post(reverse("portal:report"), sent, follow=True)
    assert 'href="tel:119"' in answer.content.decode()


def test_a_resident_who_left_a_number_gets_the_query_code(town):
    load_reference(by=town.system, at=MONDAY)
    case = make.log(
        town, by=town.system, channel="web", reporter_phone="13912345678", text="路灯不亮"
    )
    row = Delivery.objects.get(kind="resident-received")
    assert (row.address, row.params) == (
        "13912345678", {"number": case.number, "code": case.query_code},
    )  # fmt: skip
    services.reject(case, by=town.acceptor, at=later(hours=1), note="请按法院渠道反映")
    assert Delivery.objects.filter(kind="resident-rejected").count() == 1
