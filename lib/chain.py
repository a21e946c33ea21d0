"""Append-only history: each event carries the hash of the one before it, per object."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import models

GENESIS = "0" * 64


def canonical(record: dict[str, Any]) -> str:
    """One spelling for one content: sorted keys, no blanks, UTF-8, moments in ISO 8601 (UTC)."""
    return json.dumps(
        record,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_spelled,
    )


def _spelled(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return str(value)


def fingerprint(record: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of the canonical record alone."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def seasoned(text: str, salt: str) -> str:
    """The salted digest of personal text that the chain may keep after the text was erased."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest() if text else ""


def digest(record: dict[str, Any], *, previous: str) -> str:
    """SHA-256 (hexadecimal) over the previous hash and the canonical record."""
    return hashlib.sha256(f"{previous}\n{canonical(record)}".encode()).hexdigest()


class ChainedEvent(models.Model):
    """Abstract: a row of a per-object chain. Tables add the object and UNIQUE(object, number).

    Rows are never updated or deleted; `lib.triggers.append_only` makes the database refuse it.
    """

    number = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def record(self) -> dict[str, Any]:
        """What the hash covers; concrete classes return every column that matters."""
        raise NotImplementedError

    def seal(self, *, previous: "ChainedEvent | None") -> None:
        """Number this event after `previous` and compute its hash."""
        self.number = previous.number + 1 if previous else 1
        self.previous_hash = previous.hash if previous else GENESIS
        self.hash = digest(self.record(), previous=self.previous_hash)

    def follow(self, subject: Any) -> None:
        """Number and seal this event after the newest one of `subject`, which knows it as head.

        The caller saves both; of the subject `version` and `head`.
        """
        self.number, self.previous_hash = subject.version + 1, subject.head
        self.hash = digest(self.record(), previous=self.previous_hash)
        subject.version, subject.head = self.number, self.hash

    def is_intact(self) -> bool:
        return self.hash == digest(self.record(), previous=self.previous_hash)


def first_break(events: Iterable[ChainedEvent]) -> ChainedEvent | None:
    """The first event (in order of number) whose content, number or link does not hold."""
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        if event.number != number or event.previous_hash != previous or not event.is_intact():
            return event
        previous = event.hash
    return None
