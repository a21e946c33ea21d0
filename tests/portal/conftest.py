import pytest

from tests.factories import cases as making


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town(db):
    return making.make_town()
