"""A community with a grid, its commanders, workers and volunteers, and orders for tests."""

import datetime
from types import SimpleNamespace

from emergency.models import Called, Item, Measure, TaskKind
from emergency.services import assembling, calling, ordering, supplying
from emergency.services.reference import load_reference
from lib.roles import Role
from organizations.models import User
from tests.factories import volunteers as made
from tests.factories.grids import BoundaryFactory, PostTerritoryFactory, TerritoryFactory
from tests.factories.organizations import PostFactory
from volunteers.models import HoursRule

AT = made.AT
MINUTE, HOUR, DAY = (datetime.timedelta(**{n: 1}) for n in ("minutes", "hours", "days"))
POINT = (114.05, 22.85)


def make_town():
    """A place with a duty officer and a secretary of the town, two workers, reference data."""
    place = made.make_place()
    load_reference(by=User.objects.system(), at=AT)
    HoursRule.objects.create(valid_from=datetime.date(2020, 1, 1))
    second = TerritoryFactory(parent=place.community)
    BoundaryFactory(territory=second, square=(114.1, 22.8, 114.2, 22.9))
    officer = PostFactory(role=Role.DUTY_OFFICER, body=place.office).person
    workers = []
    for grid in (place.grid, second):
        post = PostFactory(role=Role.GRID_WORKER, body=place.body)
        PostTerritoryFactory(post=post, territory=grid)
        workers.append(post.person)
    return SimpleNamespace(
        **vars(place), second=second, officer=officer, workers=workers, worker=workers[0]
    )


def measures(*codes):
    return tuple(Measure.objects.filter(code__in=codes).order_by("code"))


def wanted(town, **more):
    words = {
        "title": "台风“海葵”防御", "title_en": "Typhoon", "text": "台风今晚登陆，请做好准备。",
        "kind": "natural", "level": 4, "territory": town.community, "until": AT + 2 * DAY,
        "measures": measures("wind-and-rain", "relocation"), "legal_basis": "突发事件应对法",
        "body": town.office,
    }  # fmt: skip
    return ordering.Wanted(**{**words, **more})


def drafted(town, *, at=AT, **more):
    return ordering.draft(wanted(town, **more), by=town.officer, at=at)


def in_force(town, *, at=AT, **more):
    return ordering.confirm(drafted(town, at=at, **more), by=town.reviewer, at=at)


def point_of(order, town, **more):
    words = {"name": "社区广场", "address": "梅塘大道1号", "lon": POINT[0], "lat": POINT[1]}
    return calling.add_point(order, by=town.officer, at=AT, **{**words, **more})


def callout(order, town, *, point=None, at=AT, **more):
    asked = {"text": "巡查网格", "wanted": 2, "wave_size": 50}
    point = point or order.points.first() or point_of(order, town)
    return calling.open_callout(
        order, calling.Asked(**{**asked, **more}), point, by=town.officer, at=at
    )


def called(order, town, person=None, *, at=AT, **more):
    """Called out in one wave; the row of `person`, else of the first worker."""
    calling.call_wave(callout(order, town, at=at, **more), at=at)
    return Called.objects.with_names().get(order=order, person=person or town.worker)


def accepted(row, *, minutes=10, at=AT):
    return calling.accept(row, minutes=minutes, by=row.person, at=at)


def arrived(row, town, *, at=AT):
    return assembling.check_in(row, by=town.officer, at=at)


def task_kind(code="patrol"):
    return TaskKind.objects.get(code=code)


def depot(town, **more):
    words = {"name": "梅塘应急仓库", "address": "梅塘路2号", "territory": town.community}
    return supplying.open_depot(by=town.officer, at=AT, **{**words, **more})


def lot(amount, key, *, item="water", note=""):
    return supplying.Lot(Item.objects.get(code=item), amount, key, note)
