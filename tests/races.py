"""Races between real processes: each has its own connection, all begin at once."""

import multiprocessing
import os
import traceback

from django.db import connections

FORK = multiprocessing.get_context("fork")


def at_once(count, act):
    """What `act(number)` returned in each of `count` processes, in their order.

    A connection does not survive a fork, so all are closed before; rows of the test must be
    committed (`django_db(transaction=True)`). What a process raises is raised here, as text.
    """
    connections.close_all()
    gate = FORK.Barrier(count)
    ends = [FORK.Pipe(duplex=False) for _ in range(count)]
    children = [
        FORK.Process(target=_run, args=(act, number, gate, writer))
        for number, (_reader, writer) in enumerate(ends)
    ]
    for child in children:
        child.start()
    answers = [reader.recv() for reader, _writer in ends]
    for child in children:
        child.join()
    for error, _answer in answers:
        assert error is None, error
    return [answer for _error, answer in answers]


def _run(act, number, gate, writer):
    try:
        gate.wait()
        answer = (None, act(number))
    except BaseException:  # noqa: BLE001 -- the parent shows it
        answer = (traceback.format_exc(), None)
    writer.send(answer)
    writer.close()
    connections.close_all()
    os._exit(0)  # without what pytest would do at the end of its own process
