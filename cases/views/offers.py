"""What a person may decide with one press, made of what the router has weighed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Case
from cases.views.why import Why
from lib.languages import listed
from routing import suggest, wording

MOST = 6
# Reasons against a person that somebody may overrule who knows better.
OVERRULED = frozenset(
    {"chosen", "full", "off_duty", "on_duty_later", "other_territory", "no_skill"}
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One button: the move that it makes, with what fields, and what speaks against it."""

    move: str
    icon: str
    label: str
    why: str
    fields: Mapping[str, Any]


def offers(case: Case, why: Why | None, moves: Collection[str]) -> list[Offer]:
    """Nothing where the router has decided, or where this person may not."""
    if why is None or why.is_match or not case.refusal:
        return []
    words = _words(case) if why.candidates else {}
    found = (offer for row in why.candidates for offer in _of(row, words) if offer.move in moves)
    return [offer for offer in found if not _lacks_money(case, offer)][:MOST]


def _lacks_money(case: Case, offer: Offer) -> bool:
    """Where no line suffices, a person alone does not help: the form asks for a line or a cost."""
    return case.refusal == "no_money" and offer.move == "dispatch"


def _words(case: Case) -> dict[int, str]:
    """Why each category is offered: the words of the matter that mattered, read anew."""
    if case.category_id is not None:
        return {}
    found = suggest.suggest_categories(f"{case.title}\n{case.text}")
    return {one.category_id: listed(one.words) for one in found}


def _of(row: Mapping[str, Any], words: Mapping[int, str]) -> Iterator[Offer]:
    name = wording.name(row["name"])
    if row["kind"] == "category":
        fields = {"category": row["category"]}
        label = _("It is “%(category)s”") % {"category": name}
        because = wording.why(row["why"])
        if words.get(row["category"]):
            because = _("%(why)s: %(words)s") % {"why": because, "words": words[row["category"]]}
        yield Offer("correct", "category", label, because, fields)
    if row["kind"] == "person" and row["why"] in OVERRULED:
        fields = {"post": row["post"]}
        if row["why"] == "full":
            fields["beyond_capacity"] = "on"
        label = _("Give it to %(person)s") % {"person": name}
        yield Offer("dispatch", "user-check", label, wording.why(row["why"]), fields)
    if row["kind"] == "duty" and row["why"] in {"equal", "returned_before"}:
        label = _("%(body)s leads, here and from now on") % {"body": name}
        yield Offer("settle", "gavel", label, wording.why(row["why"]), {"lead": row["body"]})
