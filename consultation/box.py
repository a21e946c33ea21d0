"""What is shown of a vote, inside and outside alike: who voted, the proof, the result as drawn."""

from typing import Any

from consultation import pictures
from consultation.models import SpoiltPaper, Vote
from consultation.services import counting, printing, voting
from consultation.session_workflow import VoteState

COUNTED = (VoteState.CLOSED, VoteState.JUDGED)


def seen(vote: Vote) -> dict[str, Any]:
    """For a page: the proof from the moment the box is closed, the result once it is judged."""
    is_closed, is_judged = vote.state in COUNTED, vote.state == VoteState.JUDGED
    return {
        "vote": vote,
        "consultation": vote.consultation,
        "rules": [pictures.rule_words(rule) for rule in vote.rules],
        "entitled": vote.entitlements.count(),
        "voted": vote.entitlements.voted().count(),
        "ballots": vote.ballots.count(),
        "handed": printing.handed_out(vote),
        "spoilt": SpoiltPaper.objects.of(vote).confirmed().count(),
        "papers": counting.papers_of(vote),
        "faults": counting.prove(vote) if is_closed else None,
        "receipts_digest": voting.receipts_digest(vote) if is_closed else "",
        "bars": pictures.bars(vote) if is_judged else (),
        "turnout": pictures.turnout(vote) if is_judged else (),
        "reasons": pictures.reasons(vote) if is_judged else (),
    }
