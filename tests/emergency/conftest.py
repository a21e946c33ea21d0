import pytest

from tests.factories import emergency as made


@pytest.fixture
def town(db):
    return made.make_town()


@pytest.fixture
def at():
    return made.AT


@pytest.fixture
def order(town):
    """In force, drawn up by the duty officer and confirmed by the secretary."""
    return made.in_force(town)


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def photos_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
