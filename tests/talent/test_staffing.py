"""People come and go, each time with a reason; levels in the talent teams; who sees a career."""

import datetime

import pytest
from django.db import Error, connection, transaction

from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Post
from talent.models import Establishment, Membership, Movement, Team, TeamLevel
from talent.models.chain import sees_career
from talent.services import staffing
from talent.services.reference import load_reference
from talent.services.staffing import Coming, Going, Standing
from tests.factories import talent as make
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.talent import AT

pytestmark = pytest.mark.django_db
TODAY = AT.date()
LATER = TODAY + datetime.timedelta(days=30)


def refused(act, code):
    before = list(Movement.objects.values()) + list(Post.objects.order_by("pk").values())
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code
    assert list(Movement.objects.values()) + list(Post.objects.order_by("pk").values()) == before


def coming(place, **said):
    return Coming(place.body, Role.GRID_WORKER, said.get("why", "recruited"), TODAY)


def test_somebody_comes_and_goes(place):
    person = UserFactory()
    post = staffing.enter(person, coming(place), by=place.member, at=AT)
    staffing.leave(post, Going("resigned", LATER, "回乡"), by=place.member, at=AT)
    post.refresh_from_db()
    assert post.valid_to == LATER
    rows = Movement.objects.order_by("pk").values_list("way", "why", "day")
    assert list(rows) == [("entry", "recruited", TODAY), ("exit", "resigned", LATER)]


def test_what_is_refused(place):
    person = UserFactory()
    refused(lambda: staffing.enter(person, coming(place), by=UserFactory(), at=AT), "not_yours")
    refused(
        lambda: staffing.enter(person, coming(place, why="retired"), by=place.member, at=AT),
        "reason",
    )
    post = place.staff[0].posts.get()
    refused(lambda: staffing.leave(post, Going("selected", LATER), by=place.member, at=AT),
            "reason")  # fmt: skip
    own = place.member.posts.get()
    refused(lambda: staffing.leave(own, Going("retired", LATER), by=place.member, at=AT),
            "not_yours")  # fmt: skip
    staffing.leave(post, Going("retired", LATER), by=place.member, at=AT)
    refused(lambda: staffing.leave(post, Going("retired", LATER), by=place.member, at=AT),
            "wrong_state")  # fmt: skip


def test_a_new_level_ends_the_one_before(place):
    person, level = place.staff[0], TeamLevel.objects.get(team=place.team)
    staffing.set_level(person, Standing(place.team, None, TODAY), by=place.member, at=AT)
    staffing.set_level(person, Standing(place.team, level, LATER), by=place.member, at=AT)
    rows = Membership.objects.order_by("pk").values_list("level", "valid_from", "valid_to")
    assert list(rows) == [(None, TODAY, LATER), (level.pk, LATER, None)]


def test_levels_are_entered_by_who_leads_the_person(place):
    other = Team.objects.create(code="x", name="x", name_en="x", valid_from=TODAY)
    level = TeamLevel.objects.get(team=place.team)
    wanted = Standing(place.team, None, TODAY)
    for by in (place.staff[0], place.staff[1], make.make_place().member):
        with pytest.raises(RuleViolation) as refusal:
            staffing.set_level(place.staff[0], wanted, by=by, at=AT)
        assert refusal.value.code == "not_yours"
    with pytest.raises(RuleViolation) as refusal:
        staffing.set_level(place.staff[0], Standing(other, level, TODAY), by=place.member, at=AT)
    assert refusal.value.code == "other_team"
    assert not Membership.objects.exists()


def test_a_career_is_seen_by_oneself_and_by_who_leads(place):
    person = place.staff[0]
    assert sees_career(person, person, on=TODAY)
    assert sees_career(place.secretary, person, on=TODAY)
    head = PostFactory(role=Role.DEPARTMENT_HEAD, body=place.body).person
    assert sees_career(head, person, on=TODAY)
    for stranger in (place.staff[1], make.make_place().secretary, UserFactory()):
        assert not sees_career(stranger, person, on=TODAY)
        assert not Movement.objects.visible_to(stranger, on=TODAY).exists()


def test_the_six_teams_are_loaded_once(db):
    by = UserFactory.system()
    added = load_reference(by=by, at=AT)
    assert Team.objects.count() == 6
    assert added == 6 + TeamLevel.objects.count() + 1
    assert load_reference(by=by, at=AT) == 0
    skilled = TeamLevel.objects.filter(team__code="skilled").order_by("rank")
    assert [row.name for row in skilled][-2:] == ["特级技师", "首席技师"]


RAW = {
    "a reason stays": "UPDATE talent_movement SET why = 'resigned'",
    "a movement stays": "DELETE FROM talent_movement",
    "a reason fits": """
        INSERT INTO talent_movement (post_id, way, why, note, day, by_id, at)
        SELECT post_id, 'exit', 'selected', '', day, by_id, at FROM talent_movement
    """,
    "a place at least": "UPDATE talent_establishment SET places = 0",
}


@pytest.mark.parametrize("why", RAW)
def test_the_database_itself_refuses(place, why):
    staffing.enter(UserFactory(), coming(place), by=place.member, at=AT)
    Establishment.objects.create(body=place.body, role=Role.GRID_WORKER, places=3, valid_from=TODAY)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW[why])
