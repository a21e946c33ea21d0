"""The demo's volunteers: every desk has something, and the same seed tells the same story."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from lib.roles import Role
from portal.demo.invention import Inventor
from portal.demo.residents import found_residents, settle
from portal.demo.service import serve
from tests.factories.cases import handling, make_town
from tests.factories.organizations import PostFactory, SkillFactory
from tests.factories.volunteers import DAY
from volunteers.models import (
    Activity,
    Call,
    DoubleReport,
    Organisation,
    Shift,
    Signup,
    Volunteer,
    WaitingPlace,
)
from volunteers.services.reference import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    made = make_town()
    load_reference(by=made.system, at=timezone.now())
    for _number in range(3):
        SkillFactory()
    for _number in range(2):
        PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=made.centre)
    settle(password="!", at=timezone.now() - 60 * DAY)
    handling(made)
    return made


def states(model):
    return Counter(model.objects.values_list("state", flat=True))


def story():
    return (
        [states(one) for one in (Volunteer, Activity, Signup, WaitingPlace, Organisation, Call)],
        list(Shift.objects.order_by("starts_at", "pk").values_list("starts_at", "taken")),
        list(Volunteer.objects.order_by("pk").values_list("born", "person__full_name")),
    )


def test_every_desk_has_something_and_a_resident_is_offered_a_place(town):
    at = timezone.now()
    serve(Inventor(3), at=at)
    assert states(Volunteer) == {"active": 27, "waiting": 2, "returned": 1}
    assert states(Activity) == {"published": 8, "waiting": 1}
    assert states(Organisation) == {"active": 2, "waiting": 1}
    assert states(DoubleReport) == {"accepted": 2, "waiting": 1}
    assert states(Call) == {"open": 1}
    assert states(WaitingPlace) == {"offered": 1, "waiting": 5}
    first = WaitingPlace.objects.get(state="offered")
    assert first.volunteer.person in found_residents()
    assert Shift.objects.filter(ends_at__lt=at, taken__gt=0).count() > 5
    assert Shift.objects.ahead(at).filter(taken__gt=0).count() > 5


def test_the_same_seed_tells_the_same_story(town):
    at, told = timezone.now(), []
    for _time in range(2):
        with transaction.atomic():
            serve(Inventor(3), at=at)
            told.append(story())
            transaction.set_rollback(True)
    assert told[0] == told[1]


def test_without_organisers_nothing_is_told():
    serve(Inventor(3), at=timezone.now())
    assert not Volunteer.objects.exists()
