import pytest
from django.utils import translation

from tests.factories import consultation as makers
from tests.factories import voting


@pytest.fixture
def place(db):
    return makers.make_place()


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def started():
    """A place and a consultation of it that stands where people vote."""
    return voting.in_session(kind="vote")


@pytest.fixture
def desk(client, started):
    """The browser of its host."""
    client.force_login(started[0].host)
    return client
