"""Orders: drawn up by one, confirmed by another in time, changed with reasons."""

import pytest
from django.db import IntegrityError, transaction

from emergency.models import Depot, Order, Report
from emergency.services import ordering
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message, User
from tests.factories import emergency as made
from tests.factories.emergency import DAY, MINUTE
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


def kinds_to(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def test_an_order_waits_for_another_to_confirm_it_and_tells_them(town, at):
    order = made.drafted(town)
    assert order.state == "draft"
    assert order.confirm_due_at == at + 30 * MINUTE
    assert kinds_to(town.reviewer) == ["emergency-confirm"]
    assert kinds_to(town.officer) == []


def test_the_one_who_drew_it_up_does_not_confirm_it(town, at):
    order = made.drafted(town)
    with pytest.raises(NotYours):
        ordering.confirm(order, by=town.officer, at=at)
    order.refresh_from_db()
    assert order.state == "draft"


def test_the_level_decides_who_confirms(town, at):
    other = PostFactory(role=Role.DUTY_OFFICER, body=town.office).person
    low, high = made.drafted(town), made.drafted(town, level=1, kind="accident",
                                                 measures=made.measures("relocation"))  # fmt: skip
    with pytest.raises(NotYours):
        ordering.confirm(high, by=other, at=at)
    assert ordering.confirm(low, by=other, at=at).state == "in_force"
    assert ordering.confirm(high, by=town.reviewer, at=at).state == "in_force"


def test_in_force_reports_fall_due_and_the_field_may_hold_supplies(order, at):
    rows = Report.objects.filter(order=order).order_by("due_at").values_list("kind", "due_at")
    assert list(rows) == [("phone", at + 10 * MINUTE), ("text", at + 30 * MINUTE)]
    assert Depot.objects.get(order=order).kind == "field"
    assert first_break(order.events.order_by("number")) is None
    assert order.events.count() == 2


def test_two_orders_of_a_class_are_not_in_force_in_one_place(town, order, at):
    second = made.drafted(town)
    with pytest.raises(RuleViolation) as refused:
        ordering.confirm(second, by=town.reviewer, at=at)
    assert refused.value.code == "in_force_already"
    second.refresh_from_db()
    assert second.state == "draft"
    assert Report.objects.filter(order=second).count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": made.AT}, "term"),
        ({"until": made.AT + 31 * DAY}, "term"),
        ({"measures": ()}, "no_measures"),
        ({"kind": "health"}, "measures"),
        ({"text": " "}, "no_words"),
        ({"legal_basis": ""}, "no_words"),
    ],
)
def test_an_order_that_says_too_little_is_refused(town, at, changes, code):
    with pytest.raises(RuleViolation) as refused:
        made.drafted(town, **changes)
    assert refused.value.code == code
    assert Order.objects.count() == 0


def test_an_order_is_not_for_a_single_grid(town):
    with pytest.raises(RuleViolation) as refused:
        made.drafted(town, territory=town.grid)
    assert refused.value.code == "territory"


def test_workers_give_no_orders(town, at):
    with pytest.raises(NotYours):
        ordering.draft(made.wanted(town), by=town.worker, at=at)
    assert Order.objects.count() == 0


def test_a_level_without_a_rule_is_refused(town, at):
    from emergency.models import LevelRule

    LevelRule.objects.filter(level=4).delete()
    with pytest.raises(RuleViolation) as refused:
        made.drafted(town)
    assert refused.value.code == "no_level_rule"


def test_a_draft_is_withdrawn_with_a_reason(town, at):
    order = made.drafted(town)
    with pytest.raises(RuleViolation):
        ordering.withdraw(order, reason=" ", by=town.reviewer, at=at)
    done = ordering.withdraw(order, reason="台风转向", by=town.reviewer, at=at)
    assert (done.state, done.reason, done.ended_at) == ("withdrawn", "台风转向", at)
    assert kinds_to(town.officer) == ["emergency-withdrawn"]
    with pytest.raises(WrongState):
        ordering.confirm(done, by=town.reviewer, at=at)


def test_a_term_is_extended_with_a_reason(town, order, at):
    with pytest.raises(RuleViolation):
        ordering.extend(order, until=order.until, reason="仍有雨", by=town.officer, at=at)
    done = ordering.extend(order, until=at + 4 * DAY, reason="仍有雨", by=town.officer, at=at)
    assert done.until == at + 4 * DAY
    assert done.events.last().note == "仍有雨"


def test_raised_and_lowered_by_who_may_confirm_the_new_level(town, order, at):
    with pytest.raises(NotYours):
        ordering.change_level(order, level=2, reason="加强", by=town.officer, at=at)
    done = ordering.change_level(order, level=2, reason="加强", by=town.reviewer, at=at)
    assert (done.level, done.colour) == (2, "orange")
    done = ordering.change_level(done, level=4, reason="减弱", by=town.officer, at=at)
    moves = done.events.order_by("number").values_list("move", flat=True)
    assert list(moves) == ["draft", "confirm", "raise", "lower"]
    with pytest.raises(RuleViolation):
        ordering.change_level(done, level=4, reason="同级", by=town.officer, at=at)


def test_an_order_that_nobody_confirmed_in_time_is_told_upwards_once(town, at):
    above = PostFactory(role=Role.PARTY_SECRETARY, body=town.office).person
    made.drafted(town)
    system = User.objects.system()
    assert ordering.press_late(by=system, at=at + 29 * MINUTE) == 0
    assert ordering.press_late(by=system, at=at + 30 * MINUTE) == 1
    assert ordering.press_late(by=system, at=at + 31 * MINUTE) == 0
    assert kinds_to(above) == ["emergency-confirm", "emergency-unconfirmed"]


def test_a_term_that_is_over_is_told_and_the_order_no_longer_counts(town, order, at):
    later = at + 3 * DAY
    assert Order.objects.in_force(at).count() == 1
    assert Order.objects.in_force(later).count() == 0
    assert ordering.press_late(by=User.objects.system(), at=later) == 1
    assert kinds_to(town.officer)[-1] == "emergency-over-term"
    again = ordering.extend(order, until=later + DAY, reason="仍有雨", by=town.officer, at=later)
    assert again.pressed_at is None


def test_published_orders_are_everybodys_drafts_those_of_the_place(town, order, at):
    from django.contrib.auth.models import AnonymousUser

    draft = made.drafted(town, kind="accident", measures=made.measures("relocation"))
    on = at.date()

    def seen(user):
        return set(Order.objects.visible_to(user, on=on))

    assert seen(AnonymousUser()) == {order}
    assert seen(town.worker) == {order}
    assert seen(town.officer) == seen(town.reviewer) == {order, draft}


@pytest.mark.parametrize(
    "changes",
    [
        {"level": 5},
        {"state": "stood_down"},
        {"state": "draft"},
        {"confirmed_by": None},
        {"delete_at": made.AT},
        {"state": "reviewed", "ended_at": made.AT},
        {"until": made.AT - DAY},
    ],
    ids=str,
)
def test_the_database_ties_states_to_people_and_days(order, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**changes)


def test_the_database_lets_nobody_confirm_his_own_order(order):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(confirmed_by=order.made_by)
