import pytest
from django.utils import translation

from tests.factories import consultation as makers


@pytest.fixture
def place(db):
    return makers.make_place()


@pytest.fixture
def english():
    with translation.override("en"):
        yield
