"""Messages to people's inboxes: many at once, and sending again changes nothing.

This is the one door: what also leaves the house by e-mail, text message or WeChat follows from it
by rules and wishes (`organizations.services.planning`).
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from organizations.models import Message, User
from organizations.services.planning import Notice, plan, tell_resident

__all__ = ["Notice", "mark_all_read", "mark_read", "send", "send_many", "tell_resident"]


def send_many(notices: Iterable[Notice], *, at: datetime.datetime) -> None:
    """Messages of many occasions in one query for each 500; `key` as in `send`."""
    notices = list(notices)
    Message.objects.bulk_create(
        [
            Message(
                to_id=notice.to,
                key=f"{notice.key}:{notice.to}",
                kind=notice.kind,
                params=dict(notice.params),
                subject_kind=notice.subject[0],
                subject_key=notice.subject[1],
                sent_at=at,
            )
            for notice in notices
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    plan(notices, at=at)


def send(
    *,
    to: Iterable[User],
    key: str,
    kind: str,
    at: datetime.datetime,
    params: Mapping[str, Any] | None = None,
    subject: tuple[str, str] = ("", ""),
) -> None:
    """One message to each person. `key` names the occasion: the same key reaches a person once."""
    people = sorted({person.pk for person in to})
    notices = [Notice(person, key, kind, params or {}, subject) for person in people]
    send_many(notices, at=at)


def mark_read(messages: Iterable[Message], *, by: User, at: datetime.datetime) -> int:
    """How many of the reader's own messages were unread until now."""
    keys = [message.pk for message in messages]
    return Message.objects.filter(to=by, pk__in=keys, read_at=None).update(read_at=at)


def mark_all_read(*, by: User, at: datetime.datetime) -> int:
    return Message.objects.filter(to=by, read_at=None).update(read_at=at)
