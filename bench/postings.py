"""Reservations a second: on one line and spread over a hundred, by services and by bare SQL."""

import datetime
import hashlib
import itertools
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from funding import services
from funding.models import Line, LinePurpose
from organizations.models import User

LINES = 100
FEN = 10_000_000_000_00
CODE = "bench-{}"


def prepare() -> int:
    """A hundred lines of one source with money for ever; how many there are."""
    if Line.objects.filter(code=CODE.format(0)).exists():
        return LINES  # on a database that stayed
    like = Line.objects.filter(purposes__isnull=False).order_by("pk").first()
    if like is None:
        raise LookupError("the demo town has no lines")
    purpose = LinePurpose.objects.filter(line=like).earliest("pk").purpose
    since, by, at = datetime.date(2020, 1, 1), User.objects.system(), timezone.now()
    for number in range(LINES):
        name = CODE.format(number)
        line = Line.objects.create(
            code=name, name=name, source=like.source, body=like.body, valid_from=since
        )
        LinePurpose.objects.create(line=line, purpose=purpose)
        services.receive(line, amount=FEN, key=f"bench:{name}", by=by, at=at)
    return LINES


def work(*, how: str, lines: int, batch: int, number: int, seconds: float) -> dict[str, float]:
    """What one process does when it is told to: reservations of one yuan, `batch` a transaction."""
    codes = [CODE.format(line) for line in range(lines)]
    allowed = LinePurpose.objects.filter(line__code__in=codes).order_by("line")
    places = itertools.cycle(list(allowed.values_list("line", "purpose")))
    keys = (f"{how}:{lines}:{batch}:{number}:{count}" for count in itertools.count())
    acts = WAYS[how](zip(itertools.islice(places, number * 7, None), keys, strict=False), batch)
    next(acts)  # connected, imported, warm
    print("ready", flush=True)
    sys.stdin.readline()
    count, begun = 0, time.perf_counter()
    while (taken := time.perf_counter() - begun) < seconds:
        next(acts)
        count += batch
    return {"rate": count / taken}


Turns = Iterator[tuple[tuple[int, int], str]]


def _by_services(turns: Turns, batch: int) -> Iterator[None]:
    by, at = User.objects.system(), timezone.now()
    while asked := list(itertools.islice(turns, batch)):
        requests = [
            services.ReserveRequest(line, purpose, 100, ("bench", key[-40:]), key)
            for (line, purpose), key in asked
        ]
        services.reserve_many(requests, by=by, at=at)
        yield


def _by_hand(turns: Turns, batch: int) -> Iterator[None]:
    """The same statements, with what the triggers ask for and nothing else."""
    by, at = User.objects.system().pk, timezone.now()
    while asked := list(itertools.islice(turns, batch)):
        said = _Said(connection.connection.cursor())
        said("BEGIN" if connection.vendor == "postgresql" else "BEGIN IMMEDIATE")
        for (line, purpose), key in sorted(asked):  # lines are locked in the order of their ids
            _reserve_by_hand(said, line, purpose, key, by, at)
        said("COMMIT")
        yield


class _Said:
    """A bare cursor of the driver; `?` is what both engines' parameters are written as here."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __call__(self, statement: str, *values: Any) -> Any:
        if connection.vendor == "postgresql":
            statement = statement.replace("?", "%s")
        self._cursor.execute(statement, values)
        return self._cursor.fetchone() if self._cursor.description else None


def _reserve_by_hand(
    said: _Said, line: int, purpose: int, key: str, by: int, at: datetime.datetime
) -> None:
    lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    at_text: Any = at if lock else at.replace(tzinfo=None).isoformat(" ")
    version, head = said(f"SELECT version, head FROM funding_line WHERE id = ?{lock}", line)  # noqa: S608 -- names of ours
    said("SELECT id FROM funding_posting WHERE key = ?", key)
    said("SELECT 1 FROM funding_linepurpose WHERE line_id = ? AND purpose_id = ?", line, purpose)
    (hold,) = said(
        "INSERT INTO funding_hold (line_id, purpose_id, subject_kind, subject_key, amount, open,"
        " payable, paid, made_at) VALUES (?, ?, 'bench', ?, 0, 0, 0, 0, ?) RETURNING id",
        line, purpose, key[-40:], at_text,
    )  # fmt: skip
    (posting,) = said(
        "INSERT INTO funding_posting (key, kind, payload_hash, subject_kind, subject_key, by_id,"
        " at, note) VALUES (?, 'reserve', ?, 'bench', ?, ?, ?, '') RETURNING id",
        key, _hash(key), key[-40:], by, at_text,
    )  # fmt: skip
    said(
        "INSERT INTO funding_entry (number, previous_hash, hash, posting_id, position, line_id,"
        " hold_id, purpose_id, source_bucket, target_bucket, amount)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, 'available', 'reserved', 100)",
        version + 1, head, _hash(f"{head}{key}"), posting, line, hold, purpose,
    )  # fmt: skip


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


WAYS = {"services": _by_services, "hand": _by_hand}
