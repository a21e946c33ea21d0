"""Areas as people read them."""

import pytest

from lib.areas import spelled
from lib.templatetags.gongzhi import area


@pytest.mark.parametrize(
    ("square_metres", "words"),
    [(0.4, "0 m²"), (12_345.4, "12,345 m²"), (999_999, "999,999 m²"), (3_183_408, "3.18 km²")],
)
def test_ground_is_told_in_square_metres_and_kilometres(square_metres, words):
    assert spelled(square_metres) == area(square_metres) == words


def test_ground_that_nobody_has_drawn_has_no_area():
    assert area(None) == "—"
