"""Sign-ups accepted a second when a popular shift opens, by the service and by bare SQL."""

import datetime
import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from grids.models import Level, Territory
from organizations.models import Body, User
from volunteers import services
from volunteers.models import Activity, Shift, Topic, Volunteer
from volunteers.workflow.activities import State
from volunteers.workflow.people import State as Registration

PEOPLE = 8_000
NUMBER = "bench-{}"
_CHUNK = 1000


def prepare() -> int:
    """One popular shift for each way and people who want to come; how many people there are."""
    if not Topic.objects.filter(code="bench").exists():
        add_people(PEOPLE, Territory.objects.at_level(Level.COMMUNITY).earliest("pk"), "bench")
        Topic.objects.create(code="bench", name="bench", name_en="bench")
        for how in WAYS:
            _open(how)
    return PEOPLE


def add_people(count: int, community: Territory, named: str) -> None:
    """Volunteers of a community, confirmed, without skills."""
    at, by = timezone.now(), User.objects.system()
    people = User.objects.bulk_create(
        (
            User(username=f"{named}-{one}", full_name="bench", is_resident=True, password="!")  # noqa: S106 -- nobody signs in with it
            for one in range(count)
        ),
        batch_size=_CHUNK,
    )
    Volunteer.objects.bulk_create(
        (
            Volunteer(  # type: ignore[misc]  # a community lies in a town
                person=person, town_id=community.parent_id, community=community, state="active",
                born=datetime.date(1990, 1, 1), consent_at=at, consent_version="bench",
                registered_at=at, reviewed_at=at, reviewed_by=by,
            )
            for person in people
        ),
        batch_size=_CHUNK,
    )  # fmt: skip


def _open(how: str) -> None:
    at, community = timezone.now(), Territory.objects.at_level(Level.COMMUNITY).earliest("pk")
    maker = User.objects.filter(volunteer=None).exclude(pk=User.objects.system().pk).earliest("pk")
    activity = Activity.objects.create(
        title=NUMBER.format(how), summary="bench", topic=Topic.objects.get(code="bench"),
        body=Body.objects.earliest("pk"), address="bench", state=State.PUBLISHED, made_by=maker,
        made_at=at, reviewed_by=User.objects.system(), published_at=at,
        town_id=community.parent_id, community=community,
    )  # fmt: skip
    begins = at + datetime.timedelta(days=3)
    Shift.objects.create(
        activity=activity, starts_at=begins, ends_at=begins + datetime.timedelta(hours=2),
        places=PEOPLE,
    )  # fmt: skip


def work(*, how: str, number: int, of: int, seconds: float) -> dict[str, float]:
    """What one process does when it is told to: its share of the people, one after the other."""
    shift = Shift.objects.get(activity__title=NUMBER.format(how))
    mine = Volunteer.objects.filter(consent_version="bench", state=Registration.ACTIVE)
    acts = WAYS[how](shift, list(mine.select_related("person").order_by("pk"))[number::of])
    next(acts)  # connected, imported, warm
    print("ready", flush=True)
    sys.stdin.readline()
    count, begun = 0, time.perf_counter()
    while (taken := time.perf_counter() - begun) < seconds:
        if next(acts, None) is None:
            break
        count += 1
    return {"rate": count / taken}


def _by_service(shift: Shift, people: list[Volunteer]) -> Iterator[bool]:
    for volunteer in people:
        services.sign_up(shift, volunteer, by=volunteer.person, at=timezone.now())
        yield True


def _by_hand(shift: Shift, people: list[Volunteer]) -> Iterator[bool]:
    """The statements that a sign-up is: the shift is locked, the place and its event are stored.

    The triggers count the place; no rule is asked, nobody is told.
    """
    postgres = connection.vendor == "postgresql"
    mark = "%s" if postgres else "?"
    at: Any = timezone.now()
    at = at if postgres else at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ")
    lock = "SELECT id FROM volunteers_shift WHERE id = ?"
    placed = (
        "INSERT INTO volunteers_signup (version, head, shift_id, volunteer_id, state, remark,"
        " tight, is_late, reason, at) VALUES (1, ?, ?, ?, 'confirmed', '', false, false, '', ?)"
        " RETURNING id"
    )
    noted = (
        "INSERT INTO volunteers_signupevent (number, previous_hash, hash, move, from_state,"
        " to_state, note, facts, at, by_id, subject_id)"
        " VALUES (1, '', ?, 'sign_up', '', 'confirmed', '', '{}', ?, ?, ?)"
    )
    lock += " FOR NO KEY UPDATE" if postgres else ""
    lock, placed, noted = (sql.replace("?", mark) for sql in (lock, placed, noted))
    cursor: Any = connection.connection.cursor()
    for volunteer in people:
        head = secrets.token_hex(32)
        cursor.execute("BEGIN" if postgres else "BEGIN IMMEDIATE")
        cursor.execute(lock, (shift.pk,))
        cursor.execute(placed, (head, shift.pk, volunteer.pk, at))
        key = cursor.fetchone()[0]
        cursor.execute(noted, (head, at, volunteer.person_id, key))
        cursor.execute("COMMIT")
        yield True


WAYS = {"service": _by_service, "hand": _by_hand}
