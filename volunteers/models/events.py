"""History in common: a thing with states, and the chained row that each of its moves leaves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.chain import GENESIS, ChainedEvent


class Moving(models.Model):
    """Abstract: what has a history. `version` and `head` are those of its chain."""

    version = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default=GENESIS, editable=False)

    class Meta:
        abstract = True


class MoveEvent(ChainedEvent):
    """Abstract: one move of `subject`. `note` and `facts` hold no personal details."""

    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    note = models.CharField(_("note"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def record(self) -> dict[str, Any]:
        return {
            "subject": self.subject_id,  # type: ignore[attr-defined]  # of the concrete table
            "number": self.number,
            "move": self.move,
            "from": str(self.from_state),
            "to": str(self.to_state),
            "note": self.note,
            "facts": self.facts,
            "by": self.by_id,
            "at": self.at,
        }
