"""Calls for volunteers that are open: mobilisation under way."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.scopes import in_reach
from lib.registry import Matter, MatterSource, verb_sources
from lib.roles import COMMITTEE
from organizations.models import User
from volunteers.models import Call
from volunteers.models.people import ORGANIZERS

MOST = 20


def calls(user: User) -> list[Matter]:
    near = in_reach(user, COMMITTEE | ORGANIZERS, on=timezone.localdate())
    return [
        Matter("volunteers.call", str(row.pk), row.title, reverse("volunteers:calls"), row.at)
        for row in Call.objects.open().filter(near).order_by("-pk")[:MOST]
    ]


def register() -> None:
    verb_sources.register(
        MatterSource("volunteers:calls", _("Calls for volunteers"), 10, calls, "mobilise")
    )
