"""Any sequence of movements, against a model of thirty lines."""

import copy
import itertools

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from funding import checks, services
from lib.errors import RuleViolation
from tests.factories.funding import LineFactory, PurposeFactory
from tests.factories.organizations import UserFactory
from tests.funding.conftest import AT, SUBJECT

AMOUNTS = st.integers(min_value=-1, max_value=120)
WHICH = st.sampled_from([0, 1])
KEYS = itertools.count()  # of all examples: they share one ledger


class Model:
    """What a ledger must answer, in plain dicts: lines of [free, reserved, payable, spent]."""

    def __init__(self):
        self.lines = [[0, 0, 0, 0], [0, 0, 0, 0]]
        self.holds = []  # [line, open, payable, paid]

    def shift(self, which, amount, near, far, hold=None):
        self.lines[which][near] -= amount
        self.lines[which][far] += amount
        if hold is not None:
            for place, change in ((near, -amount), (far, amount)):
                if place:
                    hold[place] += change

    def receive(self, which, amount):
        self.lines[which][0] += amount
        return amount > 0

    def reserve(self, which, amount):
        self.holds.append([which, 0, 0, 0])
        return self.top_up(self.holds[-1], amount)

    def top_up(self, hold, amount):
        self.shift(hold[0], amount, 0, 1, hold)
        return amount > 0 and self.lines[hold[0]][0] >= 0

    def settle_part(self, hold, actual):
        self.shift(hold[0], actual, 1, 2, hold)
        return actual > 0 and hold[1] >= 0

    def settle(self, hold, actual):
        something = hold[1] > 0 and 0 <= actual <= hold[1]
        self.shift(hold[0], actual, 1, 2, hold)
        self.shift(hold[0], hold[1], 1, 0, hold)
        return something

    def release(self, hold):
        something = hold[1] > 0
        self.shift(hold[0], hold[1], 1, 0, hold)
        return something

    def pay(self, hold, amount):
        self.shift(hold[0], amount, 2, 3, hold)
        return amount > 0 and hold[2] >= 0

    def transfer(self, which, amount):
        self.lines[which][0] -= amount
        self.lines[1 - which][0] += amount
        return amount > 0 and self.lines[which][0] >= 0


class Ledger(RuleBasedStateMachine):
    """Each rule acts on both; what the model calls impossible the ledger must refuse."""

    holds = Bundle("holds")

    @initialize()
    def begin(self):
        self.purpose = PurposeFactory()
        self.line = [LineFactory(purposes=[self.purpose])]
        self.line.append(LineFactory(source=self.line[0].source, purposes=[self.purpose]))
        self.clerk = UserFactory()
        self.model, self.made = Model(), {}

    def both(self, expected, service, *args, **kwargs):
        """Let the model decide on a copy; the ledger must agree."""
        before = copy.deepcopy((self.model.lines, self.model.holds))
        possible = expected()
        kwargs = {"key": f"model:{next(KEYS)}", "by": self.clerk, "at": AT, **kwargs}
        try:
            answer = service(*args, **kwargs)
        except RuleViolation:
            assert not possible
            lines, holds = before
            self.model.lines = lines
            for kept, old in zip(self.model.holds, holds, strict=False):
                kept[:] = old
            del self.model.holds[len(holds) :]
            return None
        assert possible
        self.last = (service, args, kwargs, answer)
        return answer

    @rule(which=WHICH, amount=AMOUNTS)
    def receive(self, which, amount):
        self.both(
            lambda: self.model.receive(which, amount),
            services.receive, self.line[which], amount=amount,
        )  # fmt: skip

    @rule(target=holds, which=WHICH, amount=AMOUNTS)
    def reserve(self, which, amount):
        hold = self.both(
            lambda: self.model.reserve(which, amount),
            services.reserve, self.line[which], amount=amount, purpose=self.purpose,
            subject=SUBJECT,
        )  # fmt: skip
        if hold is None:
            return multiple()
        self.made[hold.pk] = self.model.holds[-1]
        return hold

    @rule(hold=holds, amount=AMOUNTS)
    def top_up(self, hold, amount):
        kept = self.made[hold.pk]
        self.both(lambda: self.model.top_up(kept, amount), services.top_up, hold, amount=amount)

    @rule(hold=holds, actual=AMOUNTS)
    def settle(self, hold, actual):
        kept = self.made[hold.pk]
        self.both(lambda: self.model.settle(kept, actual), services.settle, hold, actual=actual)

    @rule(hold=holds, actual=AMOUNTS)
    def settle_part(self, hold, actual):
        kept = self.made[hold.pk]
        self.both(
            lambda: self.model.settle_part(kept, actual), services.settle_part, hold, actual=actual
        )

    @rule(hold=holds)
    def release(self, hold):
        self.both(lambda: self.model.release(self.made[hold.pk]), services.release, hold)

    @rule(hold=holds, amount=AMOUNTS)
    def pay(self, hold, amount):
        kept = self.made[hold.pk]
        self.both(lambda: self.model.pay(kept, amount), services.pay, hold, amount=amount)

    @rule(which=WHICH, amount=AMOUNTS)
    def transfer(self, which, amount):
        self.both(
            lambda: self.model.transfer(which, amount),
            services.transfer, self.line[which], self.line[1 - which], amount=amount,
        )  # fmt: skip

    @rule()
    def replay(self):
        service, args, kwargs, answer = getattr(self, "last", (None,) * 4)
        if service:
            assert service(*args, **kwargs) == answer

    @invariant()
    def stored_is_as_the_model_says(self):
        if not hasattr(self, "model"):
            return
        for line, wanted in zip(self.line, self.model.lines, strict=True):
            line.refresh_from_db()
            assert [line.available, line.reserved, line.payable, line.spent] == wanted
        for pk, (which, *wanted) in self.made.items():
            hold = self.line[which].holds.get(pk=pk)
            assert [hold.open, hold.payable, hold.paid] == wanted

    def teardown(self):
        assert [found for found in checks.run() if found[1]] == []


@pytest.mark.django_db
def test_any_sequence_of_movements_ends_as_the_model_says():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        ),
    )
