"""How long the lists and the page of a case take, through Django's test client."""

import datetime
import json
import random
import sys
import time
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.machine import say
from cases.models import Case
from cases.models.queries import CaseQuerySet
from lib import keyset
from organizations.models import Post, User
from oversight.subjects import reach_of, root_of

_FILTERS: tuple[dict[str, str], ...] = ({}, {"state": "closed"})
WHO = ("dispatcher", "handler", "secretary")
# Cases whose pages are asked for: as many open ones as ended ones from anywhere in the archive.
SAMPLED = 12


def answer_rounds(*, seed: int) -> int:
    """One line on stdin is one round: all addresses once; milliseconds by key on stdout."""
    visits = [visit for name in WHO[:2] for visit in _visits(name, seed)] + _morning()
    clients = {name: _signed_in(name) for name in WHO}
    print(json.dumps({"cases": Case.objects.count(), "addresses": len(visits)}), flush=True)
    rounds = 0
    for _line in sys.stdin:
        taken: dict[str, list[float]] = {}
        for key, name, url in visits:
            taken.setdefault(key, []).append(milliseconds(clients[name], url))
        print(json.dumps(taken), flush=True)
        rounds += 1
    return rounds


def milliseconds(client: Client, url: str) -> float:
    begun = time.perf_counter()
    answer = client.get(url)
    taken = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise AssertionError(f"{answer.status_code} at {url}")
    return taken


def _signed_in(name: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(
        User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _visits(name: str, seed: int) -> list[tuple[str, str, str]]:
    """(key of the result, who, address)."""
    user, on = User.objects.get(username=name), timezone.localdate()
    seen = Case.objects.visible_to(user, on=on)
    listed = [("case_list_p95", name, url) for url in _list_addresses(seen)]
    pages = [
        ("case_page_p95", name, reverse("cases:detail", args=[number]))
        for number in _sample(seen, random.Random(seed))
    ]
    sought = [("search_p95", name, url) for url in _search_addresses()]
    return listed + sought + _my_tasks(user, name) + pages + _indicators(user, name, on)


def _search_addresses() -> list[str]:
    """Words that are frequent, rare and nowhere, of one to five characters, alone and filtered."""
    url = reverse("cases:list")
    words = ("井盖", "路灯", "噪声", "停车", "井盖缺失", "梅塘社区", "井", "不存在", "积水 社区")
    return [f"{url}?{urlencode({'q': word, **more})}" for word in words for more in _FILTERS]


def _my_tasks(user: User, name: str) -> list[tuple[str, str, str]]:
    url = reverse("cases:tasks")
    mine = Case.objects.on_posts(Post.objects.held_by(user, on=timezone.localdate()))
    if not mine.exists():
        return []
    say(f"  {mine.count()} tasks of {name}")
    return [("my_tasks_p95", name, url)] * 6


def _morning() -> list[tuple[str, str, str]]:
    """The committee's page, with its queues and agenda."""
    return [("morning_page_p95", "secretary", reverse("oversight:morning"))] * 4


def _indicators(user: User, name: str, on: datetime.date) -> list[tuple[str, str, str]]:
    """This month and year by department and community, and a month of the archive's middle."""
    if root_of(reach_of(user, on=on)) is None:
        return []
    url, ago = reverse("oversight:indicators"), (on - datetime.timedelta(days=600)).isoformat()
    queries = ("of=body", "of=community&group=closing", "of=body&period=year", f"of=grid&day={ago}")
    return [("indicator_page_p95", name, f"{url}?{query}") for query in queries]


def _list_addresses(seen: CaseQuerySet) -> list[str]:
    """The first page, one in the middle and one near the end, and the same by state."""
    url = reverse("cases:list")
    keys = sorted(seen.values_list("pk", flat=True))
    addresses = [url]
    for query, rows in (
        ("", seen),
        ("state=closed&", seen.filter(state="closed")),
        ("state=handling&", seen.filter(state="handling")),
    ):
        addresses.append(f"{url}?{query.rstrip('&')}")
        for share in (2, 20):
            beyond = rows.filter(pk__lte=keys[len(keys) // share])
            cursor = keyset.page(beyond, order=("-id",), size=50).next
            if cursor:
                addresses.append(f"{url}?{query}cursor={cursor}")
    return addresses


def _sample(seen: CaseQuerySet, chance: random.Random) -> list[str]:
    open_cases = sorted(seen.open().values_list("number", flat=True))
    keys = sorted(seen.ended().values_list("pk", flat=True))
    chosen = chance.sample(keys, min(SAMPLED, len(keys)))
    ended = Case.objects.filter(pk__in=chosen).values_list("number", flat=True)
    return [*chance.sample(open_cases, min(SAMPLED, len(open_cases))), *sorted(ended)]


def sessions() -> dict[str, str]:
    """Session cookies of who looks, for a real server."""
    return {name: _signed_in(name).cookies["sessionid"].value for name in WHO}


def addresses(*, seed: int) -> list[tuple[str, str]]:
    """Who visits what in the mixed visit of a real server: also the pages of everybody."""
    visits = [(name, url) for who in WHO[:2] for _key, name, url in _visits(who, seed)]
    public = [reverse("portal:home"), reverse("portal:published"), reverse("portal:workbench")]
    return visits + [(name, url) for name in WHO[:2] for url in public]
