"""Lessons of reviewed emergencies, from which a committee may make decisions and directives."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emergency.models import Lesson, Order
from lib.registry import Matter, MatterSource, Reference, agenda_sources, references
from organizations.models import User

LESSON = "emergency.lesson"
MOST = 20
RECENT = datetime.timedelta(days=180)


def lessons(user: User) -> list[Matter]:
    """Of the last half year, of orders of the places where this person leads."""
    led = Order.objects.led_by(user, on=timezone.localdate()).values("pk")
    rows = Lesson.objects.filter(review__order__in=led, review__at__gte=timezone.now() - RECENT)
    found = rows.select_related("review__order").order_by("-pk")
    return [
        Matter(LESSON, str(row.pk), row.text, _page(row), row.review.at) for row in found[:MOST]
    ]


def _page(row: Lesson) -> str:
    return reverse("emergency:lead", args=[row.review.order_id])


def name_lessons(keys: Collection[str], user: Any) -> Mapping[str, Reference]:
    led = Order.objects.watched_by(user, on=timezone.localdate()).values("pk")
    rows = Lesson.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    found = rows.filter(review__order__in=led).select_related("review__order")
    return {str(row.pk): Reference(row.text, _page(row)) for row in found}


def register() -> None:
    references.register(LESSON, name_lessons)
    source = MatterSource("emergency:lessons", _("Lessons of emergencies"), 60, lessons)
    agenda_sources.register(source)
