"""The public pages of money over a ledger of many years."""

import random

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bench.machine import percentile, say
from bench.pages import milliseconds
from funding.models import Entry, Line
from funding.services.counting import count_entries


def measure(*, seed: int, rounds: int) -> dict[str, float]:
    """p95 of the flow of all money, of each source, of some owners; and of pages of lines (ms)."""
    counted = count_entries()
    say(f"  {counted:,} entries counted")
    chance, client = random.Random(seed), Client(headers={"accept-language": "zh-hans"})
    lines = list(Line.objects.with_names().order_by("pk"))
    some = chance.sample(lines, min(8, len(lines)))
    url = reverse("portal:money")
    flows = [
        url,
        *(f"{url}?source={code}" for code in sorted({line.source.code for line in lines})),
    ]
    flows += [f"{url}?body={line.body.code}" for line in some]
    pages = [reverse("portal:money_line", args=[line.code]) for line in some]
    taken: dict[str, list[float]] = {"flow": [], "line": []}
    for number in range(rounds + 1):
        for name, addresses in (("flow", flows), ("line", pages)):
            found = [_unremembered(client, address) for address in addresses]
            taken[name] += found if number else []
    return {
        "flow": percentile(taken["flow"]),
        "flow_median": percentile(taken["flow"], 0.5),
        "line": percentile(taken["line"]),
        "entries": Entry.objects.count(),
    }


def _unremembered(client: Client, address: str) -> float:
    """Milliseconds of a page when nothing is kept of the page before."""
    cache.clear()
    return milliseconds(client, address)
