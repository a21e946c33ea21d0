import pytest

import oversight.tasks  # noqa: F401 -- registered, as in a worker
from tests.factories import appraisals as make
from tests.factories.appraisals import BAD, FAIR, GOOD
from tests.factories.cases import make_town


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def place(db):
    """A town with those who appraise."""
    return make.make_place()


@pytest.fixture
def offices(place):
    return [make.department(place) for _each in range(5)]


@pytest.fixture
def numbers(offices):
    """One good, two fair, one bad, one of whom there is too little."""
    return dict(zip(offices, [GOOD, FAIR, FAIR, BAD, {"handled_on_time": 2}], strict=True))


@pytest.fixture
def tied(place):
    """Ten ranked, two places: one first, two equal behind."""
    offices = [make.department(place, head=False) for _each in range(10)]
    rows = [GOOD, {**GOOD, "rework": 1}, {**GOOD, "rework": 1}, *[BAD] * 7]
    return dict(zip(offices, rows, strict=True))
