"""A person's load changes by one conditional UPDATE that tests the post's capacity as it writes."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Subquery, Value, When

from organizations.models import Post
from routing.models import Load


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One task of so many points for a post."""

    post_id: int
    points: int


def take_load(post_id: int, *, points: int, at: datetime.datetime) -> bool:
    """Put a task on a post if it has room; whether it had."""
    _make_rows([post_id])
    # Read by the statement itself: a joined row would be a copy from before the lock.
    capacity = Subquery(Post.objects.filter(pk=post_id).values("capacity"))
    room = Load.objects.filter(post=post_id, points__lte=capacity - points)
    return bool(room.update(**_more(Value(points), Value(1), at)))


def force_load(post_id: int, *, points: int, at: datetime.datetime) -> None:
    """Put a task on a post whatever lies on it: a person has decided so, or it comes back."""
    _make_rows([post_id])
    Load.objects.filter(post=post_id).update(**_more(Value(points), Value(1), at))


def take_load_many(requests: Sequence[LoadRequest], *, at: datetime.datetime) -> list[bool]:
    """Which of the tasks found room, in their order: four statements for any number.

    The rows are locked in the order of their posts, so that two batches never wait in a ring.
    """
    posts = sorted({request.post_id for request in requests})
    if not posts:
        return []
    with transaction.atomic():
        _make_rows(posts)
        locked = Load.objects.filter(post__in=posts).select_for_update(of=("self",))
        rows = locked.select_related("post").order_by("post_id")
        room = {row.post_id: row.post.capacity - row.points for row in rows}
        points: Counter[int] = Counter()
        tasks: Counter[int] = Counter()
        answers = []
        for request in requests:
            fits = request.points <= room[request.post_id]
            if fits:
                room[request.post_id] -= request.points
                points[request.post_id] += request.points
                tasks[request.post_id] += 1
            answers.append(fits)
        if tasks:
            more = _more(_by_post(points), _by_post(tasks), at)
            Load.objects.filter(post__in=sorted(tasks)).update(**more)
    return answers


def give_back_load(post_id: int, *, points: int) -> None:
    """Take a task off a post. More than lies there is refused by the database."""
    Load.objects.filter(post=post_id).update(points=F("points") - points, tasks=F("tasks") - 1)


def give_back_many(requests: Iterable[LoadRequest]) -> None:
    """Take tasks off several posts: two statements for any number, rows in the order of posts."""
    points: Counter[int] = Counter()
    tasks: Counter[int] = Counter()
    for request in requests:
        points[request.post_id] += request.points
        tasks[request.post_id] += 1
    rows = Load.objects.filter(post__in=sorted(tasks))
    with transaction.atomic():
        list(rows.select_for_update().order_by("post_id").values_list("post_id"))
        rows.update(points=F("points") - _by_post(points), tasks=F("tasks") - _by_post(tasks))


def _make_rows(posts: Sequence[int]) -> None:
    """A post has a row from its first task on."""
    known = set(Load.objects.filter(post__in=posts).values_list("post_id", flat=True))
    missing = [Load(post_id=post) for post in posts if post not in known]
    if missing:
        Load.objects.bulk_create(missing, ignore_conflicts=True)


def _more(points: Any, tasks: Any, at: datetime.datetime) -> dict[str, Any]:
    return {"points": F("points") + points, "tasks": F("tasks") + tasks, "last_given_at": at}


def _by_post(amounts: Counter[int]) -> Case:
    whens = [When(post=post, then=Value(amount)) for post, amount in sorted(amounts.items())]
    return Case(*whens, default=Value(0), output_field=IntegerField())
