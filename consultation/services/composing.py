"""Whether an assembly of representatives is made up as the law wants: counted from invitations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from consultation.form_words import members_words
from consultation.models.blueprints import CompositionShape


@dataclass(frozen=True, slots=True)
class Makeup:
    """How many of the members are those that `asked` speaks of."""

    asked: CompositionShape
    reached: int
    members: int

    @property
    def holds(self) -> bool:
        """Of nobody no share is enough."""
        if self.reached < self.asked.least or not self.members:
            return False
        return Fraction(self.reached, self.members) >= self.asked.share

    @property
    def refuses(self) -> bool:
        return self.asked.is_binding and not self.holds

    @property
    def sentence(self) -> str:
        """ "Residents' representatives: 15 of 20 members; at least 4/5 is needed: not reached."."""
        asked = self.asked
        facts = {
            "who": members_words({"of": asked.of, "women": asked.women}),
            "reached": self.reached,
            "members": self.members,
            "needed": f"{asked.numerator}/{asked.denominator}" if asked.numerator else asked.least,
        }
        if self.holds:
            text = _("%(who)s: %(reached)s of %(members)s members; at least %(needed)s: reached.")
        else:
            text = _(
                "%(who)s: %(reached)s of %(members)s members; at least %(needed)s: not reached."
            )
        return text % facts


def makeup_of(
    asked: Iterable[CompositionShape], invited: Iterable[Mapping[str, Any]]
) -> list[Makeup]:
    """`invited`: rows with `is_member`, `capacity` and `is_woman`; guests do not count."""
    members = [row for row in invited if row["is_member"]]
    return [Makeup(one, sum(_is_meant(row, one) for row in members), len(members)) for one in asked]


def _is_meant(row: Mapping[str, Any], asked: CompositionShape) -> bool:
    if asked.of and row["capacity"] != asked.of:
        return False
    return not asked.women or row["is_woman"] is True
