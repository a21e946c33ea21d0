import pytest

from tests.factories import volunteers as made


@pytest.fixture
def place(db):
    return made.make_place()


@pytest.fixture
def at():
    return made.AT
