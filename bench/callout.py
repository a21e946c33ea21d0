"""How soon ten thousand people are called: from the order to call to the first and last message."""

import datetime
import threading
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import signups
from emergency.models import Called, Measure, Order
from emergency.models.orders import COMMANDERS
from emergency.services import calling, ordering
from emergency.services.reference import load_reference
from grids.scopes import communities_of
from lib.roles import Role
from organizations.models import Body, Message, Post, User
from volunteers.models import Volunteer

# How often another connection looks whether a message is there.
_LOOK = 0.002


def measure(*, people: int) -> dict[str, Any]:
    """Volunteers of one community, judged by skill, age, insurance and distance, in one wave."""
    order, officer = _order(people)
    at = timezone.now()
    point = calling.add_point(
        order, name="bench", address="bench", lon=114.0, lat=22.9, by=officer, at=at
    )
    asked = calling.Asked("bench", wanted=people, wave_size=people, calls_staff=False)
    watcher = _Watcher()
    begun, cpu = time.perf_counter(), time.process_time()
    calling.open_callout(order, asked, point, by=officer, at=at)
    watcher.start()
    called = calling.call_due(at=at)
    all_told, cpu = time.perf_counter() - begun, time.process_time() - cpu
    watcher.join()
    if called != people or Called.objects.filter(order=order).count() != people:
        raise AssertionError(f"{called} of {people} were called")
    return {
        "first": watcher.seen - begun,
        "all": all_told,
        "cpu_seconds": cpu,
        "called": called,
        "messages": Message.objects.filter(kind="emergency-call").count(),
    }


class _Watcher(threading.Thread):
    """Another connection, which sees what is committed."""

    seen = 0.0

    def run(self) -> None:
        rows = Message.objects.filter(kind="emergency-call")
        while not rows.exists():
            time.sleep(_LOOK)
        self.seen = time.perf_counter()
        connection.close()


def _order(people: int) -> tuple[Order, User]:
    at = timezone.now()
    load_reference(by=User.objects.system(), at=at)
    Message.objects.filter(kind="emergency-call").delete()
    Volunteer.objects.active().update(state="suspended")
    officer, secretary = (_commander(role) for role in (Role.DUTY_OFFICER, Role.PARTY_SECRETARY))
    near = communities_of(officer, COMMANDERS, on=timezone.localdate(at))
    community = near.earliest("pk")
    signups.add_people(people, community, "called")
    wanted = ordering.Wanted(
        title="bench", text="bench", kind="accident", level=4, territory=community,
        until=at + datetime.timedelta(days=1), legal_basis="bench",
        measures=tuple(Measure.objects.filter(code="relocation")), body=Body.objects.earliest("pk"),
    )  # fmt: skip
    order = ordering.draft(wanted, by=officer, at=at)
    return ordering.confirm(order, by=secretary, at=at), officer


def _commander(role: str) -> User:
    """The first who holds such a post."""
    found = Post.objects.filter(role=role).select_related("person").earliest("pk")
    return found.person
