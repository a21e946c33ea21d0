"""Whether a quorum is there and a majority reached: exact fractions, and the sentence why.

"过半数" is strictly more than 1/2; "三分之二以上" includes 2/3 (民法典 art. 1259). Of the rules
all must hold; of those that name the same `alternative` one is enough.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Amount = int | Fraction | Decimal
MEASURES = {
    "person": gettext_lazy("persons"),
    "household": gettext_lazy("households"),
    "area": gettext_lazy("m² of floor area"),
}


class RuleLike(Protocol):
    """What a rule says: `Rule` below, and the rows `BlueprintRule` and `StageRule`."""

    @property
    def purpose(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def share(self) -> Fraction: ...
    @property
    def is_strict(self) -> bool: ...
    @property
    def alternative(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """At least (`is_strict`: more than) `share` of `base`, counted in `measure`."""

    purpose: str
    measure: str
    base: str
    share: Fraction
    is_strict: bool = False
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one measure are entitled, take part, voted, and voted for it.

    Persons and households are whole numbers, area is in m², exact (`Fraction` or `Decimal`).
    Where people vote without meeting, those who voted are those who take part.
    """

    entitled: Amount
    present: Amount = 0
    cast: Amount = 0
    in_favour: Amount = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, what was reached, and out of how much."""

    rule: RuleLike
    reached: Fraction
    out_of: Fraction

    @property
    def needed(self) -> Fraction:
        return self.rule.share * self.out_of

    @property
    def holds(self) -> bool:
        """Nothing out of nothing is never enough."""
        if self.out_of <= 0:
            return False
        if self.rule.is_strict:
            return self.reached > self.needed
        return self.reached >= self.needed

    @property
    def sentence(self) -> str:
        """ "31 of 60 persons take part; more than 1/2 is needed: reached"."""
        facts = {
            "reached": shown(self.reached),
            "out_of": shown(self.out_of),
            "measure": MEASURES[self.rule.measure],
            "share": f"{self.rule.share.numerator}/{self.rule.share.denominator}",
        }
        return _SENTENCES[self.rule.purpose, self.rule.is_strict, self.holds]() % facts


_SENTENCES = {
    ("quorum", True, True): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s take part; more than %(share)s is needed: reached."
    ),
    ("quorum", True, False): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s take part; more than %(share)s is needed: "
        "not reached."
    ),
    ("quorum", False, True): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s take part; at least %(share)s is needed: reached."
    ),
    ("quorum", False, False): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s take part; at least %(share)s is needed: "
        "not reached."
    ),
    ("majority", True, True): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s are for it; more than %(share)s is needed: reached."
    ),
    ("majority", True, False): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s are for it; more than %(share)s is needed: "
        "not reached."
    ),
    ("majority", False, True): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s are for it; at least %(share)s is needed: reached."
    ),
    ("majority", False, False): lambda: _(
        "%(reached)s of %(out_of)s %(measure)s are for it; at least %(share)s is needed: "
        "not reached."
    ),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules together say; false where there is no rule to say yes."""

    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return self.holds

    @property
    def holds(self) -> bool:
        if not self.findings:
            return False
        groups: dict[str, list[bool]] = {}
        for place, finding in enumerate(self.findings):
            key = finding.rule.alternative or f" {place}"
            groups.setdefault(key, []).append(finding.holds)
        return all(any(group) for group in groups.values())

    @property
    def sentences(self) -> list[str]:
        return [finding.sentence for finding in self.findings]

    @property
    def sentence(self) -> str:
        if not self.findings:
            return _("No rule says what is needed.")
        return " ".join(self.sentences)


def holds(
    rules: Iterable[RuleLike], counts: Mapping[str, Count], *, purpose: str | None = None
) -> Judgement:
    """Judge `rules` (of one `purpose`, or all) by the counts of each measure.

    A measure that nobody counted is zero of zero: its rule does not hold.
    """
    chosen = [rule for rule in rules if purpose is None or rule.purpose == purpose]
    return Judgement(tuple(_finding(rule, counts) for rule in chosen))


def _finding(rule: RuleLike, counts: Mapping[str, Count]) -> Finding:
    count = counts.get(rule.measure, Count(0))
    out_of = {"all": count.entitled, "present": count.present, "cast": count.cast}[rule.base]
    reached = count.present if rule.purpose == "quorum" else count.in_favour
    return Finding(rule, Fraction(reached), Fraction(out_of))


def shown(amount: Fraction) -> str:
    """A whole number as such, anything else with two decimals (rounded for reading only)."""
    if amount.denominator == 1:
        return str(amount.numerator)
    return f"{float(amount):.2f}"


def votes_missing(finding: Finding) -> int:
    """How many whole persons or households more would do."""
    if finding.holds:
        return 0
    missing = finding.needed - finding.reached
    whole = -((-missing.numerator) // missing.denominator)
    return whole + 1 if finding.rule.is_strict and missing.denominator == 1 else whole


def missing_sentence(finding: Finding) -> str:
    """ "3 more are needed"; empty where nothing is missing or floor area is counted."""
    number = votes_missing(finding)
    if not number or finding.rule.measure == "area":
        return ""
    return ngettext("%(number)s more is needed.", "%(number)s more are needed.", number) % {
        "number": number
    }
