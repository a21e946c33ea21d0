"""Room on the interpreter's stack.

CPython (3.11 and later) keeps the frames of a thread in pieces of 16 KB. It asks the system for
another when a call does not fit, and gives it back as soon as that call has returned. A loop whose
calls happen to cross the end of a piece therefore asks the system at each of them (measured: up to
a third of the time of a test that draws pages, a sixth of that of a page). One frame that is larger
than all that the work needs takes a single large piece, and every call within it fits there.
"""

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
# Of eight bytes: just over half a megabyte, so that the piece is one of a megabyte and as much
# again is left for the calls within.
SLOTS = 66_000


def with_room(work: Callable[[], Answer]) -> Answer:
    """What `work()` answers."""
    return work()


with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS)
