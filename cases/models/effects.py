"""What a change of the duty list would have done to the last cases, found in the background."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from routing.models.runs import Run, run_constraints


class ReplayRun(Run):
    """The last `last` cases judged twice: by the list as it is, and as `change` makes it.

    `total` and `done` count cases; `differing` would go elsewhere. `figures`: body → [cases before,
    after, points before, after, fen before, after]; of points and fen the lead and the payer.
    """

    change = models.ForeignKey("routing.DutyChange", models.PROTECT, related_name="replays")
    last = models.PositiveIntegerField(_("how many cases"))
    differing = models.PositiveIntegerField(_("would go elsewhere"), default=0)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("replay of a change")
        verbose_name_plural = _("replays of changes")
        constraints = run_constraints("replay_run")


class ReplayDifferenceQuerySet(models.QuerySet["ReplayDifference"]):
    def with_names(self) -> Self:
        return self.select_related("case", "before_lead", "after_lead")


class ReplayDifference(models.Model):
    """A case that would go elsewhere; `before` and `after` are "match" or a refusal's code."""

    run = models.ForeignKey(ReplayRun, models.CASCADE, related_name="differences")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    before = models.SlugField()
    before_lead = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, related_name="+"
    )
    after = models.SlugField()
    after_lead = models.ForeignKey(
        "organizations.Body", models.PROTECT, null=True, related_name="+"
    )

    objects = ReplayDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of a replay")
        verbose_name_plural = _("differences of replays")
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="replay_difference_once")
        ]
