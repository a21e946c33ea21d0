"""`python -m tests.faults.repeats`: telephones send what waited on them, again and all at once.

Eight processes send the same thing with the same key at the same moment, through the pages that
the telephone uses; half of them die somewhere on the way, as a tab that is closed. Then it is sent
three more times. There is one visit and one case, whole, and no finding has two cases.
"""

import itertools
import os
import random
import signal

from tests.races import FORK

PROCESSES = 8
AGAIN = 3
LONGEST = 0.25  # seconds until half of the processes die, at most


def storm(act, *, seed):
    """`act()` in eight processes at once; every second is killed somewhere on its way."""
    from django.db import connections

    connections.close_all()
    gate, chance = FORK.Barrier(PROCESSES), random.Random(seed)
    children = [
        FORK.Process(target=_run, args=(act, gate, chance.uniform(0, LONGEST) if n % 2 else 0))
        for n in range(PROCESSES)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(60)


def _run(act, gate, dies_after):
    gate.wait()
    if dies_after:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, dies_after)
    act()
    os._exit(0)


def client_of(person):
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def picture():
    from tests.factories.cases import photo

    file = photo("teal", (320, 240))
    file.name = "photo.jpg"
    return file


def visits(town, number):
    """The same visit with a finding and a photo; what is wrong afterwards, a line each."""
    import json

    from django.utils import timezone

    from grids.models import Visit
    from lib.chain import first_break

    key, client = f"visit-{number}", client_of(town.worker)
    given = {
        "client_key": key, "target": town.home.pk, "form": town.kind.form.pk,
        "at": timezone.now().isoformat(), "lon": 114.05, "lat": 22.85, "accuracy_m": 9,
        "answers": json.dumps({"met": True}), "photo_of": json.dumps([0]),
        "findings": json.dumps([{"text": f"第 {number} 处堆物", "to_case": True}]),
    }  # fmt: skip

    def send():
        return client.post("/api/v1/visits/", {**given, "photos": [picture()]})

    storm(send, seed=number)
    statuses = {send().status_code for _again in range(AGAIN)}
    if not statuses <= {200, 201}:
        yield f"{key}: the last tries were answered with {statuses}"
    rows = list(Visit.objects.filter(client_key=key))
    counts = [(r.findings.count(), r.photos.count(), r.events.count()) for r in rows]
    if counts != [(1, 1, 1)]:
        yield f"{key}: findings, photos, events of each visit: {counts}"
    for row in rows:
        if first_break(row.events.order_by("number")) is not None:
            yield f"{key}: its history is broken"


def cases(town, number):
    """The same case with a photo, by the form's address as the queue calls it."""
    from cases.models import Case

    key, client = f"case-{number}", client_of(town.worker)
    given = {
        "client_key": key, "text": f"第 {number} 个井盖不见了", "lon": 114.05, "lat": 22.85,
        "category": town.small.pk, "urgency": "ordinary",
    }  # fmt: skip

    def send():
        body = {**given, "photos": [picture()]}
        return client.post("/cases/new/", body, headers={"accept": "application/json"})

    storm(send, seed=1000 + number)
    numbers = {send().json().get("number") for _again in range(AGAIN)}
    rows = list(Case.objects.filter(client_key=key))
    if len(rows) != 1 or numbers != {rows[0].number}:
        yield f"{key}: {len(rows)} cases, answered with {numbers}"
    elif rows[0].photos.count() != 1:
        yield f"{key}: {rows[0].photos.count()} photos"


def claims(town, number):
    """The finding of the visit, claimed by sweeps and by hand at once."""
    from django.utils import timezone

    from cases.models import Case, FoundCase
    from cases.services import findings
    from grids.models import Finding
    from lib.errors import WrongState

    finding = Finding.objects.filter(visit__client_key=f"visit-{number}").first()
    if finding is None:
        return
    turns = itertools.count()

    def claim():
        try:
            if next(turns) or os.getpid() % 2:
                findings.claim_waiting(at=timezone.now())
            else:
                findings.make_case(finding, by=town.worker, at=timezone.now())
        except WrongState:
            pass

    storm(claim, seed=2000 + number)
    for _again in range(AGAIN):
        findings.claim_waiting(at=timezone.now())
    made = Case.objects.filter(client_key=f"finding:{finding.pk}").count()
    linked = FoundCase.objects.filter(finding=finding).count()
    if (made, linked) != (1, 1):
        yield f"finding {finding.pk}: {made} cases, {linked} links"


def main():
    """All three, as many rounds as asked; the number of findings as exit code."""
    from tests.factories import visits as made
    from tests.factories.cases import make_town

    town = make_town(free=100_000_000)
    town.posts.worker.territories.create(territory=town.grid, valid_from=made.LONG_AGO)
    town.kind = made.kind_of()
    town.home = made.target_in(town.grid)
    made.planned(town.kind, town.home)
    wrong = []
    for number in range(int(os.environ.get("FAULTS_ROUNDS", "3"))):
        for play in (visits, cases, claims):
            wrong += list(play(town, number))
    print("\n".join(wrong))
    raise SystemExit(min(len(wrong), 99))


if __name__ == "__main__":
    import django

    django.setup()
    main()
