import datetime

import pytest
from django.db import IntegrityError, transaction

from lib.errors import NotYours, RuleViolation
from lib.roles import ADMINISTRATORS, Role
from organizations import services
from organizations.models import ChangeRecord, DutyHours, Post
from tests.factories.organizations import (
    LONG_AGO,
    BodyFactory,
    DutyHoursFactory,
    PostFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
NEW_YEAR = datetime.date(2027, 1, 1)
MORNING = (datetime.time(8), datetime.time(12))


def give(person, role, *, by, at):
    return services.give_post(
        person, body=BodyFactory(), role=role, valid_from=LONG_AGO, by=by, at=at
    )


def test_a_post_brings_its_role_for_its_days(system_admin, at):
    person, skill = UserFactory(), SkillFactory()
    post = services.give_post(
        person, body=BodyFactory(), role=Role.HANDLER, valid_from=TODAY, valid_to=NEW_YEAR,
        capacity=12, skills=[skill], by=system_admin, at=at,
    )  # fmt: skip
    assert (post.capacity, list(post.skills.all())) == (12, [skill])
    assert person.roles_on(TODAY) == {Role.HANDLER}
    assert person.roles_on(NEW_YEAR) == frozenset()
    assert person.roles_on(TODAY - datetime.timedelta(1)) == frozenset()


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_only_the_security_administrator_gives_administrators_posts(
    system_admin, security_admin, at, role
):
    person = UserFactory()
    with pytest.raises(NotYours):
        give(person, role, by=system_admin, at=at)
    assert Post.objects.filter(person=person).exists() is False
    assert give(person, role, by=security_admin, at=at).role == role


def test_nobody_gives_an_administrators_post_to_themselves(security_admin, at):
    with pytest.raises(NotYours):
        give(security_admin, Role.SYSTEM_ADMIN, by=security_admin, at=at)


def test_an_administrator_does_not_give_themselves_the_sight_of_cases(system_admin, at):
    with pytest.raises(NotYours):
        give(system_admin, Role.DISPATCHER, by=system_admin, at=at)
    assert system_admin.posts.count() == 1


def test_nobody_holds_two_of_the_three(security_admin, audit_admin, at):
    with pytest.raises(RuleViolation) as refusal:
        give(audit_admin, Role.SYSTEM_ADMIN, by=security_admin, at=at)
    assert refusal.value.code == "administrators_apart"
    services.end_post(audit_admin.posts.get(), on=TODAY, by=security_admin, at=at)
    services.give_post(
        audit_admin, body=BodyFactory(), role=Role.SYSTEM_ADMIN, valid_from=TODAY,
        by=security_admin, at=at,
    )  # fmt: skip
    assert Post.objects.filter(person=audit_admin).valid_on(TODAY).get().role == Role.SYSTEM_ADMIN


def test_who_holds_what_is_not_changed_in_place(system_admin, at):
    post = PostFactory(capacity=5)
    with pytest.raises(TypeError):
        services.change_post(post, role=Role.DISPATCHER, by=system_admin, at=at)
    assert services.change_post(post, capacity=7, by=system_admin, at=at).capacity == 7


def test_duty_hours_are_replaced_as_a_whole_and_recorded(system_admin, at):
    post = DutyHoursFactory().post
    services.set_duty_hours(post, hours=[(1, *MORNING), (0, *MORNING)], by=system_admin, at=at)
    assert list(post.duty_hours.order_by("weekday").values_list("weekday", flat=True)) == [0, 1]
    record = ChangeRecord.objects.of(post).get()
    assert record.before == {"duty_hours": [[0, "08:30", "17:30"]]}
    assert record.after == {"duty_hours": [[0, "08:00", "12:00"], [1, "08:00", "12:00"]]}


@pytest.mark.parametrize("hours", [(7, *MORNING), (0, MORNING[1], MORNING[0])])
def test_impossible_duty_hours_are_refused_and_the_old_ones_stay(system_admin, at, hours):
    post = DutyHoursFactory().post
    with pytest.raises(RuleViolation):
        services.set_duty_hours(post, hours=[hours], by=system_admin, at=at)
    assert DutyHours.objects.get().post == post


@pytest.mark.parametrize(
    "wrong", [{"weekday": 7}, {"ends": datetime.time(8, 30)}, {"ends": datetime.time(8)}]
)
def test_the_table_refuses_impossible_duty_hours(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyHoursFactory(**wrong)


def test_posts_are_seen_in_ones_own_bodies_and_below_or_by_administrators(audit_admin):
    mine = PostFactory()
    below = PostFactory(body=BodyFactory(parent=mine.body))
    elsewhere = PostFactory()
    assert set(Post.objects.visible_to(mine.person, on=TODAY)) == {mine, below}
    assert set(Post.objects.visible_to(UserFactory(), on=TODAY)) == set()
    assert elsewhere in Post.objects.visible_to(audit_admin, on=TODAY)
