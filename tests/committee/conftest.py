import pytest

from tests.factories import committee as make


@pytest.fixture
def chain(db):
    return make.make_chain()
