"""Days, members and rosters as the tests of teams write them."""

import datetime

from django.utils import timezone

from grids import services
from grids.services import Pattern
from tests.factories.organizations import UserFactory

DAY = datetime.timedelta(days=1)


def now():
    return timezone.now()


def today():
    return timezone.localdate()


def join(territory, role, **values):
    values = {"since": today(), "by": UserFactory(), "at": now(), **values}
    return services.join_team(territory, role=role, **values)


def roster(house, signs, days=7, first=None, step=1):
    pattern = Pattern(signs, first or today() + DAY, days, step)
    return services.make_roster([house.one, house.two], pattern, by=house.head.person, at=now())


def signs_of(post, days=7):
    shifts = {row.day: row.kind.mark for row in post.shifts.select_related("kind")}
    return "".join(shifts.get(today() + (number + 1) * DAY, "·") for number in range(days))


def asked(house, days=(0, 2), **values):
    when = (today() + days[0] * DAY, today() + days[1] * DAY)
    return services.ask_leave(house.one, days=when, by=house.one.person, at=now(), **values)


def ask(house, shifts):
    return services.ask_swap(*shifts, by=house.one.person, at=now())
