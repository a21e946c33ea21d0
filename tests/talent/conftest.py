import pytest

from tests.factories import talent as make


@pytest.fixture
def place(db):
    return make.make_place()
