"""What opinions offer to pages: the public part, my opinions, queues, references, holdings."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation import opinion_notifications, opinion_pictures
from consultation.models import OPINION, Appeal, Consultation, Opinion
from consultation.services import opinion_files, opinion_gates
from consultation.workflow import HOSTS, PARTY
from lib import registry
from lib.registry import Holding, Panel, Queue, Reference
from organizations.models import User

MINE = 10


def _reach(user: User) -> Any:
    return Consultation.objects.visible_to(user, on=timezone.localdate())


def _to_release(user: User) -> int:
    return Opinion.objects.waiting().in_reach_of(_reach(user)).count()


def _to_answer(user: User) -> int:
    """Only where opinions have ended: before, there is no hurry."""
    rows = Opinion.objects.unanswered().in_reach_of(_reach(user).running())
    return rows.exclude(consultation__stage__kind__in=["notice", "ideas", "opinions"]).count()


def _appeals(user: User) -> int:
    return Appeal.objects.filter(decision=None, opinion__consultation__in=_reach(user)).count()


def _my_opinions(_request: HttpRequest, user: User) -> dict[str, Any] | None:
    rows = Opinion.objects.by_author(user).select_related("consultation", "answer", "hiding")
    return {"opinions": rows.order_by("-pk")[:MINE]}


def _resolve(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """To the author and to everybody who may read it, its page."""
    rows = Opinion.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {
        str(row.pk): Reference(
            row.consultation.title,
            f"/consultations/{row.consultation.number}/opinions/{row.root_id or row.pk}/",
        )
        for row in rows.select_related("consultation")
        if row.author_id == getattr(user, "pk", None) or not row.is_confidential
    }


def _copied(person: User) -> list[dict[str, Any]]:
    rows = Opinion.objects.filter(author=person).order_by("pk").select_related("consultation")
    return [
        {
            "consultation": row.consultation.number,
            "said_at": row.said_at,
            "stand": row.stand,
            "text": row.text,
            "in_confidence": row.is_confidential,
            "state": row.state,
        }
        for row in rows
    ]


def _erased(person: User, _at: datetime.datetime) -> None:
    """What was said in public stays without its name; what was said in confidence goes."""
    rows = Opinion.objects.filter(author=person)
    for row in rows.filter(is_confidential=True).prefetch_related("files"):
        opinion_files.erase(row.files.all())
    rows.filter(is_confidential=True).update(text="", public_text="")
    rows.update(shown_as="")


def register() -> None:
    opinion_gates.register()
    opinion_notifications.register_wordings()
    registry.references.register(OPINION, _resolve)
    registry.holdings.register(Holding("opinions", 40, _copied, _erased))
    registry.panels.register(
        "consultation:published_consultation",
        Panel("opinions", 40, "consultation/public/_opinions.html", opinion_pictures.panel),
    )
    registry.panels.register(
        "organizations:me", Panel("opinions", 40, "consultation/_my_opinions.html", _my_opinions)
    )
    page = cast("str", reverse_lazy("consultation:opinions_waiting"))
    for key, label, order, roles, count in (
        ("opinions-release", _("Opinions to release"), 310, HOSTS, _to_release),
        ("opinions-answer", _("Opinions to answer"), 320, HOSTS, _to_answer),
        ("opinions-appeals", _("Appeals against hidden opinions"), 330, HOSTS | PARTY, _appeals),
    ):
        registry.queues.register(Queue(key, label, order, roles, count, page))
