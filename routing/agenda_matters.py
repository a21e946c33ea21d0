"""Applications for admission that wait for a committee: to be reviewed, or under joint review."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.models.members import bodies_led_by
from lib.registry import Matter, MatterSource, agenda_sources
from organizations.models import User
from routing.admission_notifications import APPLICATION
from routing.models import AdmissionApplication
from routing.workflow import ApplicationState

MOST = 20


def admissions(user: User) -> list[Matter]:
    """Those that concern communities which this person leads."""
    led = bodies_led_by(user, on=timezone.localdate())
    waiting = [ApplicationState.APPLIED, ApplicationState.REVIEW]
    rows = AdmissionApplication.objects.filter(state__in=waiting, shares__community__in=led)
    found = rows.distinct().select_related("category").order_by("pk")
    return [
        Matter(
            APPLICATION, str(row.pk), str(row),
            reverse("routing:application", args=[row.pk]), row.applied_at,
        )
        for row in found[:MOST]
    ]  # fmt: skip


def register() -> None:
    agenda_sources.register(
        MatterSource("routing:admissions", _("Admissions to review"), 20, admissions)
    )
