"""One way in which a topic moves: lock, ask the table, save, append to its chain."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.models import Topic, TopicEvent
from consultation.services.actors import topic_actors_of
from consultation.workflow import TOPIC_MOVES, TopicState
from lib.chain import digest
from lib.errors import NotYours, WrongState
from organizations.models import User


def begin(topic: Topic, name: str, *, by: User, at: datetime.datetime) -> Topic:
    """The topic again, under its lock, if `by` may make the move."""
    locked = Topic.objects.select_for_update(of=("self",)).get(pk=topic.pk)
    row = TOPIC_MOVES[name]
    if not row.starts_from(locked.state):
        state = TopicState(locked.state).label
        raise WrongState(_("The topic has moved on: it is “%(state)s”.") % {"state": state})
    if not row.is_for(topic_actors_of(by, locked, at=at)):
        raise NotYours(_("This step belongs to somebody else."))
    return locked


def finish(
    topic: Topic,
    name: str,
    *,
    by: User,
    at: datetime.datetime,
    note: str = "",
    **changes: Any,
) -> Topic:
    """Bring the locked topic to where the table says, with `changes`."""
    before, target = topic.state, TOPIC_MOVES[name].leads_to(topic.state)
    for column, value in {**changes, "state": target}.items():
        setattr(topic, column, value)
    append(topic, name, before=before, by=by, at=at, note=note)
    topic.save(update_fields=["state", "version", "head", *changes])
    return topic


def append(
    topic: Topic, name: str, *, before: str, by: User, at: datetime.datetime, note: str = ""
) -> None:
    """The next event of the topic's chain; the caller saves `version` and `head`."""
    event = TopicEvent(
        topic=topic,
        number=topic.version + 1,
        previous_hash=topic.head,
        move=name,
        from_state=before,
        to_state=topic.state,
        note=note,
        by=by,
        at=at,
    )
    event.hash = digest(event.record(), previous=event.previous_hash)
    event.save(force_insert=True)
    topic.version, topic.head = event.number, event.hash


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
