import datetime

import pytest

from lib.errors import RuleViolation
from organizations import services
from organizations.models import Body, ChangeRecord
from tests.factories.organizations import (
    LONG_AGO,
    BodyFactory,
    BodyKindFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime.date(2027, 1, 1)
TODAY = datetime.date(2026, 11, 23)


def test_a_body_is_made_below_another(system, at):
    parent = BodyFactory()
    body = services.make_body(
        kind=BodyKindFactory(), code="urban", name="城管办", name_en="Urban", parent=parent,
        valid_from=LONG_AGO, by=system, at=at,
    )  # fmt: skip
    assert set(Body.objects.below(parent)) == {parent, body}


def test_the_parent_and_the_end_have_services_of_their_own(system, at):
    for values in ({"parent": None}, {"valid_to": NEW_YEAR}):
        with pytest.raises(TypeError):
            services.change_body(BodyFactory(), by=system, at=at, **values)


def test_a_body_cannot_hang_below_itself(system, at):
    top = BodyFactory()
    low = BodyFactory(parent=BodyFactory(parent=top))
    with pytest.raises(RuleViolation):
        services.move(top, parent=low, by=system, at=at)
    top.refresh_from_db()
    assert (top.parent, ChangeRecord.objects.count()) == (None, 0)


def test_moving_takes_everything_below_along(system, at):
    old, new = BodyFactory(), BodyFactory()
    body = BodyFactory(parent=old)
    child = BodyFactory(parent=body)
    services.move(body, parent=new, by=system, at=at)
    assert set(Body.objects.below(new)) == {new, body, child}
    assert set(Body.objects.below(old)) == {old}


def test_a_body_ends_only_after_what_it_holds(system, at):
    body = BodyFactory()
    child = BodyFactory(parent=body)
    with pytest.raises(RuleViolation) as refusal:
        services.end_body(body, on=NEW_YEAR, by=system, at=at)
    assert refusal.value.code == "has_bodies"
    services.end_body(child, on=NEW_YEAR, by=system, at=at)
    post = PostFactory(body=body)
    with pytest.raises(RuleViolation) as refusal:
        services.end_body(body, on=NEW_YEAR, by=system, at=at)
    assert refusal.value.code == "has_posts"
    services.end_post(post, on=NEW_YEAR, by=system, at=at)
    assert services.end_body(body, on=NEW_YEAR, by=system, at=at).valid_to == NEW_YEAR


def test_a_stranger_sees_no_body_and_a_holder_of_a_post_all():
    body = PostFactory().body
    person = PostFactory().person
    assert set(Body.objects.visible_to(person, on=TODAY)) == {body, person.posts.get().body}
    assert set(Body.objects.visible_to(UserFactory(), on=TODAY)) == set()
