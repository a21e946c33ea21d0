"""One tone per state, the same on every page: a colour, a word and an icon, never a colour alone.

States are known here by the value that stands in the database, whatever table they come from.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """How a group of states looks: the name of its colour in the style sheet, and its icon."""

    name: str
    icon: str


WAITING = Tone("waiting", "hourglass-empty")
WORK = Tone("work", "tool")
CHECKING = Tone("checking", "eye-check")
DONE = Tone("done", "circle-check")
ASKED = Tone("asked", "arrow-back-up")
OVERDUE = Tone("overdue", "alert-triangle")
ENDED = Tone("ended", "circle-x")

ALL = {tone.name: tone for tone in (WAITING, WORK, CHECKING, DONE, ASKED, OVERDUE, ENDED)}

OF_STATE = {
    "expired": ENDED,
    "adopted": DONE,
    "trial": WORK,
    "review": CHECKING,
    "submitted": WAITING,
    "verifying": WAITING,
    "filed": WAITING,
    "dispatched": WAITING,
    "handling": WORK,
    "rework": ASKED,
    "returned": ASKED,
    "adjudicating": ASKED,
    "suspended": WAITING,
    "computing": WORK,
    "first": CHECKING,
    "second": CHECKING,
    "publicised": ASKED,
    "split": WORK,
    "reported": CHECKING,
    "checking": CHECKING,
    "closed": DONE,
    "done": DONE,
    "rejected": ENDED,
    "cancelled": ENDED,
    "withdrawn": ENDED,
    "void": ENDED,
    "merged": ENDED,
    "pending": WAITING,
    "agreed": CHECKING,
    "granted": DONE,
    "refused": ENDED,
    "approving": CHECKING,
    "approved": DONE,
    "paying": WORK,
    "paid": DONE,
    "ordered": WORK,
    "failed": ASKED,
    "reversed": ENDED,
    "replaced": ENDED,
    "made": DONE,
    "open": WORK,
    "waiting": WAITING,
    "case": WORK,
    "resolved": DONE,
    "dropped": ENDED,
    "judged": DONE,
    "counted": DONE,
    "ready": DONE,
    "given_up": ENDED,
    "final": DONE,
    "accepted": DONE,
    "declined": ENDED,
    "called_off": ENDED,
    "promised": WAITING,
    "running": WORK,
    "collecting": WORK,
    "screening": CHECKING,
    "voting": WORK,
    "deliberating": WORK,
    "decided": CHECKING,
    "carried": DONE,
    "admitted": WORK,
    "designing": CHECKING,
    "feasible": WORK,
    "infeasible": ENDED,
    "chosen": DONE,
    "passed_over": ENDED,
    "present": WORK,
    "left": WAITING,
    "confirmed": DONE,
    "revoked": ENDED,
    "asked": WAITING,
    "taken": WORK,
    "delivered": CHECKING,
    "shown": DONE,
    "hidden": ENDED,
    "given_back": ENDED,
    "lapsed": ENDED,
    "proposed": WAITING,
    "ended": ENDED,
    "attended": DONE,
    "missed": ASKED,
    "active": DONE,
    "published": DONE,
    "finished": ENDED,
    "offered": ASKED,
    "answered": DONE,
    "erased": ENDED,
    "screened": CHECKING,
    "listed": WORK,
    "taken_up": DONE,
    "raised": WAITING,
    "upheld": DONE,
    "stopped": ENDED,
    "judging": CHECKING,
    "applied": WAITING,
    "recommended": ASKED,
    "excluded": ENDED,
    "appointed": DONE,
    "enrolled": WORK,
    "passed": DONE,
    "absent": ASKED,
    "planned": WAITING,
    "drafting": WORK,
    "commenting": ASKED,
    "passed_law": CHECKING,
    "recorded": DONE,
    "effective": DONE,
    "assessed": DONE,
    "announced": DONE,
    "amended": ENDED,
    "repealed": ENDED,
    "in_force": WORK,
    "stood_down": CHECKING,
    "reviewed": DONE,
    "deleted": ENDED,
    "called": WAITING,
    "coming": WORK,
    "cannot": ENDED,
    "arrived": DONE,
    "given": WAITING,
    "working": WORK,
    "released": DONE,
    "sitting": WORK,
    "closed_draft": CHECKING,
    "issued": WAITING,
    "noted": DONE,
    "deferred": ASKED,
}


def of_state(state: str) -> Tone:
    """The tone of a state; one that nobody has named yet looks like waiting."""
    return OF_STATE.get(state, WAITING)
