"""Service centres of the demo: the town's hall and a counter in each community."""

import datetime

from grids.models import Level, Territory
from organizations.models import User
from organizations.services import changes
from portal.demo.invention import Inventor
from routing.models import CentreStandard, ServiceCentre

_NAMES = {
    Level.TOWN: ("{}政务服务中心", "{} service hall"),
    Level.COMMUNITY: ("{}便民服务站", "{} service point"),
}
_WEEKDAYS = ("周一至周五 8:30—12:00，14:00—17:30", "Monday to Friday 8:30–12:00, 14:00–17:30")
# Every so many communities one has a window and a thing less than it must.
_SHORT = 4


def open_centres(
    town: Territory, inventor: Inventor, *, since: datetime.date, by: User, at: datetime.datetime
) -> None:
    """Each has what the standard of its level asks for, some somewhat less."""
    standards = {row.level: row for row in CentreStandard.objects.valid_on(since)}
    below = Territory.objects.filter(parent=town, level=Level.COMMUNITY).order_by("code")
    for index, territory in enumerate([town, *below]):
        standard, less = standards.get(territory.level), int(index % _SHORT == _SHORT - 1)
        if standard is not None:
            centre = _centre(territory, standard, inventor, less)
            centre.valid_from = since
            changes.create(centre, by=by, at=at)


def _centre(
    territory: Territory, standard: CentreStandard, inventor: Inventor, less: int
) -> ServiceCentre:
    name, name_en = _NAMES[Level(territory.level)]
    return ServiceCentre(
        code=f"{territory.code}-centre",
        territory=territory,
        name=name.format(territory.name),
        name_en=name_en.format(territory.name_en),
        address=f"{territory.name}中心路{inventor.random.randrange(1, 90)}号",
        phone="0769-12345",
        hours=_WEEKDAYS[0],
        hours_en=_WEEKDAYS[1],
        floor_area=standard.floor_area + inventor.random.randrange(0, 200, 10),
        windows=standard.windows - less,
        staff=standard.staff,
        week_hours=standard.week_hours,
        equipment=standard.equipment[: -less or None],
    )
