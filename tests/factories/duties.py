"""Checks and changes of the duty list, and a city whose list is complete."""

import datetime
from types import SimpleNamespace

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from grids.models import Level, Territory
from lib.roles import Role
from routing.models import DutyChange, DutyChangeItem, DutyRun
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.factories.routing import (
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
    StandardFactory,
)


class DutyRunFactory(DjangoModelFactory):
    class Meta:
        model = DutyRun

    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)


class DutyChangeFactory(DjangoModelFactory):
    """A draft without history."""

    class Meta:
        model = DutyChange

    title = "调整市政设施主责单位"
    force_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=10))
    made_by = factory.SubFactory(UserFactory)
    made_at = factory.LazyFunction(timezone.now)


class DutyChangeItemFactory(DjangoModelFactory):
    class Meta:
        model = DutyChangeItem

    change = factory.SubFactory(DutyChangeFactory)
    category = factory.SubFactory(CategoryFactory)
    territory = factory.SubFactory(TerritoryFactory, town=True)
    lead = factory.SubFactory(BodyFactory)
    legal_basis = "三定规定"


def make_city(*, towns=2, communities=6, large=4, small=8):
    """Every small class has one department in every community: some by town and large class, some
    by community and small class (`fine`: their entries by (class, community)).
    """
    city = Territory.objects.filter(level=Level.CITY).first() or TerritoryFactory(city=True)
    places, bodies = [], {}
    for _town in range(towns):
        town = TerritoryFactory(town=True, parent=city)
        places += [
            TerritoryFactory(level=Level.COMMUNITY, parent=town) for _n in range(communities)
        ]
    for place in places:
        bodies[place.pk] = BodyFactory(community=True)
        BodyTerritoryFactory(body=bodies[place.pk], territory=place)
    departments = BodyFactory.create_batch(5)
    classes, fine = [], {}
    for number in range(large):
        below, entries = _make_class(departments[number % 5], places, small, by_place=number % 2)
        classes += below
        fine |= entries
    for one in classes[:: max(2, len(classes) // 4)]:
        CommunityDutyFactory(category=one, body=None)
    return SimpleNamespace(
        city=city, places=places, bodies=bodies, departments=departments, classes=classes, fine=fine
    )


def _community(town):
    return TerritoryFactory(level=Level.COMMUNITY, parent=town)


def _make_class(lead, places, small, *, by_place):
    above = CategoryFactory()
    below = CategoryFactory.create_batch(small, parent=above)
    for one in below:
        StandardFactory(category=one, points=2)
    if not by_place:
        for town in {place.parent for place in places}:
            DutyEntryFactory(category=above, territory=town, lead=lead)
        return below, {}
    entries = {
        (one.pk, place.pk): DutyEntryFactory(category=one, territory=place, lead=lead)
        for one in below
        for place in places
    }
    return below, entries


def make_committee(territory):
    """Two members of a committee that covers a territory."""
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=territory)
    return [PostFactory(role=Role.COMMITTEE_MEMBER, body=body).person for _one in range(2)]
