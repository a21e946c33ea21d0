import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from grids.models import Territory
from grids.scopes import Scope, scopes_of, within
from lib.roles import Role
from tests.factories.grids import (
    AreaMembershipFactory,
    BodyTerritoryFactory,
    PostTerritoryFactory,
    TerritoryFactory,
)
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

ON = datetime.date(2026, 6, 1)


def test_a_post_reaches_what_it_was_given_and_the_bodies_below_its_own(town):
    office = BodyFactory()
    team = BodyFactory(parent=office)
    crew = BodyFactory(parent=team)
    BodyFactory()
    post = PostFactory(body=office, role=Role.DEPARTMENT_HEAD)
    PostTerritoryFactory(post=post, territory=town.west)
    assert scopes_of(post.person, on=ON) == (
        Scope(
            post_id=post.pk,
            role="department_head",
            body_id=office.pk,
            body_ids=frozenset({office.pk, team.pk, crew.pk}),
            communities=frozenset({town.west.pk}),
        ),
    )


def test_a_post_without_territory_reaches_what_its_body_covers(town):
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=town.town)
    BodyTerritoryFactory(body=post.body, territory=town.north)
    (scope,) = scopes_of(post.person, on=ON)
    assert (scope.towns, scope.communities, scope.grids, scope.everywhere) == (
        {town.town.pk},
        frozenset(),
        {town.north.pk},
        False,
    )


def test_a_body_without_territory_reaches_what_the_next_body_above_covers(town):
    top = BodyFactory()
    middle = BodyFactory(parent=top)
    post = PostFactory(body=BodyFactory(parent=middle))
    BodyTerritoryFactory(body=top, territory=town.city)
    BodyTerritoryFactory(body=middle, territory=town.town)
    (scope,) = scopes_of(post.person, on=ON)
    assert (scope.towns, scope.everywhere) == ({town.town.pk}, False)


def test_the_city_is_everywhere(town):
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=town.city)
    (scope,) = scopes_of(post.person, on=ON)
    assert scope.everywhere
    everything = Territory.objects.count()
    assert Territory.objects.filter(within(scope)).count() == everything
    assert Territory.objects.filter(Q(pk__in=[]) | within(scope)).count() == everything
    assert scope.covers(town=None, community=None, grid=None)


def test_an_area_is_the_towns_that_belong_to_it_on_that_day(town):
    area = TerritoryFactory(area=True)
    AreaMembershipFactory(area=area, town=town.town)
    gone = TerritoryFactory(town=True)
    AreaMembershipFactory(area=area, town=gone, valid_to=datetime.date(2026, 6, 1))
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=area)
    (scope,) = scopes_of(post.person, on=ON)
    assert scope.towns == {town.town.pk}


def test_a_post_without_any_territory_reaches_nothing(db):
    post = PostFactory()
    (scope,) = scopes_of(post.person, on=ON)
    assert not scope.covers(town=1, community=1, grid=1)
    assert not scope.covers(town=None, community=None, grid=None)
    assert within(scope) == Q(pk__in=[])


@pytest.mark.parametrize("model", ["post", "body", "post territory", "body territory"])
def test_what_has_ended_reaches_nothing(town, model):
    ended = {"valid_to": ON}
    body = BodyFactory(**(ended if model == "body" else {}))
    post = PostFactory(body=body, **(ended if model == "post" else {}))
    if model == "post territory":
        PostTerritoryFactory(post=post, territory=town.west, **ended)
    if model == "body territory":
        BodyTerritoryFactory(body=body, territory=town.town, **ended)
    found = scopes_of(post.person, on=ON)
    assert all(not (s.towns or s.communities or s.grids or s.everywhere) for s in found)
    assert len(found) == (0 if model in {"post", "body"} else 1)


def test_a_person_with_two_posts_has_two_scopes(town):
    person = UserFactory()
    one = PostFactory(person=person)
    two = PostFactory(person=person, role=Role.VERIFIER)
    BodyTerritoryFactory(body=two.body, territory=town.town)
    assert [scope.post_id for scope in scopes_of(person, on=ON)] == [one.pk, two.pk]


def test_strangers_and_the_dismissed_have_none(db):
    post = PostFactory(person__is_active=False)
    assert scopes_of(post.person, on=ON) == ()
    assert scopes_of(AnonymousUser(), on=ON) == ()
    assert scopes_of(UserFactory(), on=ON) == ()


def test_it_is_read_once_per_day_and_person(town, django_assert_num_queries):
    post = PostFactory()
    BodyTerritoryFactory(body=post.body, territory=town.town)
    with django_assert_num_queries(4):
        scopes_of(post.person, on=ON)
    with django_assert_num_queries(0):
        scopes_of(post.person, on=ON)
    with django_assert_num_queries(4):
        scopes_of(post.person, on=ON + datetime.timedelta(days=1))


def test_more_posts_cost_no_more_queries(town, django_assert_num_queries):
    person = UserFactory()
    for _ in range(3):
        post = PostFactory(person=person)
        BodyTerritoryFactory(body=post.body, territory=town.town)
        PostTerritoryFactory(post=PostFactory(person=person), territory=town.north)
    area = TerritoryFactory(area=True)
    BodyTerritoryFactory(body=post.body, territory=area)
    with django_assert_num_queries(5):
        assert len(scopes_of(person, on=ON)) == 6


def test_the_filter_names_the_columns():
    scope = Scope(1, "handler", 1, frozenset({1}), False, frozenset({5, 3}), grids=frozenset({9}))
    assert within(scope, prefix="case__") == (
        Q(pk__in=[]) | Q(case__town__in=[3, 5]) | Q(case__grid__in=[9])
    )
    assert scope.covers(town=3, community=None, grid=None)
    assert scope.covers(town=None, community=None, grid=9)
    assert not scope.covers(town=9, community=9, grid=3)
