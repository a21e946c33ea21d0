"""The work that lies on each post now."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Load(models.Model):
    """Points and number of open tasks of a post; changes only by one conditional UPDATE that tests
    the post's capacity in the same statement.

    """

    post = models.OneToOneField(
        "organizations.Post", models.PROTECT, primary_key=True, related_name="load"
    )
    points = models.PositiveIntegerField(_("points"), default=0)
    tasks = models.PositiveIntegerField(_("tasks"), default=0)
    last_given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, tasks__gte=0), name="load_not_negative"
            )
        ]
