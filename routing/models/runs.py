"""Work in the background that people watch: it waits, runs in steps, and ends."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.models import RunState
from organizations.models import User

OPEN = (RunState.WAITING, RunState.RUNNING)


class Run(models.Model):
    """Abstract. A row that waits is work to be done: a message only says that there is some.

    `done` of `total` steps are finished; `seen_at` is the last sign of life.
    """

    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    seen_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def run_constraints(name: str) -> list[models.BaseConstraint]:
    """For tables that inherit `Run`; `name` begins the constraints' names."""
    return [
        models.CheckConstraint(
            condition=Q(state__in=OPEN, finished_at=None)
            | (~Q(state__in=OPEN) & Q(finished_at__isnull=False)),
            name=f"{name}_finished_when_ended",
        ),
        models.CheckConstraint(condition=Q(done__lte=F("total")), name=f"{name}_does_what_is"),
    ]


def one_at_once(name: str) -> models.UniqueConstraint:
    """One runs, and one may wait: for what changes while the other runs."""
    return models.UniqueConstraint(fields=["state"], condition=Q(state__in=OPEN), name=name)
