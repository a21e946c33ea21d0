"""Consultations in a list for everybody: before, during or after, what one can do, what is late."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consultation.models import Consultation, Session, Vote
from consultation.opinion_workflow import TAKES_OPINIONS
from consultation.workflow import PHASE_OF, Phase, StageKind, State
from lib.tones import DONE, ENDED, OVERDUE, WORK, Tone


@dataclass(frozen=True, slots=True)
class Glance:
    """One row: `label` says where it is, `calls` what anybody can do or attend now."""

    consultation: Consultation
    label: str
    tone: Tone
    calls: list[str]


def kinds_in(phase: str) -> list[StageKind]:
    """The kinds of stage of before, during or after."""
    return [kind for kind, of in PHASE_OF.items() if of == phase]


def glances(rows: Sequence[Consultation], *, at: datetime.datetime) -> list[Glance]:
    """In three queries, however many rows."""
    keys = [row.pk for row in rows]
    late = set(Consultation.objects.filter(pk__in=keys).late(at=at).values_list("pk", flat=True))
    votes = _by_consultation(Vote.objects.public().filter(consultation__in=keys).open_at(at))
    meetings = _by_consultation(Session.objects.filter(consultation__in=keys).coming(at=at))
    found = []
    for row in rows:
        label, tone = _standing(row, is_late=row.pk in late)
        calls = _calls(row, votes.get(row.pk), meetings.get(row.pk))
        found.append(Glance(row, label, tone, calls))
    return found


def _by_consultation(rows: Any) -> dict[int, Any]:
    """The first of each."""
    return {row.consultation_id: row for row in reversed(rows)}


def _standing(row: Consultation, *, is_late: bool) -> tuple[str, Tone]:
    if row.state != State.RUNNING or row.stage is None:
        return str(row.get_state_display()), DONE if row.state == State.DONE else ENDED
    label = f"{Phase(row.stage.phase).label} · {row.stage}"
    return (_("%(where)s, late") % {"where": label}, OVERDUE) if is_late else (label, WORK)


def _calls(row: Consultation, vote: Vote | None, meeting: Session | None) -> list[str]:
    found = []
    if vote is not None:
        found.append(_("Vote until %(day)s") % {"day": _moment(vote.closes_at)})
    if row.state == State.RUNNING and row.stage and row.stage.kind in TAKES_OPINIONS:
        due_at = row.stage.due_at
        if due_at is None:
            found.append(_("Opinions are taken"))
        else:
            found.append(_("Opinions are taken until %(day)s") % {"day": _moment(due_at)})
    if meeting is not None:
        found.append(_("Meeting on %(day)s") % {"day": _moment(meeting.starts_at)})
    return found


def _moment(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
