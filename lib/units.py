"""The four units of time limits, by name: `lib.worktime` counts them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """The units of digital city management (practice of GB/T 30428.8 systems)."""

    URGENT_HOUR = "urgent_hour", _("urgent hours (around the clock)")
    WORK_HOUR = "work_hour", _("working hours")
    WORK_DAY = "work_day", _("working days")
    NATURAL_DAY = "natural_day", _("calendar days")
