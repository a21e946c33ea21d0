"""Where the money goes, as a picture and as the same figures in a table.

Four stations: sources, owners (or the lines of one owner), purposes, and how it stands. Every
figure comes from totals of months, so the page costs the same with a thousand or a million entries.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from funding.models import Line, Purpose
from funding.synopsis import Flows, flows_by_line, merged

# More than these are drawn as one; the table names them all.
MOST_DRAWN = 9


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which money: a year; one source, one owner, or everything."""

    year: int
    source: str = ""
    body: str = ""

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, 1, 1)

    @property
    def end(self) -> datetime.date:
        return datetime.date(self.year + 1, 1, 1)

    def url(self, **changes: Any) -> str:
        parts = {"year": self.year, "source": self.source, "body": self.body, **changes}
        return f"{reverse('portal:money')}?{urlencode({k: v for k, v in parts.items() if v})}"


@dataclass(slots=True)
class Row:
    """One line of a table: what came and went through a source, an owner, a line or a purpose."""

    label: str
    url: str
    flows: Flows = field(default_factory=Flows)


@dataclass(frozen=True, slots=True)
class Picture:
    """All of the page; `figures` is what `charts.js` draws."""

    whole: Flows
    sources: list[Row]
    owners: list[Row]
    purposes: list[tuple[str, int, int]]
    figures: dict[str, Any]


def picture_of(wanted: Wanted) -> Picture:
    """At most five queries, whatever the ledger holds."""
    lines = Line.objects.with_names().order_by("source__rank", "pk")
    if wanted.source:
        lines = lines.filter(source__code=wanted.source)
    if wanted.body:
        lines = lines.filter(body__code=wanted.body)
    known = list(lines)
    flows = flows_by_line([line.pk for line in known], wanted.first, wanted.end)
    moved = [(line, flows[line.pk]) for line in known if line.pk in flows]
    names = {purpose.pk: str(purpose) for purpose in Purpose.objects.all()}
    whole = merged(each for _line, each in moved)
    return Picture(
        whole,
        _grouped(moved, lambda line: (str(line.source), wanted.url(source=line.source.code))),
        _grouped(moved, _owner_of(wanted)),
        _purposes(whole, names),
        _figures(moved, names, _owner_of(wanted)),
    )


def _owner_of(wanted: Wanted) -> Callable[[Line], tuple[str, str]]:
    """Within one owner its lines stand where the owners stood."""
    if wanted.body:
        return lambda line: (str(line), reverse("portal:money_line", args=[line.code]))
    return lambda line: (str(line.body), wanted.url(body=line.body.code))


def _grouped(
    moved: list[tuple[Line, Flows]], named: Callable[[Line], tuple[str, str]]
) -> list[Row]:
    rows: dict[str, Row] = {}
    for line, flows in moved:
        label, url = named(line)
        rows.setdefault(url, Row(label, url)).flows.add(flows)
    return sorted(rows.values(), key=lambda row: -row.flows.at_hand)


def _purposes(whole: Flows, names: dict[int, str]) -> list[tuple[str, int, int]]:
    """(name, kept for work in the year, paid in the year), the largest first."""
    keys = {*whole.committed, *whole.paid}
    rows = [(names.get(key, ""), whole.committed[key], whole.paid[key]) for key in keys]
    return sorted((row for row in rows if row[1] or row[2]), key=lambda row: (-row[2], -row[1]))


def _figures(
    moved: list[tuple[Line, Flows]],
    names: dict[int, str],
    owner_of: Callable[[Line], tuple[str, str]],
) -> dict[str, Any]:
    """Nodes and links of the picture. Keys say the station, so that no names collide."""
    owners = _largest([(owner_of(line), flows.at_hand) for line, flows in moved])
    purposes = _largest([(key, paid) for _line, f in moved for key, paid in f.paid.items()])
    links: dict[tuple[str, str], int] = defaultdict(int)
    nodes: dict[str, dict[str, Any]] = {}

    def node(key: str, label: str, tone: str, url: str = "") -> str:
        nodes.setdefault(key, {"key": key, "label": label, "tone": tone, "url": url})
        return key

    paid_out = ("end:paid", _("Paid"), "ink-2")
    for line, flows in moved:
        source = node(f"source:{line.source_id}", str(line.source), "emblem-line")
        name, url = owner = owner_of(line)
        drawn = owner in owners
        owned = node(
            f"owner:{url}" if drawn else "owner:", name if drawn else _("Others"), "action",
            url if drawn else "",
        )  # fmt: skip
        links[source, owned] += flows.at_hand
        for purpose, amount in flows.paid.items():
            kept = purpose in purposes
            label = names.get(purpose, "") if kept else _("Other purposes")
            for_what = node(f"purpose:{purpose if kept else ''}", label, "checking")
            links[owned, for_what] += amount
            links[for_what, node(*paid_out)] += amount
        under_way = flows.reserved + flows.payable
        links[owned, node("end:kept", _("Kept for work under way"), "action")] += under_way
        links[owned, node("end:free", _("Free"), "done")] += flows.free
    return _drawn(nodes, links)


def _drawn(
    nodes: Mapping[str, dict[str, Any]], links: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Without what nothing flows through."""
    shown = [
        {"source": a, "target": b, "value": amount}
        for (a, b), amount in links.items()
        if amount > 0
    ]
    ends = {link[end] for link in shown for end in ("source", "target")}
    kept = [each for key, each in nodes.items() if key in ends]
    return {"kind": "sankey", "nodes": kept, "links": shown}


def _largest(amounts: Iterable[tuple[Any, int]]) -> set[Any]:
    sums: dict[Any, int] = defaultdict(int)
    for key, amount in amounts:
        sums[key] += amount
    return set(sorted(sums, key=lambda key: -sums[key])[:MOST_DRAWN])
