"""Which guards a run can be made without, and which checks must then fail. Data only."""

from dataclasses import dataclass

SERIALISED = "SQLite lets one batch write at a time, so nothing can come between"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`says`: what is gone; `noticed_by`: checks of which at least one must fail for it.

    `same_on_sqlite`: why the guard has nothing to do there, and the run must therefore hold.
    """

    says: str
    noticed_by: frozenset[str]
    drops_constraints: bool = False
    has_clock: bool = True
    same_on_sqlite: str = ""


MUTANTS = {
    "claim": Mutant(
        "no row lock, no comparison of versions; the constraints behind them still stand",
        frozenset({"no batch failed"}),
        same_on_sqlite=SERIALISED,
    ),
    "claim-bare": Mutant(
        "no row lock, no comparison of versions, no constraint behind them",
        frozenset({"none routed twice"}),
        drops_constraints=True,
        same_on_sqlite=SERIALISED,
    ),
    "ledger-key": Mutant(
        "as claim-bare, and the router's keys for the ledger differ with every try",
        frozenset({"money kept once for each"}),
        drops_constraints=True,
        same_on_sqlite=SERIALISED,
    ),
    "client-key": Mutant(
        "a client's second try has no key by which it could be known",
        frozenset({"each created once"}),
    ),
    "load": Mutant(
        "a person's load is read, then written, instead of changed by one statement",
        frozenset({"loads are open tasks' points"}),
        same_on_sqlite=SERIALISED,
    ),
    "atomic": Mutant(
        "a batch is not one transaction",
        frozenset({"reservations are open tasks' money", "loads are open tasks' points"}),
    ),
    "sweep": Mutant(
        "the clock stands still, so nobody looks for what lost messages left behind",
        frozenset({"none unrouted"}),
        has_clock=False,
    ),
}
