"""From the commit of a creation to the moment when somebody else sees it routed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import town
from bench.machine import ROOT, children_of, peak_memory, percentile, say
from cases.models import Case, Channel
from cases.services import log
from cases.tasks import route_waiting
from config.models import Sign

LOOK_EVERY = 0.01
PATIENCE = 60
# As `manage.py serve` starts it.
WORKER = ("-m", "celery", "--quiet", "--app", "config", "worker", "--without-gossip",
          "--without-mingle")  # fmt: skip


@contextmanager
def worker(*, concurrency: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker over this process's database and broker, ready; ended at the end."""
    Sign.objects.all().delete()
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, *WORKER, "--concurrency", str(concurrency)],
        cwd=ROOT,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        wait_until(Sign.objects.filter(kind=Sign.Kind.WORKER).exists, "a worker")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(is_true: Any, what: str, *, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


class Watch(threading.Thread):
    """Looks through a connection of its own which cases are routed, and when."""

    def __init__(self, since: int) -> None:
        super().__init__(daemon=True)
        self.since, self.seen = since, dict[int, float]()
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            routed = Case.objects.filter(pk__gt=self.since, route_at=None).values_list("pk")
            found = [key for (key,) in routed if key not in self.seen]
            now = time.perf_counter()
            self.seen |= dict.fromkeys(found, now)
            time.sleep(LOOK_EVERY)
        connection.close()


def measure(*, rate: int, seconds: int, seed: int, concurrency: int) -> dict[str, Any]:
    """`rate` creations a second for so many `seconds`, one worker with `concurrency` processes."""
    with worker(concurrency=concurrency):
        teller = town.Teller(seed)
        warm = [_log(teller.tell())[0] for _ in range(10)]
        wait_until(lambda: not Case.objects.filter(pk__in=warm, route_at__isnull=False), "warmth")
        watch = Watch(max(warm))
        watch.start()
        committed, lag = _create(teller, rate, rate * seconds)
        wait_until(lambda: set(committed) <= set(watch.seen), "all routed")
        watch.ended.set()
        watch.join()
    latencies = [watch.seen[key] - at for key, at in committed.items()]
    say(f"  {len(latencies)} cases, behind the schedule by at most {lag:.2f} s")
    return {
        "p50": percentile(latencies, 0.5),
        "p95": percentile(latencies),
        "most": max(latencies),
        "cases": len(latencies),
        "behind": lag,
    }


def _create(teller: town.Teller, rate: int, count: int) -> tuple[dict[int, float], float]:
    """Moments of commit by case, and how far creation fell behind its schedule."""
    committed: dict[int, float] = {}
    begun, lag = time.perf_counter(), 0.0
    for number in range(count):
        due = begun + number / rate
        told = teller.tell()
        time.sleep(max(0.0, due - time.perf_counter()))
        lag = max(lag, time.perf_counter() - due)
        key, moment = _log(told)
        committed[key] = moment
    return committed, lag


def _log(told: town.Told) -> tuple[int, float]:
    """The key of the new case, and the moment of the commit that made it."""
    committed: list[float] = []
    with transaction.atomic():
        # The first of the hooks: before the worker is woken.
        transaction.on_commit(lambda: committed.append(time.perf_counter()))
        case = log(by=told.by, at=timezone.now(), channel=Channel.GRID, **told.matter)
    return case.pk, committed[0]


def peak_after_backlog() -> dict[str, Any]:
    """The memory of a worker's process that has routed all that waits."""
    with worker(concurrency=1) as process:
        route_waiting.delay()
        waiting = Case.objects.filter(route_at__isnull=False)
        wait_until(lambda: not waiting.exists(), "the backlog routed", seconds=600)
        (pool,) = children_of(process.pid)
        return {"pool": peak_memory(pool), "main": peak_memory(process.pid)}
