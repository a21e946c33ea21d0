"""Counting: papers by two people apart from each other, ballots by rows, the result by the rules.

Papers whose readings differ force a third count; what no two of three agree on is not valid.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultation import session_notifications as notifications
from consultation import tally
from consultation.models import (
    Entitlement,
    PaperCount,
    PaperEntry,
    Vote,
    VoteOption,
)
from consultation.services.attending import present_places
from consultation.services.history import record
from consultation.services.printing import handed_out
from consultation.services.voting import begin, commitment_of, receipt_digest
from consultation.session_workflow import VoteState
from consultation.thresholds import Count, Judgement, Rule, holds
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User

Reading = dict[int, int | None]


# -- Counting papers ---------------------------------------------------------------------------


@transaction.atomic
def begin_count(vote: Vote, *, by: User, at: datetime.datetime) -> PaperCount:
    """The first, the second, and where those differ the third; each by another person."""
    locked = begin(vote, "count", by=by, at=at)
    counts = list(locked.counts.filter(series=locked.series))
    mine = next((one for one in counts if one.by_id == by.pk), None)
    if mine is not None and mine.closed_at is None:
        return mine
    if mine is not None:
        raise NotYours(_("You have counted already. Somebody else counts now."))
    if not handed_out(locked):
        raise RuleViolation(_("No paper was handed out: there is nothing to count."), code="none")
    if len(counts) >= 2 and not _needs_third(counts):
        raise RuleViolation(_("Both counts agree, or are not done."), code="enough")
    if len(counts) >= 3:
        raise RuleViolation(_("Three have counted. Ask for a recount."), code="enough")
    made = PaperCount.objects.create(
        vote=locked, series=locked.series, turn=len(counts) + 1, by=by, begun_at=at
    )
    record(locked.consultation, "begin_count", by=by, at=at, vote=locked.pk, turn=made.turn)
    return made


def _needs_third(counts: list[PaperCount]) -> bool:
    first, second = counts[:2]
    if first.closed_at is None or second.closed_at is None:
        return False
    return not tally.agreed(reading_of(first), reading_of(second))


def reading_of(count: PaperCount) -> Reading:
    return dict(count.entries.values_list("paper_id", "option_id"))


@transaction.atomic
def read_paper(count: PaperCount, code: str, option: VoteOption | None, *, by: User) -> PaperEntry:
    """What stands on the paper with this code; `option` None: it is not valid."""
    locked = _own_open(count, by)
    digest = receipt_digest(locked.vote, code)
    paper = locked.vote.papers.with_code(digest)
    if paper is None:
        raise RuleViolation(
            _("No paper of this vote has this code. Put it aside as not valid."), code="unknown"
        )
    if paper.code_in_force != digest:
        raise RuleViolation(
            _("This paper was cancelled as spoilt. Put it aside: it does not count."),
            code="spoilt",
        )
    if paper.entitlement is not None and paper.entitlement.channel != Entitlement.Channel.PAPER:
        raise RuleViolation(
            _("This paper was never handed out, or its voter voted otherwise."), code="not_handed"
        )
    try:
        with transaction.atomic():
            return PaperEntry.objects.create(count=locked, paper=paper, option=option)
    except IntegrityError as error:
        raise RuleViolation(_("You have read this paper already."), code="read") from error


def _own_open(count: PaperCount, by: User) -> PaperCount:
    rows = PaperCount.objects.select_for_update(of=("self",)).select_related("vote")
    locked = rows.get(pk=count.pk)
    if locked.by_id != by.pk:
        raise NotYours(_("This count is somebody else's."))
    if locked.closed_at is not None:
        raise WrongState(_("This count is closed."))
    return locked


@transaction.atomic
def close_count(count: PaperCount, *, by: User, at: datetime.datetime) -> PaperCount:
    """What was read stays; nobody sees it before both have closed theirs."""
    locked = _own_open(count, by)
    vote = begin(locked.vote, "count", by=by, at=at)
    locked.closed_at = at
    locked.save(update_fields=["closed_at"])
    facts: dict[str, Any] = {"vote": vote.pk, "turn": locked.turn, "papers": locked.entries.count()}
    record(vote.consultation, "close_count", by=by, at=at, **facts)
    return locked


@dataclass(frozen=True, slots=True)
class PaperResult:
    """Papers as they count; `waits_for`: "" or first, second, third."""

    read: Reading
    disputed: tuple[int, ...] = ()
    waits_for: str = ""


def papers_of(vote: Vote) -> PaperResult:
    if not handed_out(vote):
        return PaperResult({})
    counts = list(vote.counts.filter(series=vote.series).order_by("turn"))
    done = [reading_of(one) for one in counts if one.closed_at is not None]
    if len(done) < 2:
        return PaperResult({}, waits_for="second" if done else "first")
    if tally.agreed(done[0], done[1]):
        return PaperResult(done[0])
    read, disputed = tally.decided(done)
    if len(done) < 3:
        return PaperResult(read, tuple(disputed), waits_for="third")
    return PaperResult(read | dict.fromkeys(disputed), tuple(disputed))


def counts_next(vote: Vote, who: User, papers: PaperResult) -> bool:
    """Whether a count is wanted, and `who` has not closed one of his own yet."""
    own = vote.counts.filter(series=vote.series, by=who, closed_at__isnull=False)
    return bool(papers.waits_for) and not own.exists()


# -- The result --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a vote has come to; `areas` in m²."""

    counts: Mapping[str, Count]
    by_option: Mapping[int, int]
    areas: Mapping[int, Fraction]
    judgement: Judgement
    papers: PaperResult
    online: int


def outcome_of(vote: Vote) -> Outcome:
    """Counted by rows: rights, ballots and papers."""
    papers = papers_of(vote)
    favour = vote.options.filter(is_favour=True).values_list("pk", flat=True).first()
    answers = _answers(vote, papers)
    voices, areas = _voices(vote, answers, favour)
    counted = tally.counts(voices)
    tallied = Counter(vote.ballots.values_list("option_id", flat=True))
    online = sum(tallied.values())
    tallied.update(option for option in papers.read.values() if option is not None)
    if vote.is_secret:
        counted = tally.with_secret_ballots(
            counted,
            tally.MEASURE_OF[vote.unit],
            papers=len(papers.read),
            in_favour=tallied[favour or 0],
        )
    judgement = holds([rule_of(row) for row in vote.rules], counted)
    return Outcome(counted, tallied, areas, judgement, papers, online)


def rule_of(row: Mapping[str, Any]) -> Rule:
    share = Fraction(row["numerator"], row["denominator"])
    return Rule(
        row["purpose"], row["measure"], row["base"], share, row["is_strict"], row["alternative"]
    )


def _answers(vote: Vote, papers: PaperResult) -> dict[int, int | None]:
    """Right → answer, of an open vote."""
    if vote.is_secret:
        return {}
    found: dict[int, int | None] = {}
    for right, option in vote.ballots.values_list("entitlement_id", "option_id"):
        found[right or 0] = option
    owners = dict(vote.papers.values_list("pk", "entitlement_id"))
    for paper, answer in papers.read.items():
        found[owners[paper] or 0] = answer
    return found


def _voices(
    vote: Vote, answers: Mapping[int, int | None], favour: int | None
) -> tuple[list[tally.Voice], dict[int, Fraction]]:
    present = present_places(vote) if vote.session else None
    areas: dict[int, Fraction] = {}
    voices = []
    rows = vote.entitlements.values_list("pk", "key", "household", "area", "channel", "voted_at")
    for pk, key, household, area, channel, voted_at in rows:
        by_paper = channel == Entitlement.Channel.PAPER
        if vote.is_secret:
            voted, in_favour = voted_at is not None and not by_paper, None
        else:
            voted, in_favour = pk in answers, answers.get(pk) == favour
            if (option := answers.get(pk)) is not None:
                areas[option] = areas.get(option, Fraction(0)) + Fraction(area, 100)
        is_present = None if present is None else (voted or pk in present or key in present)
        voices.append(tally.Voice(household, area, voted, in_favour, is_present))
    return voices, areas


@transaction.atomic
def judge(vote: Vote, *, by: User, at: datetime.datetime) -> Vote:
    """The result, by the rules as they stood at opening; from now on everybody reads it."""
    locked = begin(vote, "judge", by=by, at=at)
    outcome = outcome_of(locked)
    if waits := waits_for(outcome.papers):
        raise RuleViolation(waits, code="count_first")
    if faults := prove(locked):
        raise RuleViolation(
            _("The box and the list do not fit together: %(faults)s") % {"faults": faults[0]},
            code="faults",
        )
    locked.state, locked.judged_at = VoteState.JUDGED, at
    locked.passed, locked.result = outcome.judgement.holds, stored(outcome)
    locked.save(update_fields=["state", "judged_at", "passed", "result"])
    facts: dict[str, Any] = {"vote": locked.pk, "series": locked.series, "passed": locked.passed}
    record(locked.consultation, "judge_vote", by=by, at=at, result=locked.result, **facts)
    notifications.tell_voters(locked, "vote-judged", at=at)
    return locked


_WAITS = {
    "first": lambda: _("Papers were handed out: two people count them, apart from each other."),
    "second": lambda: _("One person has counted the papers. A second one counts them too."),
    "third": lambda: _("The two counts differ. A third person counts all papers."),
}


def waits_for(papers: PaperResult) -> str:
    """The sentence that says who counts next; empty: nobody."""
    return _WAITS[papers.waits_for]() if papers.waits_for else ""


def stored(outcome: Outcome) -> dict[str, Any]:
    """As JSON: fractions as text, exactly."""
    return {
        "counts": {
            measure: {
                "entitled": str(Fraction(count.entitled)),
                "present": str(Fraction(count.present)),
                "cast": str(Fraction(count.cast)),
                "in_favour": str(Fraction(count.in_favour)),
            }
            for measure, count in outcome.counts.items()
        },
        "options": {str(key): number for key, number in sorted(outcome.by_option.items())},
        "areas": {str(key): str(area) for key, area in sorted(outcome.areas.items())},
        "online": outcome.online,
        "papers": len(outcome.papers.read),
        "disputed": len(outcome.papers.disputed),
    }


def judged(vote: Vote) -> Judgement:
    """The judgement of a counted vote again, in the reader's language."""
    counts = {
        measure: Count(**{name: Fraction(value) for name, value in row.items()})
        for measure, row in vote.result["counts"].items()
    }
    return holds([rule_of(row) for row in vote.rules], counts)


@transaction.atomic
def recount(vote: Vote, *, reason: str, by: User, at: datetime.datetime) -> Vote:
    """All papers are counted again by two people; the earlier count stays readable."""
    locked = begin(vote, "recount", by=by, at=at)
    if not reason.strip():
        raise RuleViolation(_("Say why: everybody reads it."), code="why")
    if locked.stage_id != locked.consultation.stage_id:
        raise WrongState(_("The consultation has moved on: object to the result instead."))
    locked.state, locked.series = VoteState.CLOSED, locked.series + 1
    locked.passed, locked.judged_at, locked.result = None, None, {}
    locked.save(update_fields=["state", "series", "passed", "judged_at", "result"])
    facts: dict[str, Any] = {"vote": locked.pk, "series": locked.series}
    record(locked.consultation, "recount", by=by, at=at, note=reason, **facts)
    return locked


# -- Proof -------------------------------------------------------------------------------------


def prove(vote: Vote) -> list[str]:
    """What does not fit together in a closed vote, in words; empty: nothing was stuffed or taken.

    Nothing of what anybody answered is needed for it in a secret vote.
    """
    faults = []
    voted = vote.entitlements.voted().exclude(channel=Entitlement.Channel.PAPER)
    people, ballots = voted.count(), vote.ballots.count()
    if people != ballots:
        said = {"people": people, "ballots": ballots}
        faults.append(_("%(people)d people voted, %(ballots)d ballots are in the box.") % said)
    if vote.ballots.exclude(option__vote=vote).exists():
        faults.append(_("A ballot gives an answer of another vote."))
    if not vote.is_secret and vote.ballots.exclude(entitlement__in=voted).exists():
        faults.append(_("A ballot belongs to nobody who voted."))
    if vote.commitment and vote.commitment != commitment_of(vote):
        faults.append(_("The ballots are not those that were in the box when it closed."))
    if len(papers_of(vote).read) > handed_out(vote):
        faults.append(_("More papers were counted than handed out."))
    return faults


def is_in_box(vote: Vote, code: str) -> bool:
    """Whether the ballot of this receipt, or the paper with this code, is in the box and counts."""
    digest = receipt_digest(vote, code)
    if vote.ballots.filter(receipt=digest).exists():
        return True
    paper = vote.papers.with_code(digest)
    if paper is None or paper.code_in_force != digest:
        return False
    return paper.pk in papers_of(vote).read


def is_cancelled(vote: Vote, code: str) -> bool:
    """Whether the paper with this code was spoilt, so that another counts in its place."""
    digest = receipt_digest(vote, code)
    paper = vote.papers.with_code(digest)
    return paper is not None and paper.code_in_force != digest
