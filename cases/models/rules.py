"""Numbers of working together that a town may change: dated, one row at a time."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.validity import Dated, DatedQuerySet, ends_after_it_begins


class CooperationRuleQuerySet(DatedQuerySet["CooperationRule"]):
    def in_force(self, on: datetime.date) -> "CooperationRule":
        """The rule of the day; where nobody has written one, the usual numbers."""
        rule = self.valid_on(on).order_by("-valid_from").first()
        return rule if isinstance(rule, CooperationRule) else CooperationRule(valid_from=on)


class CooperationRule(Dated):
    """How soon and how near departments report to a whistle, and what counts as a duplicate.

    Usual numbers: arrival within 30 minutes (Beijing's practice of 街乡吹哨); the same small class
    within 50 m and 24 h (the similar-case rule of city management systems). `duplicate_likeness`
    is the share of character pairs, in per cent, from which words count as similar.
    """

    whistle_minutes = models.PositiveSmallIntegerField(
        _("minutes until a called department reports"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    whistle_metres = models.PositiveSmallIntegerField(
        _("metres within which somebody is at the place"),
        default=300,
        validators=[MinValueValidator(20), MaxValueValidator(5000)],
    )
    duplicate_metres = models.PositiveSmallIntegerField(
        _("metres between duplicates"),
        default=50,
        validators=[MinValueValidator(5), MaxValueValidator(1000)],
    )
    duplicate_hours = models.PositiveSmallIntegerField(
        _("hours between duplicates"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    duplicate_likeness = models.PositiveSmallIntegerField(
        _("likeness of words (per cent)"),
        default=45,
        validators=[MinValueValidator(10), MaxValueValidator(100)],
    )

    objects = CooperationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of working together")
        verbose_name_plural = _("rules of working together")
        constraints = [
            ends_after_it_begins("cooperation_ends_after_it_begins"),
            models.UniqueConstraint(fields=["valid_from"], name="cooperation_begins_once"),
            models.CheckConstraint(
                condition=Q(
                    whistle_minutes__gt=0,
                    whistle_metres__gt=0,
                    duplicate_metres__gt=0,
                    duplicate_hours__gt=0,
                    duplicate_likeness__range=(1, 100),
                ),
                name="cooperation_numbers_mean_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)
