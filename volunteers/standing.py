"""What a volunteer has reached: confirmed hours, the star they earn, how far the next one is."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, Sum

from organizations.models import User
from volunteers.models import Presence, Star, Volunteer
from volunteers.workflow.hours import PresenceState


@dataclass(frozen=True, slots=True)
class Standing:
    """`minutes` are confirmed, `waiting` minutes wait; `missing` minutes to the `next` star."""

    volunteer: Volunteer
    minutes: int
    waiting: int
    star: Star | None
    next: Star | None

    @property
    def missing(self) -> int:
        return self.next.minutes - self.minutes if self.next else 0

    @property
    def share(self) -> int:
        """Of the next star, in whole per cent."""
        return self.minutes * 100 // self.next.minutes if self.next else 100


def standings_of(user: User, *, on: datetime.date) -> list[Standing]:
    """Of oneself and of one's children; three queries."""
    people = list(Volunteer.objects.of(user).with_names().order_by("pk"))
    if not people:
        return []
    stars = list(Star.objects.valid_on(on).order_by("minutes"))
    sums = {
        key: (confirmed or 0, waiting or 0)
        for key, confirmed, waiting in Presence.objects.filter(volunteer__in=people)
        .values_list("volunteer")
        .annotate(
            confirmed=Sum("minutes", filter=Q(state=PresenceState.CONFIRMED)),
            waiting=Sum("minutes", filter=Q(state=PresenceState.LEFT)),
        )
        .order_by()
    }
    return [_standing(row, stars, *sums.get(row.pk, (0, 0))) for row in people]


def _standing(volunteer: Volunteer, stars: list[Star], minutes: int, waiting: int) -> Standing:
    reached = [star for star in stars if star.minutes <= minutes]
    following = next((star for star in stars if star.minutes > minutes), None)
    return Standing(volunteer, minutes, waiting, reached[-1] if reached else None, following)
