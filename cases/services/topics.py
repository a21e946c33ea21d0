"""Hot topics are searched for, keep their number, and become proactive cases."""

import datetime
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, Channel, ProactiveCase, Topic, TopicCase, TopicRun
from cases.services.intake import Matter, log
from cases.topics.clustering import clusters_of
from cases.topics.heat import heat_of
from cases.topics.names import crowd_in, place_in
from cases.topics.posts import Cluster, Post
from cases.workflow import State
from lib.errors import NotYours, RuleViolation
from lib.roles import COMMITTEE, Role
from organizations.models import User
from routing.words.normal import whole

logger = logging.getLogger(__name__)

# What is older is no topic of today; what is more in number is cut to its newest.
WINDOW = datetime.timedelta(days=60)
MOST = 10_000
# Less hot topics are of no use to anybody.
MOST_TOPICS = 50
# A run that has not ended by then has died with its worker.
LONGEST_RUN = datetime.timedelta(minutes=15)
STARTERS = COMMITTEE | {Role.DISPATCHER, Role.DUTY_OFFICER, Role.COMMUNITY_WORKER}
SEARCHERS = COMMITTEE | {Role.DISPATCHER, Role.DUTY_OFFICER, Role.SYSTEM_ADMIN}
_NO_COMPLAINT = [State.REJECTED, State.CANCELLED, State.VOID, State.SPLIT]
Step = TopicRun.Step


# -- Asking for a search ---------------------------------------------------------------------------


def ask_for_topics(*, by: User, at: datetime.datetime) -> TopicRun:
    """A search that the queue begins at once; the one that runs already where there is one."""
    run = open_run(by=by, at=at)
    if run.asked_at == at:
        transaction.on_commit(partial(_wake, run.pk))
    return run


def open_run(*, by: User, at: datetime.datetime) -> TopicRun:
    """A new run, or the one that is open. One that has died with its worker is closed first."""
    TopicRun.objects.filter(is_open=True, asked_at__lt=at - LONGEST_RUN).update(
        is_open=False, ended_at=at, step=Step.FAILED
    )
    try:
        with transaction.atomic():
            return TopicRun.objects.create(asked_by=by, asked_at=at)
    except IntegrityError:
        return TopicRun.objects.get(is_open=True)


def _wake(key: int) -> None:
    current_app.signature("cases.tasks.search_topics").apply_async((key,), retry=False)


def search_topics(run: TopicRun, *, at: datetime.datetime) -> TopicRun:
    """Do what was asked for; its steps can be watched. A run that has ended stays as it is."""
    if not run.is_open:
        return run
    try:
        _search(run, at=at)
    except Exception:
        logger.exception("the search for topics failed")
        _end(run, Step.FAILED, at=at)
        raise
    return run


def _search(run: TopicRun, *, at: datetime.datetime) -> None:
    _tell(run, Step.READING)
    posts = _posts(at)
    _tell(run, Step.GROUPING, read=len(posts))
    clusters = clusters_of(posts)
    _tell(run, Step.WRITING)
    found = write_topics(clusters, at=at)
    _end(run, Step.DONE, at=at, found=found)


def _tell(run: TopicRun, step: str, **values: Any) -> None:
    TopicRun.objects.filter(pk=run.pk).update(step=step, **values)


def _end(run: TopicRun, step: str, *, at: datetime.datetime, **values: Any) -> None:
    _tell(run, step, is_open=False, ended_at=at, **values)
    run.refresh_from_db()


def _posts(at: datetime.datetime) -> list[Post]:
    rows = (
        Case.objects.filter(created_at__gt=at - WINDOW, created_at__lte=at)
        .exclude(state__in=_NO_COMPLAINT)
        .exclude(channel=Channel.PROACTIVE)
        .order_by("-id")
        .values_list("pk", "created_at", "title", "text", "community_id", "reporter__person_id")
    )
    return [
        Post(key, when, title, whole(title, text), place=place, author=author)
        for key, when, title, text, place, author in rows[:MOST]
    ]


# -- Writing what was found ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A cluster with its heat and the facts of its cases."""

    cluster: Cluster
    values: dict[str, Any]

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(post.key for post in self.cluster.posts)


@transaction.atomic
def write_topics(clusters: Sequence[Cluster], *, at: datetime.datetime) -> int:
    """Store the hottest clusters. One that has kept most cases of a topic is that topic; topics
    that no cluster continues have ended. How many topics there are now."""
    found = sorted(
        (_found(cluster, at) for cluster in clusters), key=lambda one: -one.values["heat"]
    )[:MOST_TOPICS]
    known = list(Topic.objects.current().select_for_update().hottest_first())
    members = _members(known)
    kept = _continued(found, known, members)
    for one in found:
        _write(one, kept.get(one.keys), at=at)
    gone = {topic.pk for topic in known} - {topic.pk for topic in kept.values()}
    Topic.objects.filter(pk__in=gone).update(ended_at=at)
    return len(found)


def _found(cluster: Cluster, at: datetime.datetime) -> _Found:
    heat = heat_of(cluster, until=at)
    facts = Case.objects.filter(pk__in=[post.key for post in cluster.posts])
    rows = list(facts.values_list("category_id", "town_id", "community_id"))
    category, town, community = (_most(column) for column in zip(*rows, strict=True))
    values = {
        "title": cluster.posts[0].title,
        "words": list(cluster.words),
        "place_words": place_in(cluster)[:80],
        "crowd": crowd_in(cluster)[:40],
        "category_id": category,
        "town_id": town,
        "community_id": community,
        "number": heat.number,
        "people": heat.people,
        "growth": heat.growth,
        "spread": heat.spread,
        "votes": heat.votes,
        "heat": heat.value,
        "first_at": cluster.first_at,
        "last_at": cluster.last_at,
        "computed_at": at,
    }
    return _Found(cluster, values)


def _most(column: Sequence[int | None]) -> int | None:
    """What more than half of the cases say."""
    value, number = Counter(column).most_common(1)[0]
    return value if number * 2 > len(column) else None


def _members(topics: Sequence[Topic]) -> dict[int, set[int]]:
    members: dict[int, set[int]] = {topic.pk: set() for topic in topics}
    for topic, case in TopicCase.objects.filter(topic__in=members).values_list("topic", "case"):
        members[topic].add(case)
    return members


def _continued(
    found: Sequence[_Found], known: Sequence[Topic], members: dict[int, set[int]]
) -> dict[frozenset[int], Topic]:
    """Which topic a cluster continues: the one most of whose cases, of those still looked at, it
    holds. Each topic is continued once, by the cluster that holds the most of it."""
    looked_at = set().union(*(one.keys for one in found))
    claims = []
    for topic in known:
        still = members[topic.pk] & looked_at
        for one in found:
            shared = len(still & one.keys)
            if shared * 2 > len(still):
                claims.append((-shared, topic.pk, one.keys, topic))
    kept: dict[frozenset[int], Topic] = {}
    for _shared, _key, keys, topic in sorted(claims, key=lambda claim: claim[:2]):
        if keys not in kept and topic not in kept.values():
            kept[keys] = topic
    return kept


def _write(one: _Found, topic: Topic | None, *, at: datetime.datetime) -> None:
    if topic is None:
        topic = Topic.objects.create(made_at=at, **one.values)
    else:
        Topic.objects.filter(pk=topic.pk).update(**one.values)
        TopicCase.objects.filter(topic=topic).delete()
    TopicCase.objects.bulk_create(
        TopicCase(topic=topic, case_id=post.key, rank=rank)
        for rank, post in enumerate(one.cluster.posts)
    )


# -- From a topic to work --------------------------------------------------------------------------


def start_proactive(
    topic: Topic,
    *,
    by: User,
    at: datetime.datetime,
    client_key: str | None = None,
    **matter: Unpack[Matter],
) -> Case:
    """Open a case that goes to the root of a topic; it is routed like every other.

    The same `client_key` again is answered with the case that it made. Raises NotYours,
    RuleViolation.
    """
    if by.roles_on(timezone.localdate(at)).isdisjoint(STARTERS):
        raise NotYours(_("Proactive cases are opened by dispatchers and the committee."))
    if not matter.get("text", "").strip():
        raise RuleViolation(_("Write what shall be done about it."), code="empty")
    with transaction.atomic():
        case = log(by=by, at=at, channel=Channel.PROACTIVE, client_key=client_key, **matter)
        ProactiveCase.objects.get_or_create(case=case, defaults={"topic": topic})
    return case
