"""What the clock tells of visits."""

import datetime

from django.utils import timezone

from grids import visit_notifications
from grids.reach import plans_of_visitor
from lib.roles import Role
from organizations.models import User


def tell_of_due(*, at: datetime.datetime) -> int:
    """A message to each grid worker with visits due today; how many people have some."""
    on = timezone.localdate(at)
    workers = User.objects.filter(
        is_active=True, posts__role=Role.GRID_WORKER, posts__valid_from__lte=on
    ).distinct()
    counts = {}
    for worker in workers.iterator(chunk_size=500):
        plans = plans_of_visitor(worker, on=on)
        if due := plans.due_by(on).count():
            counts[worker.pk] = (due, plans.filter(due_on__lt=on).count())
    visit_notifications.tell_of_due(counts, at=at)
    return len(counts)
