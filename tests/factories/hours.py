"""A community with an organiser and a worker, volunteers and shifts, as rows: what comes before
hours and wishes is tested elsewhere.
"""

import datetime
from types import SimpleNamespace

from lib.roles import Role
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import LONG_AGO, BodyFactory, PostFactory, UserFactory
from volunteers.models import (
    Activity,
    HoursRule,
    Organisation,
    OrganisationMember,
    Shift,
    Signup,
    Star,
    Topic,
    Volunteer,
)
from volunteers.services.ways import SIGNUP

AT = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
PLACE = (114.05, 22.85)


def make_rules():
    rule = HoursRule.objects.create(valid_from=LONG_AGO)
    for rank, hours in enumerate((100, 300, 600, 1000, 1500), start=1):
        Star.objects.create(
            rank=rank, minutes=hours * 60, name=f"{rank}星", name_en=f"{rank} stars",
            valid_from=LONG_AGO,
        )  # fmt: skip
    return rule


def make_place(*, town=None, body=None, community=None):
    """A community of a town with its committee, organiser, second organiser and worker."""
    town = town or TerritoryFactory(town=True)
    community = community or TerritoryFactory(community=True, parent=town)
    body = body or BodyFactory(community=True)
    if not body.territories.exists():
        BodyTerritoryFactory(body=body, territory=community)
    topic, _made = Topic.objects.get_or_create(
        code="elderly", defaults={"name": "为老服务", "name_en": "Help for the old"}
    )
    organisers = [PostFactory(role=Role.VOLUNTEER_ORGANIZER, body=body).person for _n in range(2)]
    worker = PostFactory(role=Role.COMMUNITY_WORKER, body=body).person
    return SimpleNamespace(
        town=town, community=community, body=body, topic=topic, organizer=organisers[0],
        second=organisers[1], worker=worker,
    )  # fmt: skip


def volunteer(place, *, person=None, at=AT, **more):
    """Registered and confirmed."""
    return Volunteer.objects.create(
        person=person or UserFactory(), town=place.town, community=place.community,
        born=datetime.date(1990, 1, 1), consent_at=at, consent_version="1", state="active",
        registered_at=at, reviewed_by=place.organizer, reviewed_at=at, **more,
    )  # fmt: skip


def organisation(place, leader, *, at=AT):
    row = Organisation.objects.create(
        town=place.town, community=place.community, kind="team", name="梅塘义工队", scope="x",
        contact_name="x", contact_phone="0769-1", registered_by=leader.person, registered_at=at,
        state="active", reviewed_by=place.organizer, reviewed_at=at,
    )  # fmt: skip
    OrganisationMember.objects.create(
        organisation=row, volunteer=leader, is_leader=True, valid_from=LONG_AGO
    )
    return row


def shift(place, *, starts=AT, hours=2, at=AT, **more):
    """A shift of a published activity; it begins at `starts`."""
    words = {"title": "陪老人聊天", "title_en": "Time for the old", "address": "党群服务中心"}
    activity = Activity.objects.create(
        topic=place.topic, body=place.body, town=place.town, community=place.community,
        summary="x", lon=PLACE[0], lat=PLACE[1], state="published", made_by=place.organizer,
        made_at=at, reviewed_by=place.second, published_at=at, **{**words, **more},
    )  # fmt: skip
    return Shift.objects.create(
        activity=activity, starts_at=starts, ends_at=starts + hours * HOUR, places=20
    )


def signed(row, who, *, at=AT):
    """A sign-up that has its place."""
    made = Signup(shift=row, volunteer=who, state="confirmed", at=at)
    SIGNUP.start(made, "sign_up", by=who.person, at=at)
    return Signup.objects.select_related("volunteer", "shift__activity").get(pk=made.pk)
