"""Any sequence of transfers, against a model of a dict."""

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

from lib.errors import RuleViolation
from tests.factories.time_bank import AT, make_bank
from volunteers import time_checks
from volunteers.models import TimeAccount
from volunteers.services import time_bank as services

MINUTES = st.integers(min_value=-1, max_value=70)
WHO = st.sampled_from(["pool", "a", "b", "c"])
PEOPLE = ("a", "b", "c")
OVERDRAFT, CEILING, POOL_OVERDRAFT, GIFTS = 60, 150, 200, 80


class TimeBank(RuleBasedStateMachine):
    """Each rule acts on both; what the model calls impossible the time bank must refuse."""

    moved = Bundle("moved")

    @initialize()
    def begin(self):
        self.bank = make_bank(
            overdraft=OVERDRAFT, ceiling=CEILING, pool_overdraft=POOL_OVERDRAFT, gift_minutes=GIFTS
        )
        people = {name: self.bank.person() for name in PEOPLE}
        self.accounts = {"pool": self.bank.pool, **people}
        self.balances = dict.fromkeys(self.accounts, 0)
        self.given = dict.fromkeys(PEOPLE, 0)
        self.reversed, self.keys = set(), itertools.count()

    def possible(self, source, target, minutes):
        least = -POOL_OVERDRAFT if source == "pool" else -OVERDRAFT
        fits = target == "pool" or self.balances[target] + minutes <= CEILING
        return (
            minutes > 0 and source != target and self.balances[source] - minutes >= least and fits
        )

    def both(self, source, target, minutes, *, possible, act):
        """Let the time bank act; it must agree with the model."""
        try:
            transfer = act()
        except RuleViolation:
            assert not possible
            return multiple()
        assert possible
        self.balances[source] -= minutes
        self.balances[target] += minutes
        self.last = (act, transfer)
        return (transfer, source, target, minutes)

    def call(self, service, source, target, minutes):
        account = self.accounts[source]
        by = self.bank.keeper if source == "pool" else account.person
        asked = {"minutes": minutes, "key": f"{id(self)}:{next(self.keys)}", "by": by, "at": AT}
        return lambda: service(account, self.accounts[target], **asked)

    @rule(target=moved, source=WHO, to=WHO, minutes=MINUTES)
    def pay(self, source, to, minutes):
        possible = self.possible(source, to, minutes)
        act = self.call(services.pay, source, to, minutes)
        return self.both(source, to, minutes, possible=possible, act=act)

    @rule(target=moved, source=st.sampled_from(PEOPLE), to=WHO, minutes=MINUTES)
    def give(self, source, to, minutes):
        fits = self.given[source] + minutes <= GIFTS
        possible = self.possible(source, to, minutes) and fits
        act = self.call(services.give, source, to, minutes)
        answer = self.both(source, to, minutes, possible=possible, act=act)
        if possible:
            self.given[source] += minutes
        return answer

    @rule(one=moved)
    def reverse(self, one):
        transfer, source, to, minutes = one
        possible = transfer.pk not in self.reversed and self.possible(to, source, minutes)
        key = f"{id(self)}:{next(self.keys)}"
        self.both(
            to, source, minutes, possible=possible,
            act=lambda: services.reverse(
                transfer, reason="x", key=key, by=self.bank.keeper, at=AT
            ),
        )  # fmt: skip
        if possible:
            self.reversed.add(transfer.pk)
            if transfer.kind == "gift":
                self.given[source] -= minutes

    @rule()
    def replay(self):
        act, transfer = getattr(self, "last", (None, None))
        if act:
            assert act() == transfer

    @invariant()
    def stored_is_as_the_model_says(self):
        if not hasattr(self, "accounts"):
            return
        stored = dict(TimeAccount.objects.values_list("pk", "balance"))
        assert {name: stored[row.pk] for name, row in self.accounts.items()} == self.balances
        assert sum(self.balances.values()) == 0

    def teardown(self):
        assert [found for found in time_checks.run() if found[1]] == []


@pytest.mark.django_db
def test_any_sequence_of_transfers_ends_as_the_model_says():
    run_state_machine_as_test(
        TimeBank,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        ),
    )
