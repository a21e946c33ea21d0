"""Points on a person: never more than the capacity, whoever asks first."""

import datetime
import random
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from routing.models import Load
from routing.services import (
    LoadRequest,
    force_load,
    give_back_load,
    give_back_many,
    take_load,
    take_load_many,
)
from tests.factories.organizations import PostFactory
from tests.races import at_once

AT = datetime.datetime(2026, 11, 23, 1, tzinfo=datetime.UTC)


def lies_on(post):
    row = Load.objects.get(post=post)
    return row.points, row.tasks, row.last_given_at


@pytest.mark.django_db
def test_a_post_takes_what_fits_and_refuses_what_does_not():
    post = PostFactory(capacity=5)
    assert [take_load(post.pk, points=3, at=AT) for _again in range(2)] == [True, False]
    assert lies_on(post) == (3, 1, AT)


@pytest.mark.django_db
def test_a_decision_goes_beyond_the_capacity_and_a_task_goes_back():
    post = PostFactory(capacity=1)
    force_load(post.pk, points=3, at=AT)
    assert lies_on(post) == (3, 1, AT)
    give_back_load(post.pk, points=3)
    assert lies_on(post) == (0, 0, AT)


@pytest.mark.django_db
def test_nothing_can_be_given_back_that_was_not_taken():
    post = PostFactory()
    take_load(post.pk, points=1, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        give_back_load(post.pk, points=2)
    assert lies_on(post) == (1, 1, AT)


@pytest.mark.django_db
def test_many_are_answered_in_their_order():
    one, two = PostFactory(capacity=4), PostFactory(capacity=1)
    asked = [(one, 3), (two, 1), (one, 2), (one, 1), (two, 1)]
    requests = [LoadRequest(post.pk, points) for post, points in asked]
    assert take_load_many(requests, at=AT) == [True, True, False, True, False]
    assert (lies_on(one), lies_on(two)) == ((4, 2, AT), (1, 1, AT))
    give_back_many([requests[0], requests[1], requests[3]])
    assert (lies_on(one), lies_on(two)) == ((0, 0, AT), (0, 0, AT))


@pytest.mark.django_db
def test_many_cost_the_same_statements(django_assert_num_queries):
    posts = PostFactory.create_batch(3)
    take_load_many([LoadRequest(post.pk, 1) for post in posts], at=AT)
    with django_assert_num_queries(5):  # with the savepoint and its release
        take_load_many([LoadRequest(posts[0].pk, 1)], at=AT)
    with django_assert_num_queries(5):
        take_load_many([LoadRequest(post.pk, 1) for post in posts], at=AT)


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_get_no_more_than_there_is():
    post = PostFactory(capacity=3)
    answers = []

    def ask():
        try:
            answers.append(take_load(post.pk, points=1, at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _again in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(answers), lies_on(post)) == ([False] * 5 + [True] * 3, (3, 3, AT))


@pytest.mark.django_db(transaction=True)
def test_processes_that_take_and_give_back_never_exceed_the_capacity():
    posts = [PostFactory(capacity=capacity) for capacity in (1, 5, 20)]

    def work(number):
        """One by one and in batches; keeps what it took last."""
        chance, held, most = random.Random(number), [], 0
        for _round in range(25):
            asked = [
                LoadRequest(chance.choice(posts).pk, chance.randint(1, 3))
                for _each in range(chance.randint(1, 6))
            ]
            if len(asked) == 1:
                (one,) = asked
                taken = [take_load(one.post_id, points=one.points, at=AT)]
            else:
                taken = take_load_many(asked, at=AT)
            held += [request for request, had_room in zip(asked, taken, strict=True) if had_room]
            over = Load.objects.filter(points__gt=F("post__capacity")).count()
            most = max(most, over)
            if chance.random() < 0.6:
                chance.shuffle(held)
                half = len(held) // 2
                give_back_many(held[:half])
                held = held[half:]
        return most, [(request.post_id, request.points) for request in held]

    answers = at_once(6, work)
    kept = [each for _most, held in answers for each in held]
    assert [most for most, _held in answers] == [0] * 6
    for post in posts:
        points = [points for post_id, points in kept if post_id == post.pk]
        assert lies_on(post)[:2] == (sum(points), len(points))


@pytest.mark.django_db
def test_giving_back_many_costs_the_same_statements(django_assert_num_queries):
    posts = PostFactory.create_batch(3)
    requests = [LoadRequest(post.pk, 1) for post in posts for _twice in range(2)]
    take_load_many(requests, at=AT)
    with django_assert_num_queries(4):  # with the savepoint and its release
        give_back_many(requests[:1])
    with django_assert_num_queries(4):
        give_back_many(requests[1:])
    assert [lies_on(post)[:2] for post in posts] == [(0, 0)] * 3
