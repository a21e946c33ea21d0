"""The fault run changes functions by name: a name that is gone would make a mutant do nothing."""

import pytest

from cases.models import CaseEvent, Task
from cases.services import routing
from routing.services import loads
from tests.faults.guards import MUTANTS
from tests.faults.matters import KINDS, counted, make_matters, scarce

REPLACED = ("_claim", "_reserve", "_release", "_write", "_route_batch", "_key", "write_cases")


@pytest.mark.parametrize("name", REPLACED)
def test_what_is_wrapped_or_replaced_in_the_router_exists(name):
    assert callable(getattr(routing, name))


def test_what_is_replaced_of_loads_is_what_the_router_calls():
    assert routing.loads.take_load_many is loads.take_load_many


def test_the_constraints_that_are_dropped_exist():
    names = {row.name for model in (Task, CaseEvent) for row in model._meta.constraints}
    assert {"case_has_one_open_lead", "event_number_once"} <= names
    assert Task._meta.get_field("hold").unique


def test_every_mutant_can_be_applied():
    from tests.faults.mutants import APPLY

    assert APPLY.keys() == MUTANTS.keys()


def test_every_mutant_is_noticed_by_checks_that_exist():
    from tests.faults.checks import CHECKS, name_of

    named = {name for mutant in MUTANTS.values() for name in mutant.noticed_by}
    assert named <= {name_of(check) for check in CHECKS}


def test_matters_are_the_same_for_the_same_seed_and_in_their_shares():
    matters = make_matters(1_000, seed=1)
    assert matters == make_matters(1_000, seed=1)
    assert counted(matters) == {name: kind.share * 10 for name, kind in KINDS.items()}
    assert scarce(matters) == {"tree": 60, "pipe": 48}
