"""Steps over the demo town: work without end for its people, money without end on its lines."""

import datetime
import random
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cases.models import Case, CaseEvent, Channel, Reporter
from cases.services import route_waiting
from cases.services.intake import Matter, first_events, first_reporter, new_case
from cases.services.numbering import take_numbers
from cases.services.rows import write_cases
from cases.services.searching import index
from funding import services as funding
from funding.models import Line
from organizations.models import Post, User
from portal.demo.world import Spot, World
from routing.models import Category, FilingStandard

ROOM = 1_000_000
MONEY = 10_000_000_000_00
FIRST_WRITTEN = ("state", "desk", "filed_at", "route_at", "version", "head")


def open_the_roof() -> int:
    """Nobody lacks room or money, so that every matter matches; nothing waits at the beginning."""
    by, at = User.objects.system(), timezone.now()
    Post.objects.filter(capacity__gt=0).update(capacity=ROOM)
    for line in Line.objects.order_by("pk"):
        funding.receive(line, amount=MONEY, key=f"bench:{line.pk}", by=by, at=at)
    while route_waiting(at=timezone.now()):
        pass
    return Line.objects.count()


@dataclass(frozen=True, slots=True)
class Told:
    """A matter, and who logs it."""

    by: User
    matter: Matter


class Teller:
    """Matters of the demo town without end; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.world = World(on=timezone.localdate())
        self.chance = random.Random(seed)

    def tell(self) -> Told:
        category, standard = self.chance.choices(self.world.matters, self.world.weights)[0]
        spot = self.world.spot(self.chance)
        return Told(self.world.grid_worker(spot, self.chance), _matter(category, standard, spot))


def _matter(category: Category, standard: FilingStandard, spot: Spot) -> Matter:
    return {
        "title": f"{spot.community_name}{category.name}",
        "text": f"{spot.community_name}{category.name}：{standard.condition}",
        "category": category,
        "standard": standard,
        "lon": spot.lon,
        "lat": spot.lat,
    }


def fill(*, count: int, seed: int) -> int:
    """`count` filed cases that wait for the router."""
    teller, at = Teller(seed), timezone.now()
    for first in range(0, count, 1000):
        _file([teller.tell() for _ in range(first, min(first + 1000, count))], at)
    return Case.objects.to_route(timezone.now()).count()


@transaction.atomic
def _file(told: list[Told], at: datetime.datetime) -> None:
    """As `log` does it, many at once."""
    cases = [new_case(one.matter, channel=Channel.GRID, by=one.by, at=at) for one in told]
    numbers = take_numbers(timezone.localdate(at), len(cases))
    for case, number in zip(cases, numbers, strict=True):
        case.number = number
    Case.objects.bulk_create(cases)
    reporters = [first_reporter(case, one.matter) for case, one in zip(cases, told, strict=True)]
    events: list[CaseEvent] = []
    for case, reporter in zip(cases, reporters, strict=True):
        reporter.case = case
        events.extend(first_events(case, reporter, by=case.logged_by, at=at))
    write_cases(cases, FIRST_WRITTEN, versions=[0] * len(cases))
    Reporter.objects.bulk_create(reporters)
    CaseEvent.objects.bulk_create(events)
    index(cases, reporters)
