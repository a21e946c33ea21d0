"""What a person is to a topic or a consultation: posts say so, no account does."""

import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation.models import Consultation, Topic
from consultation.workflow import HOSTS, PARTY, SCREENERS, Actor, TopicActor
from grids.scopes import scopes_of
from lib.errors import NotYours
from lib.roles import Role
from organizations.models import User


def roles_for(user: User, place: Topic | Consultation, *, at: datetime.datetime) -> set[str]:
    """The roles that `user` holds where the topic or consultation lies."""
    where = {"town": place.town_id, "community": place.community_id, "grid": place.grid_id}
    scopes = scopes_of(user, on=localdate(at))
    return {scope.role for scope in scopes if scope.covers(**where)}


def actors_of(user: User, found: Consultation, *, at: datetime.datetime) -> frozenset[Actor]:
    if user.is_system:
        return frozenset({Actor.CLOCK})
    roles, actors = roles_for(user, found, at=at), set()
    if roles & HOSTS or found.host_id == user.pk:
        actors.add(Actor.HOST)
    if roles & PARTY:
        actors.add(Actor.PARTY)
    if Role.SUPERVISOR in roles:
        actors.add(Actor.SUPERVISOR)
    return frozenset(actors)


def topic_actors_of(user: User, topic: Topic, *, at: datetime.datetime) -> frozenset[TopicActor]:
    roles, actors = roles_for(user, topic, at=at), set()
    for part, actor in (
        (SCREENERS, TopicActor.SCREENER),
        (PARTY, TopicActor.PARTY),
        (HOSTS, TopicActor.HOST),
    ):
        if roles & part:
            actors.add(actor)
    return frozenset(actors)


def demand(user: User, found: Consultation, *actors: Actor, at: datetime.datetime) -> None:
    if actors_of(user, found, at=at).isdisjoint(actors):
        raise NotYours(_("This step belongs to somebody else."))
