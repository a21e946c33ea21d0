"""Messages about opinions: to who said it, and to the hosts for whom something waits."""

import datetime
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop

from consultation.models import (
    OPINION,
    SUBJECT,
    Appeal,
    Consultation,
    ModerationEntry,
    Opinion,
    OpinionAnswer,
    Outcome,
)
from lib.registry import wordings
from organizations.services import inbox
from organizations.services.inbox import Notice

WORDINGS = {
    "opinion-reply": gettext_noop("Somebody replied to you in “%(title)s”."),
    "opinion-released": gettext_noop("What you said in “%(title)s” is shown now."),
    "opinion-hidden": gettext_noop(
        "What you said in “%(title)s” was hidden: %(reason)s. You may say why it should be shown."
    ),
    "opinion-restored": gettext_noop("What you said in “%(title)s” is shown again: %(reason)s"),
    "opinion-upheld": gettext_noop("What you said in “%(title)s” stays hidden: %(reason)s"),
    "opinion-appeal": gettext_noop("Somebody appeals against a hiding in “%(title)s”."),
    "opinion-waits": gettext_noop(
        "“%(title)s”: %(waiting)s opinions wait to be released, %(unanswered)s for an answer."
    ),
}
ANSWERED = "opinion-answered"


def said(opinion: Opinion, *, at: datetime.datetime) -> None:
    """Whoever is replied to hears of it, unless they reply to themselves."""
    parent = opinion.parent
    if parent is None or parent.author_id in {None, opinion.author_id}:
        return
    key = f"opinion-reply:{opinion.pk}"
    _to_author(parent, "opinion-reply", key, at=at)


def released(opinion: Opinion, *, at: datetime.datetime) -> None:
    _to_author(opinion, "opinion-released", f"opinion-released:{opinion.pk}", at=at)


def hidden(opinion: Opinion, entry: ModerationEntry, *, at: datetime.datetime) -> None:
    reason = str(entry.reason)
    _to_author(opinion, "opinion-hidden", f"opinion-hidden:{entry.pk}", at=at, reason_code=reason)


def decided(opinion: Opinion, entry: ModerationEntry, *, at: datetime.datetime) -> None:
    is_shown = entry.act == ModerationEntry.Act.RESTORE
    kind = "opinion-restored" if is_shown else "opinion-upheld"
    _to_author(opinion, kind, f"{kind}:{entry.pk}", at=at, reason=entry.note)


def appealed(appeal: Appeal, *, at: datetime.datetime) -> None:
    found = appeal.opinion.consultation
    inbox.send(
        to=[found.host],
        key=f"opinion-appeal:{appeal.pk}",
        kind="opinion-appeal",
        params={"title": found.title},
        subject=(SUBJECT, found.number),
        at=at,
    )


def answered(rows: Iterable[Opinion], answer: OpinionAnswer, *, at: datetime.datetime) -> None:
    """Five queries, however many authors."""
    params = {"title": answer.consultation.title, "outcome": str(answer.outcome)}
    inbox.send_many(
        [
            Notice(
                row.author_id,
                f"opinion-answered:{answer.pk}:{row.pk}",
                ANSWERED,
                params,
                (OPINION, str(row.pk)),
            )
            for row in rows
            if row.author_id is not None
        ],
        at=at,
    )


def remind(found: Consultation, *, waiting: int, unanswered: int, at: datetime.datetime) -> None:
    """Once a day."""
    counts = {"waiting": waiting, "unanswered": unanswered}
    inbox.send(
        to=[found.host],
        key=f"opinion-waits:{found.pk}:{localdate(at)}",
        kind="opinion-waits",
        params={"title": found.title, **counts},
        subject=(SUBJECT, found.number),
        at=at,
    )


def _to_author(
    opinion: Opinion, kind: str, key: str, *, at: datetime.datetime, **params: str
) -> None:
    author = opinion.author
    if author is not None and author.is_active:
        inbox.send(
            to=[author],
            key=key,
            kind=kind,
            params={"title": opinion.consultation.title, **params},
            subject=(OPINION, str(opinion.pk)),
            at=at,
        )


def _sentence(text: str, params: Mapping[str, Any]) -> str:
    from consultation.models import HideReason  # noqa: PLC0415 -- words of today's language

    known = dict(params)
    if code := known.get("reason_code"):
        known["reason"] = HideReason(code).label
    return gettext(text) % known


def _answer_sentence(params: Mapping[str, Any]) -> str:
    outcome = Outcome(params["outcome"]).label
    text = gettext("Your opinion on “%(title)s” was answered: %(outcome)s.")
    return text % {"title": params["title"], "outcome": outcome}


def register_wordings() -> None:
    for kind, text in WORDINGS.items():
        wordings.register(kind, partial(_sentence, text))
    wordings.register(ANSWERED, _answer_sentence)
