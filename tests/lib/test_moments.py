import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from lib import moments

CITY = ZoneInfo("Asia/Shanghai")
NOW = datetime.datetime(2026, 11, 23, 14, 20, tzinfo=CITY)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime.datetime(2026, 11, 23, 9, 5, tzinfo=CITY), "today 09:05"),
        (datetime.datetime(2026, 11, 22, 23, 59, tzinfo=CITY), "yesterday 23:59"),
        (datetime.datetime(2026, 11, 24, 0, 1, tzinfo=CITY), "tomorrow 00:01"),
        (datetime.datetime(2026, 11, 20, 23, 0, tzinfo=CITY), "3 days ago"),
        (datetime.datetime(2026, 11, 4, 8, 0, tzinfo=CITY), "November 4"),
        (datetime.datetime(2025, 11, 4, 8, 0, tzinfo=CITY), "Nov. 4, 2025"),
        (datetime.datetime(2026, 11, 22, 16, 30, tzinfo=datetime.UTC), "today 00:30"),
    ],
)
def test_moments_are_told_in_everyday_words_of_the_citys_clock(moment, words):
    with translation.override("en"):
        assert moments.words(moment, at=NOW) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(49, "2 days left"), (24, "1 day left"), (23, "23 hours left"), (-3, "3 hours late")],
)
def test_time_left_names_the_largest_unit(hours, words):
    with translation.override("en"):
        assert moments.left(NOW + datetime.timedelta(hours=hours), at=NOW) == words


def test_share_of_time_gone_stays_between_nothing_and_all():
    hour = datetime.timedelta(hours=1)
    shares = [
        moments.share_gone(NOW, NOW + 10 * hour, at=NOW + n * hour) for n in (-1, 0, 4, 10, 11)
    ]
    assert shares == [0, 0, 40, 100, 100]
    assert moments.share_gone(NOW, NOW, at=NOW) == 100
