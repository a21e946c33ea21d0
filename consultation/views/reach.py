"""What every page of consultation has in common: who reads, and which consultation."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from consultation.models import Consultation, Topic
from consultation.workflow import HOSTS
from grids.models import Level, Territory
from grids.scopes import scopes_of
from organizations.http import reader
from organizations.models import Body, User


def visible(request: HttpRequest, number: str) -> Consultation:
    """The consultation, if this person may see it; else 404."""
    user, on = reader(request)
    rows = Consultation.objects.visible_to(user, on=on).with_names()
    return get_object_or_404(rows, number=number)


def public(number: str) -> Consultation:
    """The consultation as everybody sees it, else 404."""
    return get_object_or_404(Consultation.objects.published().with_names(), number=number)


def community_of(code: str) -> Territory:
    rows = Territory.objects.at_level(Level.COMMUNITY).select_related("parent")
    found: Territory = get_object_or_404(rows, code=code)
    return found


def places_of(user: User, *, on: datetime.date, topic: Topic | None) -> dict[str, Any]:
    """Body, town and community of a new consultation: the topic's place, else the host's own."""
    scope = next(scope for scope in scopes_of(user, on=on) if scope.role in HOSTS)
    body = Body.objects.get(pk=scope.body_id)
    if topic is not None:
        return {"body": body, "town": topic.town, "community": topic.community}
    if scope.communities:
        community = Territory.objects.select_related("parent").get(pk=min(scope.communities))
        return {"body": body, "town": community.parent, "community": community}
    town = Territory.objects.filter(pk__in=scope.towns).order_by("pk").first()
    return {"body": body, "town": town, "community": None}
