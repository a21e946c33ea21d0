"""How many deadlines a second the calendar reckons: four units, three years, one process."""

import datetime
import random
import time

from lib.units import Unit
from lib.worktime import CITY_ZONE
from organizations.calendars import working_calendar

DEADLINES = 100_000
FIRST, DAYS = datetime.datetime(2024, 1, 1, tzinfo=CITY_ZONE), 1096


def measure(*, seed: int) -> dict[str, float]:
    """Limits of chance, plain and with a pause of some days in the middle."""
    chance, calendar = random.Random(seed), working_calendar()
    units = list(Unit.values)
    asked = [
        (
            FIRST + datetime.timedelta(seconds=chance.randrange(DAYS * 86_400)),
            chance.randrange(1, 41),
            units[number % len(units)],
        )
        for number in range(DEADLINES)
    ]
    calendar.deadline(FIRST, 1, Unit.WORK_DAY)
    begun, cpu = time.perf_counter(), time.process_time()
    for start, amount, unit in asked:
        calendar.deadline(start, amount, unit)
    plain, plain_cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    for start, amount, unit in asked:
        pause = (start + datetime.timedelta(hours=5), start + datetime.timedelta(days=9))
        calendar.after(start, amount * 3600, unit, pauses=[pause])
    return {
        "plain": DEADLINES / plain,
        "per_cpu_second": DEADLINES / plain_cpu,
        "paused": DEADLINES / (time.perf_counter() - begun),
    }
