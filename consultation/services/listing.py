"""One way in which a topic moves: lock, ask the table, save, append to its chain."""

import datetime

from django.db import transaction

from consultation.models import Topic, TopicEvent
from consultation.services.actors import topic_actors_of
from consultation.workflow import TOPIC_MOVES, TopicState
from lib.moving import Way
from organizations.models import User

TOPIC = Way(
    Topic,
    TopicEvent,
    TOPIC_MOVES,
    lambda state: TopicState(state).label,
    topic_actors_of,
    subject="topic",
)
begin, finish = TOPIC.begin, TOPIC.finish


@transaction.atomic
def take_up(topic: Topic, *, by: User, at: datetime.datetime) -> Topic:
    """A consultation begins about a listed topic. Raises WrongState, NotYours."""
    return finish(begin(topic, "take_up", by=by, at=at), "take_up", by=by, at=at)


@transaction.atomic
def put_back(topic: Topic, *, by: User, at: datetime.datetime) -> Topic:
    """Its consultation was stopped: it stands on the list again."""
    locked = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    if locked.state != TopicState.TAKEN_UP:
        return locked
    return finish(locked, "put_back", by=by, at=at)
