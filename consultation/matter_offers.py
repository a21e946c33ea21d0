"""What topics, stages and objections offer to other pages: menu, queues, panels, holdings."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultation.models import (
    Consultation,
    Objection,
    PartyReview,
    Reopening,
    Topic,
    TopicRating,
)
from consultation.models.matters import ConsultationQuerySet
from consultation.services.gates import window_closes
from consultation.services.objecting import may_object
from consultation.workflow import HOSTS, PARTY, READERS, SCREENERS, TopicState
from lib.registry import (
    Holding,
    MenuEntry,
    Panel,
    Queue,
    Reference,
    holdings,
    menu,
    panels,
    queues,
    references,
)
from lib.roles import Role
from organizations.models import User

OF_TOPIC = "consultation.topic"
GONE = "—"
SHOWN = 10


def register() -> None:
    menu.register(
        MenuEntry("consultation:topics", pgettext_lazy("of consultations", "Topics"),
                  "consultation:topics", "bulb", READERS, order=49)
    )  # fmt: skip
    for key, label, order, roles, count, url in QUEUES:
        queues.register(Queue(f"consultation:{key}", label, order, roles, count, cast("str", url)))
    panels.register(
        "consultation:published_consultation",
        Panel("objections", 60, "consultation/public/_objections.html", objections_of),
    )
    panels.register("organizations:me", Panel("topics", 45, "consultation/_my_topics.html", mine))
    references.register(OF_TOPIC, name_topics)
    holdings.register(Holding("topics", 50, export, erase))


# -- Queues ------------------------------------------------------------------------------


def _topics(user: User, state: str) -> QuerySet[Topic]:
    return Topic.objects.visible_to(user, on=timezone.localdate()).filter(state=state)


def _to_screen(user: User) -> int:
    return _topics(user, TopicState.PROPOSED).count()


def _to_admit(user: User) -> int:
    """What somebody screened himself, he does not pass."""
    return _topics(user, TopicState.SCREENED).exclude(screened_by=user).count()


def _reach(user: User) -> ConsultationQuerySet:
    return Consultation.objects.visible_to(user, on=timezone.localdate())


def waiting_for_party(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Under way in a stage that the party organisation has not passed yet."""
    passed = PartyReview.objects.filter(passed=True).values("stage")
    return rows.filter(state="running", stage__needs_party=True).exclude(stage__in=passed)


def _to_review(user: User) -> int:
    return waiting_for_party(_reach(user)).count()


def _objections(user: User) -> int:
    rows = Objection.objects.visible_to(user, on=timezone.localdate())
    return rows.waiting().exclude(by=user).count()


def _late(user: User) -> int:
    return _reach(user).late(at=timezone.now()).count()


def _wishes(user: User) -> int:
    rows = Reopening.objects.filter(state=Reopening.State.ASKED, consultation__in=_reach(user))
    return rows.exclude(asked_by=user).count()


_LIST, _TOPICS = "consultation:consultations", "consultation:topics"
QUEUES = (
    ("screen", _("Topics to screen"), 290, SCREENERS, _to_screen,
     reverse_lazy(_TOPICS, query={"state": "proposed"})),
    ("admit", _("Topics for the party organisation"), 291, PARTY, _to_admit,
     reverse_lazy(_TOPICS, query={"state": "screened"})),
    ("review", _("Stages for the party organisation"), 292, PARTY, _to_review,
     reverse_lazy(_LIST, query={"state": "party"})),
    ("objections", _("Objections to answer"), 293, HOSTS | PARTY, _objections,
     reverse_lazy(_LIST, query={"state": "objections"})),
    ("late", _("Consultations that are late"), 294, HOSTS | PARTY | {Role.SUPERVISOR}, _late,
     reverse_lazy(_LIST, query={"state": "late"})),
    ("wishes", _("Wishes to reopen"), 295, HOSTS | PARTY, _wishes,
     reverse_lazy(_LIST, query={"state": "wishes"})),
)  # fmt: skip


# -- Panels ------------------------------------------------------------------------------


def objections_of(_request: HttpRequest, found: Consultation) -> dict[str, Any] | None:
    """Whether anybody may object now and until when, and what was answered."""
    at = timezone.now()
    answered = found.objections.answered().order_by("-pk")[:SHOWN]
    is_open = may_object(found, at=at)
    if not is_open and not answered:
        return None
    closes = window_closes(found.stage) if found.stage and is_open else None
    return {"consultation": found, "answered": answered, "is_open": is_open, "closes": closes}


def mine(_request: HttpRequest, user: User) -> dict[str, Any] | None:
    """Topics and objections of a resident, on the page of his account."""
    topics = Topic.objects.filter(proposer=user).order_by("-pk")[:SHOWN]
    objections = Objection.objects.filter(by=user).select_related("consultation").order_by("-pk")
    return {"topics": topics, "objections": objections[:SHOWN]}


# -- Names and holdings --------------------------------------------------------------------


def name_topics(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    """Those who work here go to the desk, everybody else to what is public."""
    page = _public_page if getattr(user, "is_resident", True) else _desk_page
    rows = Topic.objects.filter(number__in=keys)
    return {row.number: Reference(str(row), page(row)) for row in rows}


def _desk_page(row: Topic) -> str:
    return reverse("consultation:topic", args=[row.number])


def _public_page(row: Topic) -> str | None:
    if row.state in {TopicState.LISTED, TopicState.TAKEN_UP}:
        return reverse("consultation:public_topic", args=[row.number])
    return None


def export(person: User) -> dict[str, Any]:
    topics = Topic.objects.filter(proposer=person).order_by("pk")
    objections = Objection.objects.filter(by=person).order_by("pk")
    ratings = TopicRating.objects.filter(by=person).select_related("topic").order_by("pk")
    return {
        "topics": [
            {"number": row.number, "title": row.title, "text": row.text, "state": row.state,
             "name": row.contact_name, "telephone": row.contact_phone}
            for row in topics
        ],
        "objections": [
            {"number": row.number, "text": row.text, "state": row.state,
             "name": row.contact_name, "telephone": row.contact_phone}
            for row in objections
        ],
        "importance": [
            {"topic": row.topic.number, "importance": row.importance} for row in ratings
        ],
    }  # fmt: skip


def erase(person: User, _at: datetime.datetime) -> None:
    """What was typed and the contact go; released wording, answers and ratings stay counted."""
    gone = {"text": GONE, "contact_name": "", "contact_phone": ""}
    Topic.objects.filter(proposer=person).update(title=GONE, **gone)
    Objection.objects.filter(by=person).update(**gone)
