"""One run, in a process of its own: workers are killed and begun again, then all is counted."""

import argparse
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import django

django.setup()

from django.db import IntegrityError, InterfaceError, OperationalError, connections  # noqa: E402

from funding import checks, services  # noqa: E402
from funding.models import Hold, Line, Posting  # noqa: E402
from tests.factories.funding import LineFactory, PurposeFactory  # noqa: E402
from tests.factories.organizations import UserFactory  # noqa: E402
from tests.hammer import mutants  # noqa: E402
from tests.hammer.work import DONE, LINES, Worker, expected  # noqa: E402
from tests.races import FORK  # noqa: E402

RECEIVED = 2_000_00
KILLS_A_SECOND = 5
LEAST, LONGEST = 40, 120  # keys answered; seconds


def main():
    options = parse()
    world = make_world()
    mutants.prepare(options.mutant)
    connections.close_all()
    figures = hammer(options, world)
    connections.close_all()
    found = {**dict(checks.run()), **counted(options, world)}
    if options.mutant == "guard":
        found["triggers_stand"] = []  # they were taken away on purpose
    figures["postings"] = Posting.objects.count()
    answer = {"figures": figures, "found": {name: rows[:3] for name, rows in found.items() if rows}}
    Path(options.answer).write_text(json.dumps(answer), encoding="utf-8")


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--stops", type=int, default=0)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--mutant", default="")
    parser.add_argument("--restart", default="")
    parser.add_argument("--answer", required=True)
    return parser.parse_args()


def make_world():
    purpose = PurposeFactory()
    first = LineFactory(purposes=[purpose], free=RECEIVED)
    lines = [first, *(LineFactory(purposes=[purpose], free=RECEIVED) for _ in range(LINES - 1))]
    return SimpleNamespace(purpose=purpose, lines=lines, clerk=UserFactory())


def journal_of(options, number):
    return Path(options.answer).with_name(f"journal-{number}.txt")


def hammer(options, world):
    """Kill one of the workers five times a second, and the server now and then."""
    children = [begin(options, world, number) for number in range(options.processes)]
    chance, began = random.Random(7), time.monotonic()
    killed = stopped = 0
    try:
        while not is_enough(options, gone := time.monotonic() - began):
            time.sleep(1 / KILLS_A_SECOND)
            number = chance.randrange(options.processes)
            kill(children[number])
            killed += 1
            children[number] = begin(options, world, number)
            if stopped < options.stops and gone > options.seconds * (stopped + 1) / (
                options.stops + 1
            ):
                restart(options)
                stopped += 1
    finally:
        for child in children:
            kill(child)
    return {"killed": killed, "stopped": stopped, "seconds": options.seconds}


def is_enough(options, gone):
    """The time is over and something was done, however busy the machine is."""
    if gone < options.seconds:
        return False
    written = sum(
        len(journal_of(options, number).read_text().splitlines())
        for number in range(options.processes)
        if journal_of(options, number).exists()
    )
    return written >= LEAST or gone > LONGEST


def restart(options):
    for command in json.loads(options.restart):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def begin(options, world, number):
    child = FORK.Process(target=work, args=(options, world, number), daemon=True)
    child.start()
    return child


def kill(child):
    if child.is_alive():
        os.kill(child.pid, signal.SIGKILL)
    child.join()


def work(options, world, number):
    """Key after key, from the last two that were acknowledged on: replays must be harmless."""
    mutants.apply(options.mutant)
    worker = Worker(world, options.mutant)
    with journal_of(options, number).open("a+") as file:
        file.seek(0)
        first = max(0, len(file.readlines()) - 2)
        for n in range(first, 1_000_000):
            key = f"{number}:{n}"
            if n % 3 == 0:  # as after an answer that was lost
                tried(worker, key)
            file.write(f"{key} {tried(worker, key)}\n")
            file.flush()


def tried(worker, key):
    """Until the ledger has answered: a server that is gone comes back."""
    while True:
        try:
            return worker.act(key)
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.05)
        except (IntegrityError, services.KeyReused, services.MoreThanOpen, services.NothingOpen,
                services.MoreThanPayable, services.MoreThanPaid, IndexError):  # fmt: skip
            if not worker.mutant:
                raise
            return "broken"


def counted(options, world):
    """What the checks of the ledger cannot know: what was asked and acknowledged."""
    acknowledged = set()
    for number in range(options.processes):
        rows = journal_of(options, number).read_text().splitlines()
        acknowledged |= {row.split()[0] for row in rows if row.endswith(f" {DONE}")}
    holds = list(Hold.objects.filter(subject_kind="hammer"))
    by_key = {hold.subject_key: hold for hold in holds}
    places = {line.pk: place for place, line in enumerate(world.lines)}
    doubled = [key for key, times in Counter(h.subject_key for h in holds).items() if times > 1]
    wrong = [
        key
        for key in acknowledged & by_key.keys()
        if state_of(by_key[key], places) != expected(key)
    ]
    received = sum(Line.objects.values_list("received", flat=True))
    return {
        "applied once": doubled,
        "acknowledged is there": sorted(acknowledged - by_key.keys()),
        "acknowledged as asked": sorted(wrong),
        "not one fen more or less": [] if received == RECEIVED * LINES else [f"{received}"],
        "something was done": [] if acknowledged else ["nothing was acknowledged"],
    }


def state_of(hold, places):
    return places[hold.line_id], hold.amount, hold.open, hold.payable, hold.paid


if __name__ == "__main__":
    main()
