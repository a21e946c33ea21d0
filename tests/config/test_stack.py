"""Calls at any depth find room on the stack: the system is not asked at each of them."""

import resource
import threading

import pytest

from config.stack import with_room

CALLS, DEEPEST, FEW = 500, 300, 400


def small():
    return 0


def calls_at(depth):
    if depth:
        return calls_at(depth - 1)
    return sum(small() for _ in range(CALLS))


def pages_asked_for(work):
    """In a thread of its own, whose stack begins anew."""
    found = []

    def count():
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        work()
        found.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return found[0]


def at_every_depth():
    for depth in range(DEEPEST):
        calls_at(depth)


def test_no_depth_makes_calls_ask_for_memory_again_and_again():
    assert pages_asked_for(at_every_depth) > CALLS  # it is needed: this interpreter does
    assert pages_asked_for(lambda: with_room(at_every_depth)) < FEW


def test_what_is_answered_and_raised_comes_out():
    assert with_room(lambda: 7) == 7
    with pytest.raises(KeyError):
        with_room(lambda: {}["x"])
