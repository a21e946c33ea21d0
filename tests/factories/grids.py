"""A town in squares: territories, outlines, who covers what."""

import datetime

import factory
from shapely.geometry import box

from grids.geometry import area_m2, geojson_of
from grids.models import (
    AreaMembership,
    BodyTerritory,
    Boundary,
    ChangeCounter,
    Level,
    PostTerritory,
    ShiftKind,
    Territory,
)
from grids.models.changes import BOUNDARIES
from grids.snapshots import forget_all
from tests.factories.organizations import BodyFactory, PostFactory

LONG_AGO = datetime.date(2020, 1, 1)


class TerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Territory

    class Params:
        city = factory.Trait(level=Level.CITY, code="441900", name="东莞市", name_en="Dongguan")
        area = factory.Trait(level=Level.AREA, code=factory.Sequence(lambda n: f"area-{n}"))
        town = factory.Trait(level=Level.TOWN, code=factory.Sequence(lambda n: f"4419{n:05d}"))
        community = factory.Trait(
            level=Level.COMMUNITY, code=factory.Sequence(lambda n: f"441900{n:06d}")
        )

    level = Level.GRID
    code = factory.Sequence(lambda n: f"441900114{n:06d}")
    name = factory.Sequence(lambda n: f"第{n}网格")
    name_en = factory.Sequence(lambda n: f"Grid {n}")
    valid_from = LONG_AGO

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        made = super()._create(model_class, *args, **kwargs)
        note_change()
        return made


class BoundaryFactory(factory.django.DjangoModelFactory):
    """`BoundaryFactory(territory=…, square=(114.0, 22.8, 114.1, 22.9))`."""

    class Meta:
        model = Boundary
        exclude = ("square",)

    square = (114.0, 22.8, 114.1, 22.9)
    territory = factory.SubFactory(TerritoryFactory)
    geometry = factory.LazyAttribute(lambda o: geojson_of(box(*o.square)))
    area_m2 = factory.LazyAttribute(lambda o: area_m2(box(*o.square)))
    west = factory.LazyAttribute(lambda o: o.square[0])
    south = factory.LazyAttribute(lambda o: o.square[1])
    east = factory.LazyAttribute(lambda o: o.square[2])
    north = factory.LazyAttribute(lambda o: o.square[3])
    valid_from = LONG_AGO

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        made = super()._create(model_class, *args, **kwargs)
        note_change()
        return made


class AreaMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AreaMembership

    area = factory.SubFactory(TerritoryFactory, area=True)
    town = factory.SubFactory(TerritoryFactory, town=True)
    valid_from = LONG_AGO


class BodyTerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BodyTerritory

    body = factory.SubFactory(BodyFactory)
    territory = factory.SubFactory(TerritoryFactory)
    valid_from = LONG_AGO


class PostTerritoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostTerritory

    post = factory.SubFactory(PostFactory)
    territory = factory.SubFactory(TerritoryFactory)
    valid_from = LONG_AGO


class ShiftKindFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ShiftKind

    code = factory.Sequence(lambda n: f"shift-{n}")
    name = "早班"
    name_en = "Early shift"
    mark = "早"
    starts = datetime.time(7)
    ends = datetime.time(15)
    valid_from = LONG_AGO


def note_change():
    """Rows made past the services: let this process look again."""
    ChangeCounter.objects.raised(BOUNDARIES)
    forget_all()
