"""While an order of an emergency is in force, its matters take its priority, limits and money."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from emergency.models import Measure, Order
from emergency.services import ordering, standing_down
from emergency.services.reference import load_reference
from lib.roles import Role
from lib.worktime import CITY_ZONE
from organizations.models import User
from routing import wording
from routing.matching import Judge, Match
from tests.factories.emergency import DAY, HOUR
from tests.factories.funding import LineFactory
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.factories.routing import StandardFactory
from tests.routing.conftest import MONDAY

pytestmark = pytest.mark.django_db
BEFORE = MONDAY - HOUR


@pytest.fixture
def give(town):
    """An order over the matter of the town, in force since an hour ago."""
    load_reference(by=User.objects.system(), at=BEFORE)
    Measure.objects.filter(code="wind-and-rain").update(categories=["cover"])
    body = BodyFactory(name="黄江镇社工委", name_en="Committee")
    BodyTerritoryFactory(body=body, territory=town.place)
    officer = PostFactory(role=Role.DUTY_OFFICER, body=body).person
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=body).person

    def run(*, territory=None, **more):
        wanted = ordering.Wanted(
            title="台风", title_en="Typhoon", text="台风登陆", kind="natural", level=4,
            territory=territory or town.community, until=MONDAY + DAY,
            measures=tuple(Measure.objects.filter(code="wind-and-rain")), legal_basis="法",
            body=body, **more,
        )  # fmt: skip
        order = ordering.draft(wanted, by=officer, at=BEFORE)
        return ordering.confirm(order, by=secretary, at=BEFORE)

    run.body, run.officer = body, officer
    return run


def said(match):
    with translation.override("en"):
        return [wording.sentence(code, params) for code, params in match.reasons]


def codes(match):
    return {code for code, _params in match.reasons}


def test_without_an_order_the_standard_holds(give, decide):
    match = decide()
    assert "order_in_force" not in codes(match)
    assert match.handle_due_at == MONDAY + 2 * HOUR


def test_the_limits_of_the_order_run_around_the_clock(give, decide):
    order = give()
    match = decide()
    assert isinstance(match, Match)
    assert (match.sign_due_at, match.handle_due_at) == (MONDAY + 2 * HOUR, MONDAY + 12 * HOUR)
    words = f"The order “Typhoon” ({order.number}) is in force here: its priority and limits hold."
    assert words in said(match)
    night = datetime.datetime(2026, 11, 23, 22, tzinfo=CITY_ZONE)
    assert decide(at=night).handle_due_at == night + 12 * HOUR


def test_a_matter_becomes_urgent(give, town, decide):
    town.standard.urgent = False
    town.standard.save()
    urgent = StandardFactory(
        category=town.small, rank=9, urgent=True, cost=0, purpose=None, points=1
    )
    assert decide().standard_id == town.standard.pk
    give()
    assert decide().standard_id == urgent.pk


def test_the_special_line_pays_first_and_its_owner_is_the_payer(give, town, decide):
    line = LineFactory(body=give.body, free=80_000, purposes=[town.purpose])
    give(line=line)
    match = decide()
    assert (match.line_id, match.payer_id) == (line.pk, give.body.pk)
    assert "The special line of the order “Typhoon” pays first." in said(match)


def test_a_special_line_without_enough_or_for_other_things_leaves_it_to_the_usual_one(
    give, town, decide
):
    line = LineFactory(body=give.body, free=10, purposes=[town.purpose])
    give(line=line)
    match = decide()
    assert match.line_id == town.line.pk
    assert "order_pays" not in codes(match)
    assert {"kind": "line", "line": line.pk, "why": "not_enough"}.items() <= next(
        row for row in match.candidates if row.get("line") == line.pk
    ).items()


def test_two_matters_do_not_spend_the_special_line_twice(give, town, facts):
    PostFactory(body=town.office)
    line = LineFactory(body=give.body, free=80_000, purposes=[town.purpose])
    give(line=line)
    judge = Judge.load(at=MONDAY)
    lines = [judge.decide(facts()).line_id for _n in range(2)]
    assert lines == [line.pk, town.line.pk]


@pytest.mark.parametrize("case", ["elsewhere", "other_matter", "exercise", "over", "stood_down"])
def test_an_order_that_does_not_hold_here_changes_nothing(give, town, decide, case):
    more = {}
    if case == "elsewhere":
        more["territory"] = TerritoryFactory(community=True, parent=town.place)
    if case == "other_matter":
        Measure.objects.update(categories=["fallen-tree"])
    if case == "exercise":
        more["is_exercise"] = True
    order = give(**more)
    if case == "over":
        Order.objects.filter(pk=order.pk).update(until=MONDAY)
    if case == "stood_down":
        standing_down.stand_down(order, reason="过去了", by=give.officer, at=MONDAY)
    assert "order_in_force" not in codes(decide())


def test_an_order_of_the_town_holds_in_its_communities_and_for_a_large_class(give, town, decide):
    Measure.objects.filter(code="wind-and-rain").update(categories=["facilities"])
    give(territory=town.place)
    assert "order_in_force" in codes(decide())


def test_what_was_judged_long_ago_is_judged_by_the_order_of_then(give, decide):
    order = give()
    standing_down.stand_down(order, reason="过去了", by=give.officer, at=MONDAY + HOUR)
    assert "order_in_force" in codes(decide(now=MONDAY))
    assert "order_in_force" not in codes(decide(now=MONDAY + 2 * HOUR))


def test_loading_costs_the_same_with_one_order_and_with_three(give, town):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            Judge.load(at=MONDAY)
        return len(queries)

    give()
    one = cost()
    for territory in (town.place, TerritoryFactory(community=True, parent=town.place)):
        give(territory=territory)
    assert cost() == one
