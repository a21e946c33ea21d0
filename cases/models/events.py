"""A case's history: append-only, chained; and the daily root over all chains."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from lib.chain import ChainedEvent


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def for_page(self) -> Self:
        """With who did it and the words, the newest first."""
        return self.select_related("by", "note_row").order_by("-number")


class CaseEvent(ChainedEvent):
    """One move of one case. `note` is free text shown to those who may see the case.

    The chain covers `note_digest` (salted), not the note, so that personal text can be erased.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    move = models.SlugField()
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note_digest = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number_once")]

    def record(self) -> dict[str, Any]:
        return {
            "case": self.case_id,
            "number": self.number,
            "move": self.move,
            "from": self.from_state,
            "to": self.to_state,
            "by": self.by_id,
            "at": self.at,
            "note": self.note_digest,
            "facts": self.facts,
        }


class EventNote(models.Model):
    """The words of an event, beside the chain: erasable."""

    event = models.OneToOneField(
        CaseEvent, models.PROTECT, primary_key=True, related_name="note_row"
    )
    text = models.TextField()
    salt = models.CharField(max_length=32)


class ChainRoot(models.Model):
    """One hash over the heads of all chains that moved on a day; published."""

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("daily root")
        verbose_name_plural = _("daily roots")
