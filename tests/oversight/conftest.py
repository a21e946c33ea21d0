import pytest

import oversight.tasks  # noqa: F401 -- registered, as in a worker
from tests.factories.cases import make_town


@pytest.fixture
def town(db):
    return make_town()
