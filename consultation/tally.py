"""From rights to vote and answers to counts: persons, households and floor area, exactly.

A household speaks with one voice: it is for a proposal only where all of its members who voted are.
Where each household or each owner has one vote, that is the vote itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from consultation.thresholds import Count


@dataclass(frozen=True, slots=True)
class Voice:
    """One right to vote: whose household, with which area (0.01 m²), and what became of it.

    `in_favour` None: nobody knows (a secret ballot), or he did not vote. `is_present` None: not a
    session's matter; who voted took part.
    """

    household: str
    area: int = 0
    voted: bool = False
    in_favour: bool | None = None
    is_present: bool | None = None

    @property
    def takes_part(self) -> bool:
        return self.voted if self.is_present is None else self.is_present


def counts(voices: Iterable[Voice]) -> dict[str, Count]:
    """Counts by measure; area in m²."""
    voices = list(voices)
    households: dict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        households[voice.household].append(voice)
    return {
        "person": _of([(1, [voice]) for voice in voices]),
        "household": _of([(1, group) for group in households.values()]),
        "area": _of(
            [
                (Fraction(max(one.area for one in group), 100), group)
                for group in households.values()
            ]
        ),
    }


def _area(group: list[Voice]) -> Fraction:
    """Those who live together share one area; it counts once."""
    return Fraction(max(voice.area for voice in group), 100)


def _of(groups: Iterable[tuple[int | Fraction, list[Voice]]]) -> Count:
    entitled = present = cast = in_favour = Fraction(0)
    for weight, group in groups:
        voted = [voice for voice in group if voice.voted]
        entitled += weight
        present += weight if any(voice.takes_part for voice in group) else 0
        cast += weight if voted else 0
        in_favour += weight if voted and all(voice.in_favour for voice in voted) else 0
    return Count(entitled, present, cast, in_favour)


def with_secret_ballots(
    counted: Mapping[str, Count], measure: str, *, papers: int, in_favour: int
) -> dict[str, Count]:
    """Counts of a secret vote: who took part is known by row, what was answered only in sum.

    `measure` is what one ballot counts in; `papers` came back in a box without a name.
    """
    count = counted[measure]
    cast = Fraction(count.cast) + papers
    present = max(Fraction(count.present), cast)
    return {**counted, measure: Count(count.entitled, present, cast, in_favour)}


# What one vote counts in, by its unit.
MEASURE_OF = {"person": "person", "household": "household", "owner": "person"}


def cannot_be_counted(rules: Iterable[Mapping[str, object]], unit: str) -> list[str]:
    """Measures that a secret vote of this unit cannot count and its rules cannot do without."""
    own = MEASURE_OF[unit]
    groups: dict[str, set[str]] = defaultdict(set)
    for place, rule in enumerate(rules):
        groups[str(rule["alternative"]) or f" {place}"].add(str(rule["measure"]))
    return sorted({name for group in groups.values() if own not in group for name in group})


def agreed(first: Mapping[int, int | None], second: Mapping[int, int | None]) -> bool:
    """Whether two people have read the same on the same papers."""
    return dict(first) == dict(second)


def decided(
    readings: Iterable[Mapping[int, int | None]],
) -> tuple[dict[int, int | None], list[int]]:
    """Per paper what at least two of the readings say, and the papers of which no two agree."""
    readings = list(readings)
    papers = sorted({paper for reading in readings for paper in reading})
    found: dict[int, int | None] = {}
    open_papers = []
    for paper in papers:
        said = [reading[paper] for reading in readings if paper in reading]
        twice = [answer for answer in dict.fromkeys(said) if said.count(answer) >= 2]
        if twice:
            found[paper] = twice[0]
        elif len(readings) - len(said) < 2:  # two who did not find it in the box: it is not there
            open_papers.append(paper)
    return found, open_papers
