"""What happens in the town: a pure function of its size and seed; the checker knows it too."""

import random
from collections import Counter
from dataclasses import dataclass

ROUTED = "match"
COST = 600_00
DEAR = 900_00
POINTS = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """`share` in percent; `ends`: how its cases may end (a match, a refusal, or a desk)."""

    share: int
    ends: frozenset[str]


KINDS = {
    "cover": Kind(35, frozenset({ROUTED})),  # costs, from two lines one after the other
    "lamp": Kind(14, frozenset({ROUTED})),  # costs, another office's line
    "noise": Kind(20, frozenset({ROUTED})),  # costs nothing
    "web": Kind(2, frozenset({ROUTED})),  # a resident's report that files itself
    "tree": Kind(10, frozenset({ROUTED, "no_money"})),  # the line pays for some of them only
    "pipe": Kind(8, frozenset({ROUTED, "no_staff"})),  # its people have room for some only
    "orphan": Kind(4, frozenset({"gap"})),  # nobody answers for it
    "nowhere": Kind(3, frozenset({"no_place"})),
    "unnamed": Kind(2, frozenset({"no_category"})),
    "fire": Kind(1, frozenset({"emergency"})),
    "unsure": Kind(1, frozenset({"acceptance"})),  # a resident's report for the acceptance clerk
}
COSTS = {"cover": COST, "lamp": COST, "tree": DEAR}


@dataclass(frozen=True, slots=True)
class Matter:
    """`twice`: two clients send it at about the same time, as after a lost answer."""

    number: int
    kind: str
    twice: bool
    lon: float
    lat: float

    @property
    def title(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def client_key(self) -> str:
        return f"faults:{self.number}"


def make_matters(count: int, seed: int) -> list[Matter]:
    """Each kind in its exact share, the first takes the rest; in an order of chance."""
    chance = random.Random(seed)
    kinds = [name for name, kind in KINDS.items() for _ in range(count * kind.share // 100)]
    kinds += ["cover"] * (count - len(kinds))
    chance.shuffle(kinds)
    return [
        Matter(
            number,
            kind,
            twice=chance.random() < 0.1,
            lon=114.0 + 0.1 * chance.random(),
            lat=22.8 + 0.1 * chance.random(),
        )
        for number, kind in enumerate(kinds)
    ]


def counted(matters: list[Matter]) -> Counter:
    return Counter(matter.kind for matter in matters)


def scarce(matters: list[Matter]) -> dict[str, int]:
    """How many of the kinds that are short of money or people can be served: three in five."""
    return {kind: counted(matters)[kind] * 3 // 5 for kind in ("tree", "pipe")}
