"""The agenda of a meeting: what is put on it, what comes onto it by itself, what became of it."""

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committee.models import AgendaItem, Directive, Meeting
from committee.services.actors import DIRECTIVE, MEETING
from committee.workflow import BallotState, Outcome
from lib.errors import RuleViolation
from organizations.models import User

DEFERRED = "committee.item"


@transaction.atomic
def add_item(
    meeting: Meeting,
    *,
    title: str,
    by: User,
    at: datetime.datetime,
    text: str = "",
    source: tuple[str, str] = ("", ""),
) -> AgendaItem:
    """A point at the end of the agenda; `source` names what waits elsewhere, once."""
    locked = MEETING.begin(meeting, "arrange", by=by, at=at)
    if not title.strip():
        raise RuleViolation(_("Say what is to be discussed."), code="no_title")
    if source[0] and locked.items.filter(source_kind=source[0], source_key=source[1]).exists():
        raise RuleViolation(_("This stands on the agenda already."), code="on_agenda")
    item = _append(locked, title.strip()[:200], text.strip(), source)
    MEETING.finish(locked, "arrange", by=by, at=at, facts={"item": item.pk, "source": [*source]})
    return item


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User, at: datetime.datetime) -> Meeting:
    """Off the agenda, while nothing has been said about it."""
    locked = MEETING.begin(item.meeting, "arrange", by=by, at=at)
    row = locked.items.get(pk=item.pk)
    if row.outcome != Outcome.PENDING or row.ballots.exists() or row.recusals.exists():
        raise RuleViolation(_("This point was dealt with: it stays."), code="dealt_with")
    facts = {"removed": row.title}
    row.delete()
    return MEETING.finish(locked, "arrange", by=by, at=at, facts=facts)


def _append(meeting: Meeting, title: str, text: str, source: tuple[str, str]) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(
        meeting=meeting, position=last + 1, title=title, text=text,
        source_kind=source[0], source_key=source[1],
    )  # fmt: skip


def carry_over(meeting: Meeting) -> None:
    """Open directives of the body, and what its last such meeting put off, once each."""
    standing = set(meeting.items.values_list("source_kind", "source_key"))
    wanted = [
        (DIRECTIVE, str(row.pk), f"{row.number} {row.title}")
        for row in Directive.objects.going_on().filter(body=meeting.body_id).order_by("due_on")
    ]
    before = Meeting.objects.filter(body=meeting.body_id, kind__code=meeting.kind.code).held()
    last = before.exclude(pk=meeting.pk).order_by("-starts_at").first()
    if last is not None:
        put_off = last.items.filter(outcome=Outcome.DEFERRED).exclude(source_kind=DIRECTIVE)
        wanted += [
            (item.source_kind or DEFERRED, item.source_key or str(item.pk), item.title)
            for item in put_off.order_by("position")
        ]
    for kind, key, title in wanted:
        if (kind, key) not in standing:
            _append(meeting, title[:200], "", (kind, key))


@transaction.atomic
def settle_item(item: AgendaItem, outcome: str, *, by: User, at: datetime.datetime) -> AgendaItem:
    """Taken note of, or put off; decided is what a ballot decides (`voting.decide`)."""
    locked = MEETING.begin(item.meeting, "decide", by=by, at=at)
    row = locked.items.get(pk=item.pk)
    if outcome not in {Outcome.NOTED, Outcome.DEFERRED}:
        raise RuleViolation(_("A decision needs a vote that passed."), code="no_vote")
    if row.outcome == Outcome.DECIDED or row.ballots.filter(state=BallotState.OPEN).exists():
        raise RuleViolation(_("Its vote is open, or it is decided."), code="voting")
    row.outcome = outcome
    row.save(update_fields=["outcome"])
    facts = {"item": row.pk, "outcome": str(outcome)}
    MEETING.finish(locked, "decide", by=by, at=at, facts=facts)
    return row
