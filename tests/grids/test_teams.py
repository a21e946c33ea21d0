"""Teams: parts in them, what residents read, and what is forgotten."""

import pytest
from django.db import IntegrityError, transaction

from grids import services
from grids.models import PublicCard, TeamMember
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from organizations.models import ChangeRecord
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
from tests.grids.duty import DAY, asked, join, now, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_whoever_walks_a_grid_is_given_it_and_loses_it_with_the_part(town, house):
    post = PostFactory(body=house.body, role=Role.GRID_WORKER)
    member = join(town.north, "part_time", post=post, since=today() - DAY)
    assert post.territories.get().territory == town.north
    services.leave_team(member, on=today(), by=UserFactory(), at=now())
    assert post.territories.get().valid_to == today()


def test_a_second_part_keeps_the_grid(town, house):
    join(town.north, "full_time", post=house.one, since=today() - DAY)
    head = join(town.north, "head", post=house.one, since=today() - DAY)
    services.leave_team(head, on=today(), by=UserFactory(), at=now())
    assert house.one.territories.get().valid_to is None


def test_a_grid_has_one_head_and_nobody_the_same_part_twice(town, house):
    join(town.north, "head", post=house.one)
    with pytest.raises(RuleViolation, match="has a head"):
        join(town.north, "head", post=house.two)
    join(town.north, "police", name="何强")
    with pytest.raises(RuleViolation, match="that part already"):
        join(town.north, "police", name="何强")
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.create(
            territory=town.north, role="head", post=house.two, valid_from=today()
        )


def test_a_town_has_no_team_and_a_member_is_a_post_or_a_name(town, house):
    with pytest.raises(RuleViolation, match="grid or to a community"):
        join(town.town, "head", post=house.one)
    for values in ({}, {"post": house.one, "name": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMember.objects.create(
                territory=town.north, role="fire", valid_from=today(), **values
            )


def agree(post, *, by):
    services.set_public_card(post, shows_name=True, phone="", by=by, at=now())


def test_only_oneself_decides_what_residents_read(house):
    with pytest.raises(NotYours):
        services.set_public_card(
            house.one, shows_name=True, phone="", by=house.two.person, at=now()
        )
    assert PublicCard.objects.count() == 0
    agree(house.one, by=house.one.person)
    record = ChangeRecord.objects.get(action="consent")
    assert record.after == {"shows_name": True, "has_phone": False}


def spelled(records):
    return str([(row.before, row.after) for row in records])


def test_no_record_keeps_the_name_of_a_member_nor_why_somebody_was_away(town, house):
    member = join(town.north, "legal", name="何大律师", phone="13812345678", since=today() - DAY)
    services.leave_team(member, on=today(), by=UserFactory(), at=now())
    leave = asked(house, reason="住院手术")
    services.move_leave(leave, "refuse", by=house.head.person, at=now(), note="请补诊断书")
    records = [*ChangeRecord.objects.of(member), *ChangeRecord.objects.of(leave)]
    assert len(records) == 4
    kept = spelled(records)
    for told in ("何大律师", "13812345678", "手术", "诊断"):
        assert told not in kept
    assert "何***" in kept


def test_former_members_and_reasons_of_past_leave_are_forgotten_after_a_month(town, house):
    left = join(
        town.north, "legal", name="何大律师", phone="0769-83361148", since=today() - 9 * DAY
    )
    stays = join(town.north, "police", name="罗警官", phone="0769-83361110", shows_name=True)
    leave = asked(house, reason="住院手术")
    services.leave_team(left, on=today(), by=UserFactory(), at=now())
    assert services.forget_the_past(on=today() + 29 * DAY) == 0
    assert services.forget_the_past(on=today() + 40 * DAY) == 2
    assert services.forget_the_past(on=today() + 40 * DAY) == 0
    for row in (left, stays, leave):
        row.refresh_from_db()
    assert (left.name, left.phone, left.shows_name) == ("何***", "", False)
    assert (stays.name, stays.shows_name) == ("罗警官", True)
    assert (leave.reason, leave.first_day) == ("", today())


def test_who_may_take_a_part_works_for_a_body_that_answers_for_the_place(town, house):
    below = PostFactory(body=BodyFactory(parent=house.body), role=Role.GRID_WORKER)
    other = BodyFactory()
    BodyTerritoryFactory(body=other, territory=town.east)
    PostFactory(body=other, role=Role.GRID_WORKER)
    PostFactory(body=house.body, role=Role.SYSTEM_ADMIN)
    gone = PostFactory(body=house.body, role=Role.GRID_WORKER)
    gone.person.is_active = False
    gone.person.save(update_fields=["is_active"])
    found = set(services.posts_for(town.north, on=today()))
    assert found == {house.head, house.one, house.two, below}
