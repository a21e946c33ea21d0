"""Paper ballots: printed with codes, handed out against a signature, replaced where spoilt.

A spoilt paper is noted by one person and cancelled by another, at which its code ends. In an open
vote a new code is printed in its place; in a secret one the voter takes another from the stack.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.models import Entitlement, PaperBallot, SpoiltPaper, Vote
from consultation.services.history import record
from consultation.services.voting import begin, receipt_digest
from lib.errors import NotYours, RuleViolation, WrongState
from lib.numbering import new_code
from organizations.models import User

_CODE_LENGTH = 8
_BATCH = 1000
MOST_PAPERS = 5000


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed on one paper, once: only a hash of the code is kept. `again`: in place of a
    spoilt one, under its number."""

    serial: int
    label: str
    code: str
    again: bool = False


@transaction.atomic
def print_papers(vote: Vote, *, by: User, at: datetime.datetime, number: int = 0) -> list[Printed]:
    """In an open vote one paper for each who has not voted and has none; in a secret one `number`
    papers without a name, which are handed out shuffled."""
    locked = begin(vote, "hand_paper", by=by, at=at)
    rights: list[Entitlement | None] = [None] * number
    if not locked.is_secret:
        rights = list(locked.entitlements.without_paper().order_by("label", "pk"))
    if not 0 < len(rights) <= MOST_PAPERS:
        raise RuleViolation(_("There are 1 to 5,000 papers to print."), code="number")
    first = locked.papers.count() + 1
    printed = [
        Printed(serial, right.label if right else "", new_code(_CODE_LENGTH))
        for serial, right in enumerate(rights, start=first)
    ]
    PaperBallot.objects.bulk_create(
        (
            PaperBallot(vote=locked, serial=one.serial, entitlement=right,
                        code_digest=receipt_digest(locked, one.code))
            for one, right in zip(printed, rights, strict=True)
        ),
        batch_size=_BATCH,
    )  # fmt: skip
    facts: dict[str, Any] = {"vote": locked.pk, "papers": len(printed)}
    record(locked.consultation, "print_papers", by=by, at=at, **facts)
    return printed


@transaction.atomic
def hand_paper(entitlement: Entitlement, *, by: User, at: datetime.datetime) -> Entitlement:
    """A paper goes to this person, who signs for it: he does not vote any other way."""
    vote = _begin(entitlement.vote, by=by, at=at)
    row = Entitlement.objects.select_for_update(of=("self",)).get(pk=entitlement.pk)
    if row.voted_at is not None:
        raise RuleViolation(_("This vote has been cast already."), code="voted")
    if row.stands_back:
        raise RuleViolation(_("Who stands back does not vote here."), code="recused")
    _demand_printed(vote, row)
    row.voted_at, row.channel, row.cast_by = at, Entitlement.Channel.PAPER, by
    row.save(update_fields=["voted_at", "channel", "cast_by"])
    return row


def _begin(vote: Vote, *, by: User, at: datetime.datetime) -> Vote:
    """The vote under its lock, for somebody who may hand out papers while there is time to vote."""
    locked = begin(vote, "hand_paper", by=by, at=at)
    if at >= locked.closes_at:
        raise WrongState(_("The time to vote is over."))
    return locked


def _demand_printed(vote: Vote, row: Entitlement) -> None:
    if vote.is_secret:
        enough = handed_out(vote) < vote.papers.in_use().count()
    else:
        enough = PaperBallot.objects.filter(entitlement=row).exists()
    if not enough:
        raise RuleViolation(_("Print papers first: none is left."), code="no_paper")


def handed_out(vote: Vote) -> int:
    return vote.entitlements.filter(channel=Entitlement.Channel.PAPER).count()


# -- Spoilt papers -----------------------------------------------------------------------------


@transaction.atomic
def note_spoilt(
    vote: Vote, number: int, *, reason: str, by: User, at: datetime.datetime
) -> SpoiltPaper:
    """One person says that the paper of this number is spoilt; until another one has confirmed it,
    the paper counts."""
    locked = _begin(vote, by=by, at=at)
    paper = locked.papers.in_use().select_related("entitlement").filter(serial=number).first()
    if paper is None:
        raise RuleViolation(_("No paper in use has this number."), code="unknown")
    if paper.spoilt.waiting().exists():
        raise RuleViolation(
            _("This paper is noted as spoilt already. A second person confirms it."), code="noted"
        )
    _demand_not_voted(paper)
    made = SpoiltPaper.objects.create(paper=paper, reason=reason, noted_by=by, noted_at=at)
    facts: dict[str, Any] = {"vote": locked.pk, "paper": number, "reason": reason}
    record(locked.consultation, "note_spoilt", by=by, at=at, **facts)
    return made


@transaction.atomic
def replace_spoilt(spoilt: SpoiltPaper, *, by: User, at: datetime.datetime) -> Printed | None:
    """A second person has seen it: its code never counts again. What is printed in its place; None
    in a secret vote, where a single new paper would tell whose it is."""
    vote = _begin(spoilt.paper.vote, by=by, at=at)
    row = SpoiltPaper.objects.select_related("paper__entitlement").get(pk=spoilt.pk)
    if row.confirmed_at is not None:
        raise WrongState(_("This paper was cancelled before."))
    if row.noted_by_id == by.pk:
        raise NotYours(_("You have noted it yourself: somebody else confirms it."))
    _demand_not_voted(row.paper)
    code = "" if vote.is_secret else new_code(_CODE_LENGTH)
    row.confirmed_by, row.confirmed_at = by, at
    row.code_digest = receipt_digest(vote, code) if code else ""
    row.save(update_fields=["confirmed_by", "confirmed_at", "code_digest"])
    facts: dict[str, Any] = {"vote": vote.pk, "paper": row.paper.serial, "reason": row.reason}
    record(vote.consultation, "replace_spoilt", by=by, at=at, **facts)
    right = row.paper.entitlement
    return Printed(row.paper.serial, right.label, code, again=True) if right else None


def _demand_not_voted(paper: PaperBallot) -> None:
    right = paper.entitlement
    if right is not None and right.channel not in ("", Entitlement.Channel.PAPER):
        raise RuleViolation(_("This vote has been cast already."), code="voted")
