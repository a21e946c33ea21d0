import pytest

from tests.factories import volunteers as made
from tests.factories.time_bank import make_bank


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def place(db):
    return made.make_place()


@pytest.fixture
def at():
    return made.AT


@pytest.fixture
def bank(db):
    """A pool that may owe 500 minutes; people may owe 60 and save 1,000."""
    return make_bank()


@pytest.fixture
def ann(bank):
    return bank.person(full_name="陈安", full_name_en="Ann")


@pytest.fixture
def bo(bank):
    return bank.person(full_name="李波", full_name_en="Bo")
