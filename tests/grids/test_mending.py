"""What a check finds on the ground is mended from its row, once."""

import pytest
from django.utils import timezone
from shapely.geometry import box

from grids import services
from grids.geometry import geojson_of
from grids.models import CoverageFinding, CoverageRule, Territory
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Message
from tests.factories.grids import BoundaryFactory, TerritoryFactory
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def check():
    services.ask_check(by=UserFactory(), at=timezone.now())
    services.check_waiting(moment=timezone.now)


def found(*kinds):
    return list(CoverageFinding.objects.standing().filter(kind__in=kinds).order_by("pk"))


def redraw(territory, *square):
    services.draw_boundary(
        territory, geometry=geojson_of(box(*square)), by=UserFactory(), at=timezone.now()
    )


@pytest.fixture
def divided(town):
    """The fixture's town with a border of its own size and a grid in the eastern community."""
    redraw(town.town, 114.0, 22.8, 114.2, 23.0)
    town.only = TerritoryFactory(parent=town.east, code="441900114002001")
    BoundaryFactory(territory=town.only, square=(114.1, 22.8, 114.2, 23.0))
    return town


@pytest.mark.parametrize(
    ("which", "square", "kinds"),
    [
        ("south", (114.0, 22.8, 114.1, 22.89), ["blind"]),
        ("south", (114.0, 22.8, 114.1, 22.92), ["overlap"]),
        ("south", (114.0, 22.8, 114.13, 22.9), ["overhang", "overlap"]),
        ("only", (114.1, 22.78, 114.2, 23.0), ["overhang"]),
    ],
)
def test_everything_found_on_the_ground_falls_to_zero_when_mended(
    divided, by, which, square, kinds
):
    redraw(getattr(divided, which), *square)
    check()
    assert sorted({row.kind for row in found("blind", "overlap", "overhang", "hole")}) == kinds
    for _turn in range(3):
        for row in found("blind", "overlap", "overhang", "hole")[:1]:
            services.mend(row, by=by, at=timezone.now())
            check()
    assert found("blind", "overlap", "overhang", "hole") == []


def test_what_was_mended_cannot_be_mended_again(divided, by):
    redraw(divided.south, 114.0, 22.8, 114.1, 22.89)
    check()
    row = found("blind")[0]
    services.mend(row, by=by, at=timezone.now())
    with pytest.raises(RuleViolation, match="mended already"):
        services.mend(row, by=by, at=timezone.now())


def test_a_split_is_asked_for_once_and_those_who_draw_hear_it(
    divided, by, django_capture_on_commit_callbacks
):
    CoverageRule.objects.create(setting="urban", most_households=300, valid_from="2020-01-01")
    Territory.objects.filter(pk=divided.north.pk).update(households=301)
    dispatcher = PostFactory(role=Role.DISPATCHER)
    dispatcher.body.territories.create(territory=divided.town, valid_from="2020-01-01")
    check()
    with django_capture_on_commit_callbacks(execute=True):
        services.ask_for_split(found("oversize")[0], by=by, at=timezone.now())
    message = Message.objects.get(to=dispatcher.person)
    assert (message.kind, message.params["households"]) == ("grid-split-asked", 301)
    with pytest.raises(RuleViolation, match="already"):
        services.ask_for_split(found("oversize")[0], by=by, at=timezone.now())
