"""Drawings of sessions and votes as plain SVG and numbers: codes, and bars of a result."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consultation.models import Base, Measure, Purpose, Vote
from consultation.services.counting import judged
from consultation.thresholds import shown

TONES = ("done", "overdue", "waiting")


def qr(address: str) -> SafeString:
    """The QR code as an SVG element without fixed size: the page's style sizes it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2
    )
    return SafeString(out.getvalue().decode())


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer: how many, out of how many, and with which floor area (m², "" where none)."""

    label: str
    number: int
    percent: int
    area: str
    tone: str


def bars(vote: Vote) -> list[Bar]:
    """The answers of a counted vote, longest possible bar = all votes that count."""
    result = vote.result
    total = sum(result["options"].values()) or 1
    by_area = vote.unit == Vote.Unit.OWNER
    return [
        Bar(
            str(option),
            result["options"].get(str(option.pk), 0),
            round(100 * result["options"].get(str(option.pk), 0) / total),
            shown(Fraction(result["areas"].get(str(option.pk), "0"))) if by_area else "",
            _tone(option.is_favour, place),
        )
        for place, option in enumerate(vote.options.all())
    ]


def _tone(is_favour: bool, place: int) -> str:  # noqa: FBT001 -- a column
    return "done" if is_favour else TONES[min(place, 2)]


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many took part out of how many, in words that a measure has."""

    label: str
    cast: str
    entitled: str
    percent: int


def turnout(vote: Vote) -> list[Turnout]:
    """Heads, and floor area where owners vote."""
    heads = {"person": _("persons"), "household": _("households"), "owner": _("owners")}[vote.unit]
    measure = "household" if vote.unit == Vote.Unit.HOUSEHOLD else "person"
    wanted = [(heads, measure)]
    if vote.unit == Vote.Unit.OWNER:
        wanted.append((_("m² of floor area"), "area"))
    return [_turnout(label, vote.result["counts"][measure]) for label, measure in wanted]


def _turnout(label: str, row: dict[str, str]) -> Turnout:
    cast, entitled = Fraction(row["cast"]), Fraction(row["entitled"])
    percent = int(100 * cast / entitled) if entitled else 0
    return Turnout(label, shown(cast), shown(entitled), percent)


def rule_words(row: Mapping[str, Any]) -> str:
    """ "Majority: floor area, of the votes cast, > 1/2"."""
    words = {
        "purpose": Purpose(row["purpose"]).label,
        "measure": Measure(row["measure"]).label,
        "base": Base(row["base"]).label,
        "than": ">" if row["is_strict"] else "≥",
        "share": f"{row['numerator']}/{row['denominator']}",
    }
    return _("%(purpose)s: %(measure)s, %(base)s, %(than)s %(share)s") % words


def reasons(vote: Vote) -> list[str]:
    return judged(vote).sentences
