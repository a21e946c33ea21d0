"""Those who send matters in, all at once; and an office that works while the router does."""

import os
import random
import signal
import time
import traceback

from django.db import OperationalError, connections
from django.db.models.functions import Mod
from django.utils import timezone

from cases import services
from cases.models import Case
from organizations.models import User
from tests.faults import mutants, nodes, town
from tests.races import FORK

CLIENTS = 4
TRIES = 5
HANDLED = 8  # one case in so many is carried through to its end


class Crowd:
    """Forked processes; `allow(n)` lets them send the first n matters."""

    def __init__(self, matters, *, mutant, seed):
        self.allowed = FORK.Value("i", 0)
        self.sent = FORK.Array("i", CLIENTS)
        self.retried = FORK.Value("i", 0)
        self.handled = FORK.Value("i", 0)
        self.over = FORK.Event()
        connections.close_all()  # a connection does not survive a fork
        self.lists = [_list_of(client, matters) for client in range(CLIENTS)]
        self.clients = [
            FORK.Process(target=_run, args=(self._send, number, mutant))
            for number in range(CLIENTS)
        ]
        self.office = FORK.Process(target=_run, args=(self._handle, seed, mutant))
        for process in self.processes:
            process.start()

    @property
    def processes(self):
        return [*self.clients, self.office]

    def allow(self, number):
        self.allowed.value = number

    def has_sent(self, number):
        """Whether every one of the first `number` matters was answered (as often as it is sent)."""
        return all(
            sent == sum(matter.number < number for matter in mine)
            for sent, mine in zip(self.sent, self.lists, strict=True)
        )

    def failed(self):
        return [p.name for p in self.processes if p.exitcode not in {None, 0}]

    def end(self, seconds=30.0):
        self.over.set()
        for process in self.processes:
            process.join(seconds)

    def kill(self):
        for process in self.processes:
            process.kill()
            process.join()

    def _send(self, client):
        people = {name: User.objects.get(username=name) for name in ("clerk", "resident")}
        for matter in self.lists[client]:
            while matter.number >= self.allowed.value:
                if self.over.is_set():
                    return
                time.sleep(0.01)
            said = town.said(matter)
            by = people["resident" if said["channel"] == "web" else "clerk"]
            self._insist(matter, by, said)
            self.sent[client] += 1

    def _insist(self, matter, by, said):
        """What a client does whose request fails: the same again, under the same key."""
        for left in reversed(range(TRIES)):
            try:
                services.log(by=by, at=timezone.now(), client_key=matter.client_key, **said)
            except OperationalError:
                if not left:
                    raise
                with self.retried.get_lock():
                    self.retried.value += 1
            else:
                return

    def _handle(self, seed):
        chance = random.Random(seed)
        head = User.objects.get(username="roads-head")
        verifier = User.objects.get(username="verifier")
        done = set()
        while not self.over.is_set():
            for case in _to_handle(done):
                done.add(case.pk)
                handle(case, head, verifier, chance)
                self.handled.value += 1
            time.sleep(0.05)


def _list_of(client, matters):
    """Every client its share, and what its neighbour sends twice."""
    return [
        matter
        for matter in matters
        if matter.number % CLIENTS == client
        or (matter.twice and (matter.number + 1) % CLIENTS == client)
    ]


def _to_handle(done):
    """The next few of the office's cases that are its turn."""
    rows = Case.objects.filter(state="dispatched", desk_body__code="roads").exclude(pk__in=done)
    mine = rows.annotate(turn=Mod("pk", HANDLED)).filter(turn=0)
    return list(mine.select_related("lead_post__person").order_by("pk")[:5])


def handle(case, head, verifier, chance):
    """Signed, reported at some cost, confirmed, closed: load and money come back meanwhile."""
    handler = case.lead_post.person
    estimate = case.tasks.first().estimate
    services.sign(case, by=handler, at=timezone.now())
    actual = chance.randint(0, estimate)
    services.report(case, result="done", actual=actual, by=handler, at=timezone.now())
    services.confirm(case, by=head, at=timezone.now())
    services.check_pass(case, by=verifier, at=timezone.now(), note="盖好了")


def _run(act, argument, mutant):
    nodes.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    code = 0
    try:
        mutants.apply(mutant)
        act(argument)
    except BaseException:  # noqa: BLE001 -- shown, and told by the exit code
        traceback.print_exc()
        code = 1
    connections.close_all()
    os._exit(code)  # without what the parent would do at its end
