"""The load of people beside their posts and pay."""

import pytest
from django.urls import reverse

from lib.roles import Role
from routing.models import Load
from tests.factories import talent as make
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_load_of_ones_own_bodies_stands_beside_the_pay(client, language):
    place = make.make_place()
    post = PostFactory(role=Role.GRID_WORKER, body=place.body, capacity=40)
    Load.objects.create(post=post, points=37, tasks=23)
    elsewhere = PostFactory(role=Role.GRID_WORKER, capacity=40)
    Load.objects.create(post=elsewhere, points=31, tasks=19)
    client.force_login(place.secretary)
    client.cookies["django_language"] = language
    shown = client.get(reverse("talent:staffing")).content.decode()
    assert 'aria-labelledby="load-heading"' in shown
    assert ">23<" in shown
    assert ">19<" not in shown


def test_without_people_who_take_tasks_there_is_no_load(client):
    place = make.make_place()
    place.body.posts.update(capacity=0)
    client.force_login(place.secretary)
    shown = client.get(reverse("talent:staffing")).content.decode()
    assert 'aria-labelledby="load-heading"' not in shown
