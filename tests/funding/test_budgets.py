"""The annual budget: versions, approval, lines and quotas."""

import pytest

from funding import services
from funding.models import Budget, Instruction, Line, Quota
from lib.errors import NotYours, RuleViolation, WrongState
from tests.factories import money
from tests.factories.funding import PurposeFactory

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def office(line):
    return money.make_office(line)


@pytest.fixture
def plan(office, at):
    """A version with these amounts, handed in."""

    def planned(amounts):
        budget = services.draft_budget(
            office.line.body, office.line.source, YEAR, amounts=amounts, by=office.maker, at=at
        )
        return services.submit_budget(budget, by=office.maker, at=at)

    return planned


def test_an_approved_version_makes_a_line_with_its_quota(office, plan, at):
    budget = services.approve_budget(
        plan({office.purpose: 500_00}), by=office.secretary, at=at, answer="同意"
    )
    line = budget.items.get().line
    assert (line.source, line.body, line.received) == (office.line.source, office.line.body, 0)
    assert (line.quota.approved, line.quota.released) == (500_00, 0)
    assert str(line.valid_to) == "2027-01-01"


def test_a_quota_is_released_into_the_line_up_to_the_budget(office, plan, at, buckets):
    budget = services.approve_budget(plan({office.purpose: 500_00}), by=office.member, at=at)
    line = budget.items.get().line

    def release(amount, key):
        asked = services.instruct(
            Instruction.Kind.QUOTA, line, amount=amount, reason="一季度指标", key=key,
            by=office.maker, at=at,
        )  # fmt: skip
        return services.carry_out(asked, by=office.checker, at=at)

    release(300_00, "q1")
    assert buckets(line) == (300_00, 300_00, 0, 0, 0)
    with pytest.raises(services.MoreThanQuota):
        release(200_01, "q2")
    assert Quota.objects.get(line=line).released == 300_00
    with pytest.raises(RuleViolation):
        services.instruct(
            Instruction.Kind.RECEIVE, line, amount=1, reason="x", key="r", by=office.maker, at=at
        )


def test_a_new_version_replaces_the_one_in_force_and_keeps_its_lines(office, plan, at):
    other = PurposeFactory()
    from funding.models import SourcePurpose

    SourcePurpose.objects.create(source=office.line.source, purpose=other)
    first = services.approve_budget(plan({office.purpose: 500_00}), by=office.member, at=at)
    second = services.approve_budget(
        plan({office.purpose: 700_00, other: 50_00}), by=office.member, at=at
    )
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("replaced", "approved", 2)
    lines = [item.line for item in second.items.order_by("pk")]
    assert lines[0] == first.items.get().line
    assert Quota.objects.get(line=lines[0]).approved == 700_00
    assert Line.objects.filter(pk=lines[1].pk).exists()


def test_a_version_plans_no_less_than_was_released(office, plan, at):
    budget = services.approve_budget(plan({office.purpose: 500_00}), by=office.member, at=at)
    line = budget.items.get().line
    asked = services.instruct(
        Instruction.Kind.QUOTA, line, amount=400_00, reason="x", key="q", by=office.maker, at=at
    )
    services.carry_out(asked, by=office.checker, at=at)
    with pytest.raises(services.LessThanReleased):
        services.approve_budget(plan({office.purpose: 399_99}), by=office.member, at=at)
    assert Budget.objects.get(version=1).state == "approved"


def test_only_the_committee_decides_and_not_the_maker(office, plan, at):
    budget = plan({office.purpose: 1_00})
    for person in (office.maker, office.checker, office.head, office.payer):
        with pytest.raises(NotYours):
            services.approve_budget(budget, by=person, at=at)
    with pytest.raises(RuleViolation):
        services.refuse_budget(budget, by=office.member, at=at, answer=" ")
    assert services.refuse_budget(budget, by=office.member, at=at, answer="过高").state == "refused"
    with pytest.raises(WrongState):
        services.approve_budget(budget, by=office.member, at=at)


def test_one_version_is_in_work_and_only_allowed_purposes_are_planned(office, plan, at):
    plan({office.purpose: 1_00})
    with pytest.raises(RuleViolation):
        plan({office.purpose: 2_00})
    with pytest.raises(RuleViolation):
        services.draft_budget(
            office.line.body, office.line.source, 2027, amounts={PurposeFactory(): 1},
            by=office.maker, at=at,
        )  # fmt: skip


def test_a_draft_is_rewritten(office, at):
    budget = services.draft_budget(
        office.line.body, office.line.source, YEAR, amounts={office.purpose: 1_00},
        by=office.maker, at=at,
    )  # fmt: skip
    services.change_budget(
        budget, amounts={office.purpose: 2_00}, note="调整", by=office.maker, at=at
    )
    assert [item.amount for item in budget.items.all()] == [2_00]
