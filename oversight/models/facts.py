"""What was counted, one row each, so that every number opens the cases behind it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ALL, AREA, BODY, POST, PERSON = "all", "area", "body", "post", "person"
AREAS = ("town_id", "community_id", "grid_id")
# The columns by which a row belongs to somebody or something, and what kind of subject that is.
SUBJECT_OF = {
    **dict.fromkeys(AREAS, AREA),
    "body_id": BODY,
    "post_id": POST,
    "person_id": PERSON,
}


def _to(model: str) -> Any:
    """A key without an index of its own: rows are found by measure and day."""
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


class Counted(models.Model):
    """Abstract: a measure, the event (`number` in the case's history) that it came from, and to
    whom it is counted. The place is that of the case as it is known now."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=20)
    town = _to("grids.Territory")
    community = _to("grids.Territory")
    grid = _to("grids.Territory")
    body = _to("organizations.Body")
    post = _to("organizations.Post")
    person = _to(settings.AUTH_USER_MODEL)

    # What makes two rows the same.
    SAME: ClassVar[tuple[str, ...]] = ("case_id", "number", "measure", *SUBJECT_OF)

    class Meta:
        abstract = True

    def same(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.SAME)

    def subjects(self) -> list[tuple[str, int]]:
        """(kind, key) of everything that this row is counted to."""
        named = [(kind, getattr(self, column)) for column, kind in SUBJECT_OF.items()]
        return [(ALL, 0), *((kind, key) for kind, key in named if key is not None)]


class Fact(Counted):
    """A flow: it happened on a day (of the city)."""

    day = models.DateField()

    SAME = (*Counted.SAME, "day")

    class Meta:
        verbose_name = _("counted fact")
        verbose_name_plural = _("counted facts")
        constraints = [
            models.UniqueConstraint(fields=["case", "number", "measure"], name="fact_once")
        ]
        indexes = [models.Index(fields=["measure", "day", "id"], name="fact_measure_day")]


class StandingQuerySet(models.QuerySet["Standing"]):
    def at(self, moment: Any) -> "StandingQuerySet":
        """What stood at the moment: begun by then, and not over."""
        return self.filter(since__lte=moment).filter(Q(until=None) | Q(until__gt=moment))


class Standing(Counted):
    """A stock: it stands from `since` (which may still come) until `until`, None while it lasts."""

    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    SAME = (*Counted.SAME, "since", "until")
    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(fields=["case", "number", "measure"], name="standing_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")),
                name="standing_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["measure", "since"], condition=Q(until=None), name="standing_lasting"
            ),
            models.Index(
                fields=["measure", "until"],
                condition=Q(until__isnull=False),
                name="standing_over",
            ),
        ]
