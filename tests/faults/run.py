"""One run on one platform, in a process of its own.

Acts are spread over the run: a worker is killed at a step of its batch, a whole node is killed, the
broker is emptied. The last act kills all nodes, lets the rest come in, and empties the broker, so
that only the clock's sweep can find it.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

from django.db.models import Min
from django.utils import timezone

from cases.models import Case
from cases.workflow import Desk
from tests.faults import broker, checks, guards, matters, mutants, nodes, people, probes, town

# Five looks a second; meanwhile the sweep comes round a few times.
LOOKS_OF_CALM = 15


class Run:
    """The whole of one run; `measure()` after `play()`."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.chance = random.Random(options.seed)
        self.matters = matters.make_matters(options.cases, options.seed)
        self.has_clock = not options.mutant or guards.MUTANTS[options.mutant].has_clock
        self.workers = [
            nodes.worker_node(folder, number, options.concurrency)
            for number in range(options.nodes)
        ]
        self.clock = nodes.clock_node(folder)
        self.figures = {"killed": 0, "emptied": 0, "longest_wait": 0.0}
        self.crowd = None
        self.looked_at = 0.0

    # -- Watching ----------------------------------------------------------------------------

    def tend(self):
        for node in [*self.workers, self.clock]:
            node.tend()
        if time.monotonic() - self.looked_at > 0.25:
            self.looked_at = time.monotonic()
            self.look()

    def look(self):
        """The longest that a case has been waiting for the router at any look."""
        first = Case.objects.filter(desk=Desk.ROUTER).aggregate(first=Min("filed_at"))["first"]
        if first is not None:
            waited = (timezone.now() - first).total_seconds()
            self.figures["longest_wait"] = max(self.figures["longest_wait"], waited)

    def until(self, is_true, seconds, what):
        if not nodes.wait_until(is_true, seconds=seconds, meanwhile=self.tend):
            self.give_up(what)

    def give_up(self, what):
        for log in sorted((self.folder / "logs").glob("*.log")):
            sys.stderr.write(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}\n")
        raise SystemExit(f"gave up: {what}")

    def ready(self):
        return [node for node in self.workers if node.is_ready]

    # -- Playing -----------------------------------------------------------------------------

    def play(self):
        town.build(self.matters)
        mutants.drop_constraints(self.options.mutant)
        self.crowd = people.Crowd(self.matters, mutant=self.options.mutant, seed=self.options.seed)
        for node in self.workers:
            node.start()
        if self.has_clock:
            self.clock.start()
        self.until(lambda: len(self.ready()) == len(self.workers), 60, "workers did not start")
        began = time.monotonic()
        acts = self.acts()
        before_the_last = len(self.matters) * 85 // 100
        for number, act in enumerate(acts, start=1):
            self.until(self.ready, 60, "no worker came back")
            act(before_the_last * number // len(acts))
        self.last_act()
        self.crowd.end()  # what the office gives back may wake refused cases once more
        self.wait_for_quiet()
        self.figures["seconds"] = time.monotonic() - began

    def acts(self):
        """Kills (at each step in turn, and of whole nodes) and emptied brokers, in mixed order."""
        acts = []
        for number in range(self.options.kills):
            step = probes.STEPS[number // 2 % len(probes.STEPS)]
            acts.append(self.kill_node if number % 2 else partial(self.kill_at, step))
        for number in range(self.options.purges - 1):
            acts.insert((number + 1) * len(acts) // self.options.purges, self.empty_broker)
        return acts or [self.crowd.allow]

    def kill_at(self, step, upto):
        """A process of a pool dies between two things that its batch writes."""
        order = self.folder / "orders" / step
        order.touch()
        self.crowd.allow(upto)
        self.until(lambda: not order.exists() or self.crowd.failed(), 30, f"nobody came to {step}")
        self.figures["killed"] += 1
        self.wait_until_sent(upto)

    def kill_node(self, upto):
        """A node dies with its whole pool, wherever it is."""
        self.crowd.allow(upto)
        time.sleep(self.chance.uniform(0.05, 0.4))
        self.chance.choice(self.ready() or self.workers).kill_and_start()
        self.figures["killed"] += 1
        self.wait_until_sent(upto)

    def empty_broker(self, upto):
        self.crowd.allow(upto)
        time.sleep(self.chance.uniform(0.05, 0.4))
        broker.empty()
        self.figures["emptied"] += 1
        self.wait_until_sent(upto)

    def wait_until_sent(self, upto):
        def sent():
            return self.crowd.has_sent(upto) or self.crowd.failed()

        self.until(sent, 120, "clients are stuck")

    def last_act(self):
        for node in self.workers:
            node.kill()
        self.crowd.allow(len(self.matters))
        self.wait_until_sent(len(self.matters))
        if self.options.purges:
            broker.empty()
            self.figures["emptied"] += 1
        self.figures["left_to_the_sweep"] = Case.objects.filter(desk=Desk.ROUTER).count()
        for node in self.workers:
            node.start()
        self.until(self.ready, 60, "no worker came back")

    def wait_for_quiet(self):
        """Until nothing waits for the router, or nothing has changed for a while."""
        waiting, changed, calm = -1, time.monotonic(), 0
        while calm < LOOKS_OF_CALM and time.monotonic() - changed < self.options.patience:
            self.tend()
            now = Case.objects.filter(route_at__isnull=False).count()
            calm = calm + 1 if not now else 0
            if now != waiting:
                waiting, changed = now, time.monotonic()
            time.sleep(0.2)

    def kill_all(self):
        if self.crowd is not None:
            self.crowd.kill()
        self.kill_nodes()

    def kill_nodes(self):
        for node in [self.clock, *self.workers]:
            node.kill()

    # -- Measuring ---------------------------------------------------------------------------

    def measure(self):
        failed = self.crowd.failed()
        books = checks.Books(self.matters, self.folder, failed)
        ends = Counter(books.end_of.values())
        waits = sorted(
            (case.dispatched_at - case.filed_at).total_seconds()
            for case in books.cases
            if case.dispatched_at
        )
        self.figures |= {
            "cases": len(books.cases),
            "dispatched": ends[matters.ROUTED],
            "refused": len(books.cases) - ends[matters.ROUTED],
            "closed": self.crowd.handled.value,
            "retried": self.crowd.retried.value,
            "median_wait": waits[len(waits) // 2] if waits else 0.0,
            "ended_by_themselves": sum(node.ended_by_itself for node in self.workers),
        }
        return {"figures": self.figures, "checks": checks.run(books)}


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutant", default="")
    for name in ("cases", "kills", "purges", "seed", "nodes", "concurrency"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--patience", type=float, default=15.0)
    return parser.parse_args(arguments)


def main():
    options, folder = parse(sys.argv[1:]), Path(os.environ["FAULTS_DIR"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = Run(options, folder)
    try:
        run.play()
        run.kill_nodes()
        answer = run.measure()
    finally:
        run.kill_all()
    (folder / "answer.json").write_text(json.dumps(answer))
