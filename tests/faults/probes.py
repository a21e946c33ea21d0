"""Where a worker may be killed: between any two things that a batch of the router writes.

An order is a file with the name of a step; the first worker that comes to the step takes it and is
killed there and then, as nothing in Python can prevent or clean up.
"""

import os
import random
import signal
import time

from cases.services import routing

STEPS = ("claimed", "reserved", "loaded", "written", "committed")
# Small batches: more transactions to be killed in, and more of them at the same time.
BATCH = 25
LONGEST_PAUSE = 0.015


def install(folder):
    """Wrap the router's steps in this process; `folder` holds `orders/` and `taken/`."""
    routing.LARGE_BATCH, routing.BATCH = BATCH, {}
    chance = random.Random(os.getpid())

    def reach(step, *, pause=True):
        obey(folder, step)
        if pause:
            time.sleep(LONGEST_PAUSE * chance.random())

    def after(name, step, **options):
        original = getattr(routing, name)

        def wrapped(*arguments, **named):
            answer = original(*arguments, **named)
            if answer:
                reach(step, **options)
            return answer

        setattr(routing, name, wrapped)

    after("_claim", "claimed")
    after("_reserve", "reserved")
    after("_route_batch", "committed", pause=False)
    _around_writing(reach)


def _around_writing(reach):
    release, write = routing._release, routing._write

    def loaded(batch, lost):
        if batch.matched:
            reach("loaded")
        release(batch, lost)

    def written(batch):
        write(batch)
        reach("written", pause=False)

    routing._release, routing._write = loaded, written


def obey(folder, step):
    """Die if an order for this step waits. Renaming is what makes one worker take it."""
    order = folder / "orders" / step
    if order.exists():
        try:
            order.rename(folder / "taken" / f"{step}.{os.getpid()}")
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
