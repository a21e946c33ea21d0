"""How far a shift is: for who agreed to it, to 100 metres, told in steps, erased."""

import datetime
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import volunteers as made
from tests.volunteers.pages import go, words
from volunteers import services
from volunteers.holdings import export
from volunteers.matching import people_for, shifts_for
from volunteers.models import Activity, Shift, Volunteer
from volunteers.services import Offer
from volunteers.services.forgetting import forget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HOME = (114.051234, 22.851987)
LATER = made.AT + datetime.timedelta(days=1)


def settle(place, near=HOME, at=made.AT):
    row = made.active(place)
    return services.edit_offer(row, offer=Offer(near=near), by=row.person, at=at)


def shift_at(place, lon, lat, **more):
    shift = made.published(place, **more)
    Activity.objects.filter(pk=shift.activity_id).update(lon=lon, lat=lat, community=None)
    return Shift.objects.with_activity().get(pk=shift.pk)


def reasons(volunteer, shift):
    full = Volunteer.objects.with_record().with_offer().get(pk=volunteer.pk)
    match, *_others = shifts_for(full, [shift], busy=[])
    return match.points, match.reasons


@pytest.mark.parametrize(
    ("lon", "points", "said"),
    [(114.053, 2, "less than 1 km away"), (114.07, 1, "less than 2 km away"),
     (114.2, 0, "less than 16 km away")],
)  # fmt: skip
def test_a_short_way_counts_and_is_told_in_whole_kilometres(place, lon, points, said):
    shift = shift_at(place, lon, 22.852)
    assert reasons(settle(place), shift) == (points, [said])
    assert reasons(settle(place, near=None), shift) == (0, [])


def test_the_nearer_one_is_proposed_first_with_the_reason(place):
    shift = shift_at(place, 114.051, 22.852)
    far, near = settle(place, near=(114.3, 22.85)), settle(place)
    rows = list(Volunteer.objects.filter(pk__in=[far.pk, near.pk]).with_record().with_offer())
    matches = people_for(shift, rows, busy={})
    assert [one.volunteer for one in matches] == [near, far]
    assert matches[0].reasons == ["less than 1 km away"]


def test_the_own_community_and_a_short_way_are_worth_one_of_them(place):
    shift = made.published(place)
    Activity.objects.filter(pk=shift.activity_id).update(lon=HOME[0], lat=HOME[1])
    shift = Shift.objects.with_activity().get(pk=shift.pk)
    points, said = reasons(settle(place), shift)
    assert points == 2
    assert said == ["in the own community", "less than 1 km away"]


def test_no_more_than_a_hundred_metres_is_kept_and_consent_is_as_old_as_the_place(place):
    row = settle(place)
    assert (row.near_lon, row.near_lat) == (Decimal("114.051"), Decimal("22.852"))
    again = services.edit_offer(row, offer=Offer(near=(114.0511, 22.8521)), by=row.person, at=LATER)
    assert again.near_at == made.AT
    moved = services.edit_offer(row, offer=Offer(near=(114.06, 22.85)), by=row.person, at=LATER)
    assert moved.near_at == LATER
    gone = services.edit_offer(row, offer=Offer(), by=row.person, at=LATER)
    assert (gone.near, gone.near_at) == (None, None)


@pytest.mark.parametrize("how", ["leave", "forget"])
def test_it_goes_with_who_leaves_and_who_is_forgotten(place, how):
    row = settle(place)
    assert export(row.person)["registrations"][0]["sets_out_near"] == (114.051, 22.852)
    if how == "leave":
        services.leave(row, by=row.person, at=LATER)
    else:
        forget(row.person, at=LATER)
    assert Volunteer.objects.values("near_lon", "near_lat", "near_at").get(pk=row.pk) == {
        "near_lon": None, "near_lat": None, "near_at": None,
    }  # fmt: skip


def test_the_database_keeps_no_place_without_consent(place):
    row = made.active(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Volunteer.objects.filter(pk=row.pk).update(near_lon=114, near_lat=22)


def offered(row, **more):
    return {"community": row.community_id, "lon": "114.051234", "lat": "22.851987", **more}


def test_the_page_asks_takes_and_forgets_it(client, place):
    row = made.active(place)
    go(client, row.person, "offer", **offered(row))
    row.refresh_from_db()
    assert row.near is None
    text = words(go(client, row.person, "offer", **offered(row, may_measure="on", lon="")), 422)
    assert "Choose the place on the map" in text
    go(client, row.person, "offer", **offered(row, may_measure="on"))
    row.refresh_from_db()
    assert row.near == (114.051, 22.852)
    assert 'value="114.051"' in words(go(client, row.person, "offer"))


def test_nobody_else_reads_the_place(client, place):
    row = settle(place)
    shift = made.published(place)
    pages = [
        reverse("volunteers:person", args=[row.pk]), reverse("volunteers:people"),
        reverse("volunteers:shift", args=[shift.pk]), reverse("volunteers:mine"),
    ]  # fmt: skip
    client.force_login(place.organizer)
    for page in pages:
        text = client.get(page, follow=True).content.decode()
        assert "114.051" not in text
        assert "22.852" not in text
    kept = json.dumps(list(row.events.values()), default=str)
    assert "114.051" not in kept
