import pytest
from django.core.cache import cache

from tests.factories import cases as making


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    cache.clear()


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town(db):
    return making.make_town()
