"""Votes accepted a second in the last minute of a vote, by the service and by bare SQL."""

import datetime
import itertools
import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from consultation.models import (
    Blueprint,
    Consultation,
    Entitlement,
    Form,
    Stage,
    Vote,
    VoteOption,
)
from consultation.services import voting
from consultation.session_workflow import VoteState
from consultation.workflow import StageKind
from grids.models import Level, Roll, Territory
from organizations.models import Body, User

RIGHTS = 40_000
NUMBER = "bench-{}"
_SINCE = datetime.date(2020, 1, 1)


def prepare() -> int:
    """One secret vote for each way, its last minute begun; how many rights each has."""
    if not Consultation.objects.filter(number=NUMBER.format("hand")).exists():
        for how in WAYS:
            _open(how)
    return RIGHTS


def _open(how: str) -> None:
    by, at = User.objects.system(), timezone.now()
    form = Blueprint.objects.create(
        code=NUMBER.format(how), form=Form.RESIDENTS, name="bench", valid_from=_SINCE
    )
    consultation = Consultation.objects.create(
        number=NUMBER.format(how), title="bench", text="bench", blueprint=form, host=by,
        body=Body.objects.earliest("pk"), made_at=at,
    )  # fmt: skip
    stage = Stage.objects.create(
        consultation=consultation, order=1, key="vote", kind=StageKind.VOTE, name="bench"
    )
    roll = Roll.objects.create(
        community=Territory.objects.at_level(Level.COMMUNITY).earliest("pk"), kind="households",
        name=NUMBER.format(how), version=1, since=at, source="bench", digest="", salt="",
        made_by=by,
    )  # fmt: skip
    vote = Vote.objects.create(
        consultation=consultation, stage=stage, roll=roll, question="bench", is_secret=True,
        unit=Vote.Unit.PERSON, closes_at=at + datetime.timedelta(hours=6), made_by=by,
    )  # fmt: skip
    for order, (text, english, favour) in enumerate(voting.ANSWERS, start=1):
        VoteOption.objects.create(
            vote=vote, order=order, text=text, text_en=english, is_favour=favour
        )
    Entitlement.objects.bulk_create(
        (
            Entitlement(vote=vote, key=str(one), label=str(one), household=str(one), person=by)
            for one in range(RIGHTS)
        ),
        batch_size=2000,
    )
    vote.state, vote.opened_at, vote.salt = VoteState.OPEN, at, secrets.token_hex(16)
    vote.save(update_fields=["state", "opened_at", "salt"])


def work(*, how: str, number: int, of: int, seconds: float) -> dict[str, float]:
    """What one process does when it is told to: its share of the voters, one after the other."""
    vote = Vote.objects.get(consultation__number=NUMBER.format(how))
    # Shares are cut before anybody votes: the others have begun to warm up.
    share = list(Entitlement.objects.filter(vote=vote).order_by("pk"))[number::of]
    acts = WAYS[how](vote, [right for right in share if right.voted_at is None])
    next(acts)  # connected, imported, warm
    print("ready", flush=True)
    sys.stdin.readline()
    count, begun = 0, time.perf_counter()
    for _vote in acts:  # until the time is over, or everybody has voted
        count += 1
        if time.perf_counter() - begun >= seconds:
            break
    return {"rate": count / (time.perf_counter() - begun)}


def _by_service(vote: Vote, rights: list[Entitlement]) -> Iterator[None]:
    by, answers = User.objects.system(), itertools.cycle(list(vote.options.all()))
    for right, answer in zip(rights, answers, strict=False):
        voting.cast(vote, right, answer, by=by, at=timezone.now())
        yield


def _by_hand(vote: Vote, rights: list[Entitlement]) -> Iterator[None]:
    """The two statements that a vote is, under the same triggers, and nothing else."""
    by, answers = User.objects.system().pk, itertools.cycle([row.pk for row in vote.options.all()])
    cursor: Any = connection.connection.cursor()
    postgres = connection.vendor == "postgresql"
    mark, at = ("%s", vote.opened_at) if postgres else ("?", _text(vote.opened_at))
    used = (
        "UPDATE consultation_entitlement SET voted_at = ?, channel = 'online', cast_by_id = ?"
        " WHERE id = ? AND voted_at IS NULL"
    ).replace("?", mark)
    dropped = (
        "INSERT INTO consultation_ballot (id, vote_id, option_id, receipt, sealed)"
        " VALUES (?, ?, ?, ?, false)"
    ).replace("?", mark)
    for right, answer in zip(rights, answers, strict=False):
        cursor.execute("BEGIN" if postgres else "BEGIN IMMEDIATE")
        cursor.execute(used, (at, by, right.pk))
        cursor.execute(dropped, (secrets.randbits(62), vote.pk, answer, secrets.token_hex(32)))
        cursor.execute("COMMIT")
        yield


def _text(at: datetime.datetime | None) -> str:
    """As SQLite keeps moments."""
    return at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ") if at else ""


WAYS = {"service": _by_service, "hand": _by_hand}
