"""Messages to people's inboxes: many at once, and sending again changes nothing."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from organizations.models import Message, User


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person (primary key), as `send_many` takes them."""

    to: int
    key: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] = ("", "")


def send_many(notices: Iterable[Notice], *, at: datetime.datetime) -> None:
    """Messages of many occasions in one query for each 500; `key` as in `send`."""
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
