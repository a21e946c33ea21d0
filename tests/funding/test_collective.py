"""Members decide before money is spent; who directs does not supervise; income is shared once."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from funding import services
from funding.models import CollectiveOffice, Decision, PlanShare, SourceRule
from lib.errors import NotYours, RuleViolation
from tests.factories import public_money as made
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.organizations import BodyFactory, UserFactory
from tests.funding.conftest import SUBJECT

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2025, 5, 1)


@pytest.fixture
def village(repairs):
    """A collective's line with 1,000.00 yuan, of a source that wants decisions."""
    line = LineFactory(purposes=[repairs], free=1_000_00)
    SourceRule.objects.create(
        source=line.source, raising="收益", publish_days=20, needs_decision=True, valid_from=SINCE
    )
    return line


def spend(line, repairs, amount, key="spend"):
    by = UserFactory()
    return services.reserve(
        line, amount=amount, purpose=repairs, subject=SUBJECT, key=key, by=by, at=made.AT
    )


def test_nothing_is_kept_before_members_have_decided_and_no_more_than_they_said(village, repairs):
    with pytest.raises(services.NotDecided):
        spend(village, repairs, 1_00)
    made.decided(village, amount=400_00)
    spend(village, repairs, 300_00)
    with pytest.raises(services.NotDecided, match=r"400\.00"):
        spend(village, repairs, 100_01, key="more")
    spend(village, repairs, 100_00, key="rest")


def test_the_database_refuses_what_was_not_decided(village, repairs, monkeypatch):
    monkeypatch.setattr("funding.services.reserving._Judge._undecided", lambda *_: None)
    with pytest.raises(IntegrityError, match="have not decided"), transaction.atomic():
        spend(village, repairs, 1_00)


def test_sources_that_need_no_decision_go_on(line, repairs):
    assert spend(line, repairs, 1_00).open == 1_00


@pytest.mark.parametrize(
    ("counts", "passes"),
    [
        ({"entitled": 99, "present": 66, "votes_for": 66, "votes_against": 0}, True),
        ({"entitled": 99, "present": 66, "votes_for": 65, "votes_against": 1}, False),
        ({"entitled": 99, "present": 65, "votes_for": 65, "votes_against": 0}, False),
        ({"entitled": 10, "present": 11, "votes_for": 11, "votes_against": 0}, False),
        ({"assembly": "owners", "entitled": 90, "present": 60, "votes_for": 45,
          "votes_against": 15}, True),
        ({"assembly": "owners", "entitled": 90, "present": 60, "votes_for": 44,
          "votes_against": 16}, False),
    ],
)  # fmt: skip
def test_a_decision_needs_the_shares_that_the_law_wants(village, counts, passes):
    if passes:
        assert made.decided(village, **counts).pk
        return
    with pytest.raises(services.NotPassed):
        made.decided(village, **counts)
    row = {"assembly": "members", "title": "x", "amount": 1, "held_on": SINCE, "at": made.AT}
    by = UserFactory()
    paper = made.paper(by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(line=village, document=paper, by=by, **{**row, **counts})


def test_a_decision_is_not_rewritten(village):
    made.decided(village)
    for statement in ("UPDATE funding_decision SET amount = 1", "DELETE FROM funding_decision"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# -- Offices ---------------------------------------------------------------------------------------


def appoint(body, person, office, since=SINCE, until=None):
    row = CollectiveOffice(
        body=body, person=person, office=office, valid_from=since, valid_to=until
    )
    return services.appoint(row, by=person, at=made.AT)


@pytest.mark.parametrize("other", ["director", "finance", "accountant"])
def test_who_directs_or_keeps_the_books_does_not_supervise(other):
    body, person = BodyFactory(), UserFactory()
    appoint(body, person, other)
    with pytest.raises(services.OfficesConflict), transaction.atomic():
        appoint(body, person, "supervisor")
    appoint(BodyFactory(), person, "supervisor")


def test_an_office_that_has_ended_is_no_conflict():
    body, person = BodyFactory(), UserFactory()
    appoint(body, person, "director", until=datetime.date(2026, 1, 1))
    later = appoint(body, person, "supervisor", since=datetime.date(2026, 1, 1))
    with pytest.raises(services.OfficesConflict), transaction.atomic():
        services.change_office(later, {"valid_from": SINCE}, by=person, at=made.AT)


def test_near_relatives_do_not_supervise_each_other_nor_sit_in_one_council():
    body, one, other = BodyFactory(), UserFactory(), UserFactory()
    services.declare_relatives(other, one, by=one, at=made.AT)
    appoint(body, one, "director")
    for office in ("supervisor", "director"):
        with pytest.raises(services.OfficesConflict), transaction.atomic():
            appoint(body, other, office)
    appoint(body, other, "finance")


# -- Distribution ----------------------------------------------------------------------------------


@pytest.fixture
def shared(village):
    """600.00 yuan income, 100.00 set aside, three households with 1, 1 and 4 shares."""
    from funding.models import LinePurpose, SourcePurpose

    purpose = PurposeFactory(code="distribution")
    SourcePurpose.objects.create(source=village.source, purpose=purpose)
    LinePurpose.objects.create(line=village, purpose=purpose)
    maker = UserFactory()
    shares = [("001", 1), ("002", 1), ("003", 4)]
    asked = services.Distribution(2025, 600_00, 100_01, shares)
    return services.draft_plan(made.decided(village), asked, by=maker, at=made.AT)


def test_income_is_shared_to_the_fen_and_paid_once_by_three_people(village, shared, buckets):
    amounts = list(shared.shares.order_by("pk").values_list("amount", flat=True))
    assert amounts == [83_34, 83_33, 333_32]
    with pytest.raises(NotYours):
        services.approve_plan(shared, by=shared.made_by, at=made.AT)
    plan = services.approve_plan(shared, by=UserFactory(), at=made.AT)
    with pytest.raises(NotYours):
        services.pay_shares(plan, by=plan.approved_by, at=made.AT)
    cashier = UserFactory()
    assert services.pay_shares(plan, by=cashier, at=made.AT) == 3
    assert services.pay_shares(plan, by=cashier, at=made.AT) == 0
    assert buckets(village) == (1_000_00, 500_01, 0, 0, 499_99)


def test_an_approved_plan_stays(shared):
    more = PlanShare.objects.create(plan=shared, household="004", shares=1, amount=1)
    with pytest.raises(IntegrityError, match="add up"), transaction.atomic():
        services.approve_plan(shared, by=UserFactory(), at=made.AT)
    more.delete()
    services.approve_plan(shared, by=UserFactory(), at=made.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanShare.objects.create(plan=shared, household="004", shares=1, amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        shared.shares.update(amount=1)


def test_a_plan_that_shares_nothing_is_refused(village):
    asked = services.Distribution(2025, 100, 100, [("001", 1)])
    with pytest.raises(RuleViolation):
        services.draft_plan(made.decided(village), asked, by=UserFactory(), at=made.AT)
