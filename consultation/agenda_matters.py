"""Topics that wait for the party organisation, and promises past their day."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models import SUBJECT as OF_CONSULTATION
from consultation.models import Commitment, Consultation, Topic
from consultation.models.commitments import SUBJECT as OF_COMMITMENT
from consultation.workflow import TopicState
from lib.registry import Matter, MatterSource, agenda_sources, verb_sources
from organizations.models import User

MOST = 20


def topics(user: User) -> list[Matter]:
    rows = Topic.objects.visible_to(user, on=timezone.localdate())
    return [
        Matter(
            "consultation.topic", str(row.pk), f"{row.number} {row.title}",
            reverse("consultation:topic", args=[row.number]),
        )
        for row in rows.filter(state=TopicState.SCREENED).order_by("pk")[:MOST]
    ]  # fmt: skip


def promises(user: User) -> list[Matter]:
    today = timezone.localdate()
    rows = Commitment.objects.visible_to(user, on=today).overdue(on=today)
    return [
        Matter(
            OF_COMMITMENT, str(row.pk), str(row),
            reverse("consultation:commitment", args=[row.pk]),
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip


def running(user: User) -> list[Matter]:
    rows = Consultation.objects.visible_to(user, on=timezone.localdate()).running()
    return [
        Matter(
            OF_CONSULTATION, str(row.pk), f"{row.number} {row.title}",
            reverse("consultation:consultation", args=[row.number]),
        )
        for row in rows.order_by("-pk")[:MOST]
    ]  # fmt: skip


def register() -> None:
    agenda_sources.register(
        MatterSource("consultation:topics", _("Topics for the party organisation"), 60, topics)
    )
    agenda_sources.register(
        MatterSource("consultation:promises", _("Commitments overdue"), 70, promises)
    )
    verb_sources.register(
        MatterSource("consultation:running", _("Consultation"), 50, running, "coordinate")
    )
