"""How long it takes to know what a duty list lacks, and what a change of it would do."""

import datetime
import random
import time
from itertools import cycle, product
from typing import Any

from django.db.models import Count
from django.utils import timezone

from cases.models import Case, ReplayRun, RoutingTrace
from cases.services import effects
from grids.models import Level, Territory
from organizations.models import Body, BodyKind, User
from organizations.models.bodies import Nature
from routing import services
from routing.models import Category, DutyChange, DutyEntry, DutyFinding

SINCE = datetime.date(2020, 1, 1)
_OF_A_CLASS = 20


def measure_matrix(*, categories: int, seed: int) -> dict[str, Any]:
    """A list for every community of a fresh city, with 300 gaps and overlaps planted in it."""
    chance = random.Random(seed)
    communities = list(Territory.objects.filter(level=Level.COMMUNITY).order_by("pk"))
    small = _classes(categories)
    by_place = _entries(small, communities, chance)
    gone = chance.sample(by_place, 300)
    DutyEntry.objects.filter(pk__in=[row.pk for row in gone[:150]]).delete()
    DutyEntry.objects.bulk_create(_again(row) for row in gone[150:])
    full, cpu = _check()
    found = DutyFinding.objects.standing().counted()
    if found != {"gap": 150, "overlap": 150}:
        raise AssertionError(f"150 gaps and 150 overlaps were planted, found: {found}")
    DutyEntry.objects.filter(pk=by_place[-1].pk).update(valid_to=timezone.localdate())
    again, _cpu = _check()
    return {
        "full": full,
        "cpu_seconds": cpu,
        "again": again,
        "classes": len(small),
        "communities": len(communities),
        "entries": DutyEntry.objects.count(),
        "combinations": len(small) * len(communities),
    }


def _classes(count: int) -> list[Category]:
    """In the place of those that came with the reference."""
    Category.objects.update(valid_to=timezone.localdate())
    large = Category.objects.bulk_create(
        Category(code=f"bench-{n}", name=f"大类{n}", name_en=f"Class {n}", valid_from=SINCE)
        for n in range(count // _OF_A_CLASS)
    )
    return Category.objects.bulk_create(
        Category(
            code=f"bench-{above.pk}-{n}", name=f"小类{n}", name_en=f"Small {n}", parent=above,
            valid_from=SINCE,
        )
        for above, n in product(large, range(_OF_A_CLASS))
    )  # fmt: skip


def _entries(
    small: list[Category], communities: list[Territory], chance: random.Random
) -> list[DutyEntry]:
    """The even large classes by town; the odd ones small class by small class in each community."""
    kind = BodyKind.objects.filter(nature=Nature.DEPARTMENT).first() or BodyKind.objects.create(
        code="bench", name="部门", name_en="Department", nature=Nature.DEPARTMENT
    )
    bodies = Body.objects.bulk_create(
        Body(code=f"bench-{n}", kind=kind, name=f"部门{n}", name_en=f"Office {n}", valid_from=SINCE)
        for n in range(30)
    )
    large = sorted({row.parent_id for row in small if row.parent_id})
    towns = sorted({place.parent_id for place in communities if place.parent_id})
    DutyEntry.objects.bulk_create(
        DutyEntry(
            category_id=above, territory_id=town, lead=chance.choice(bodies), valid_from=SINCE
        )
        for above, town in product(large[::2], towns)
    )
    fine = [row for row in small if row.parent_id in large[1::8]]
    rest = [row for row in small if row.parent_id in set(large[1::2]) - set(large[1::8])]
    DutyEntry.objects.bulk_create(
        DutyEntry(category=row, territory_id=town, lead=chance.choice(bodies), valid_from=SINCE)
        for row, town in product(rest, towns)
    )
    return DutyEntry.objects.bulk_create(
        (
            DutyEntry(
                category=row, territory=place, lead=chance.choice(bodies[:15]), valid_from=SINCE
            )
            for row, place in product(fine, communities)
        ),
        batch_size=500,
    )


def _again(row: DutyEntry) -> DutyEntry:
    """The same matter given to another body as well."""
    other = Body.objects.filter(code="bench-29").get()
    return DutyEntry(
        category_id=row.category_id, territory_id=row.territory_id, lead=other, valid_from=SINCE
    )


def _check() -> tuple[float, float]:
    services.ask_duty_check(by=User.objects.system(), at=timezone.now())
    begun, cpu = time.perf_counter(), time.process_time()
    services.check_duties_waiting(moment=timezone.now)
    return time.perf_counter() - begun, time.process_time() - cpu


def measure_replay(*, cases: int) -> dict[str, Any]:
    """What the last cases would become if the two busiest bodies changed all their matters."""
    by, at = User.objects.system(), timezone.now()
    _decide_all(cases)
    change = _swap(by, at)
    effects.ask_effect(change, last=cases, by=by, at=at)
    begun, cpu = time.perf_counter(), time.process_time()
    effects.replay_waiting(moment=timezone.now)
    run = ReplayRun.objects.latest("pk")
    if run.done != cases:
        raise AssertionError(f"{run.done} cases were judged, not {cases}")
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "cases": run.done,
        "differing": run.differing,
    }


def _decide_all(cases: int) -> None:
    """Cases that nothing was decided of get a decision like one that was made: the demo routes
    only what is new."""
    made = list(RoutingTrace.objects.exclude(lead=None).defer("candidates", "reasons"))
    lacking = Case.objects.filter(traces=None).order_by("pk").values_list("pk", flat=True)
    known = RoutingTrace.objects.values("case").distinct().count()
    RoutingTrace.objects.bulk_create(
        (
            RoutingTrace(
                case_id=key, at=like.at, outcome=like.outcome, lead_id=like.lead_id,
                facts=like.facts,
            )
            for key, like in zip(lacking[: max(0, cases - known)], cycle(made))
        ),
        batch_size=1000,
    )  # fmt: skip


def _swap(by: User, at: datetime.datetime) -> DutyChange:
    leads = RoutingTrace.objects.exclude(lead=None).order_by().values("lead")
    busiest = leads.annotate(number=Count("pk")).order_by("-number").values_list("lead", flat=True)
    first, second = Body.objects.in_bulk(list(busiest[:2])).values()
    today = timezone.localdate(at)
    change = DutyChange.objects.create(title="对调", force_on=today, made_by=by, made_at=at)
    for entry in DutyEntry.objects.valid_on(today).filter(lead__in=[first, second]):
        item = change.items.create(
            category=entry.category, territory=entry.territory, legal_basis="对调",
            lead=second if entry.lead_id == first.pk else first,
        )  # fmt: skip
        item.ends.add(entry)
    return change
