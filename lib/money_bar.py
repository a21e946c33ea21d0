"""The geometry of the bar that shows a budget line's four buckets."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """One bucket: an amount in fen, where its stretch begins and how wide it is, in percent."""

    name: str
    label: Promise
    fen: int
    x: float
    width: float


def parts(*, free: int, reserved: int, payable: int, spent: int) -> list[Part]:
    """Spent first, free last, as money runs; all widths are 0 for a line that has nothing."""
    buckets = [
        ("spent", _("Paid"), spent),
        ("payable", _("Payable"), payable),
        ("reserved", _("Reserved"), reserved),
        ("free", _("Free"), free),
    ]
    total = sum(fen for _name, _label, fen in buckets)
    found: list[Part] = []
    x = 0.0
    for name, label, fen in buckets:
        width = round(fen * 100 / total, 3) if total else 0.0
        found.append(Part(name, label, fen, round(x, 3), width))
        x += width
    return found
