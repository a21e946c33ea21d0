from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from config.idle import KEY, idle_middleware


@pytest.fixture
def visit(rf):
    def visit(session, *, signed_in=True):
        request = rf.get("/")
        request.session = session
        request.user = SimpleNamespace(is_authenticated=signed_in)
        idle_middleware(lambda _: HttpResponse())(request)
        return session

    return visit


def test_use_is_noted_once_a_minute(visit, time_machine):
    time_machine.move_to(1_000_000, tick=False)
    session = visit({})
    assert session == {KEY: 1_000_000}
    time_machine.move_to(1_000_059, tick=False)
    assert visit(session) == {KEY: 1_000_000}
    time_machine.move_to(1_000_060, tick=False)
    assert visit(session) == {KEY: 1_000_060}


def test_strangers_get_no_session(visit):
    assert visit({}, signed_in=False) == {}
