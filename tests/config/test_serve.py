"""`manage.py serve` as a person starts it: real processes, on the embedded default."""

import os
import signal
import socket
import sys

import pytest
from django.conf import settings

from config.management.commands.serve import children_of
from tests.processes import ask, command_of, free_port, processes_of, running, wait_until

ALL_IS_WELL = {"database": "ok", "broker": "ok", "worker": "ok", "clock": "ok"}
OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def worker_of(marker):
    """The main process of the worker: the one whose parent is not a worker itself."""
    workers = [pid for pid in processes_of(marker) if "celery" in command_of(pid)]
    return min((pid for pid in workers if " worker " in command_of(pid)), default=0)


def said_after_the_kill(log, words):
    """The first worker may be seen by /readyz, and be killed, before it says that it is ready."""
    return words in log.read_text().partition("worker | ended with -9")[2]


@pytest.mark.timeout(400)  # nine processes start, perhaps on a busy machine
def test_serve_starts_everything_restarts_what_dies_and_leaves_nothing(tmp_path):
    port, log = free_port(), tmp_path / "log"
    marker = f"GONGZHI_VAR={tmp_path}"
    env = {key: value for key, value in os.environ.items() if key not in OURS}
    env["GONGZHI_VAR"] = str(tmp_path)
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--empty"]
    readyz = f"http://127.0.0.1:{port}/readyz"
    with running(command, env=env, cwd=settings.BASE_DIR, log=log) as supervisor:
        wait_until(lambda: ask(readyz) == (200, ALL_IS_WELL), seconds=120, what=log.read_text)
        first = worker_of(marker)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker_of(marker) not in {0, first}, seconds=60, what=log.read_text)
        wait_until(lambda: said_after_the_kill(log, " ready."), seconds=60, what=log.read_text)
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(60) == 0
    assert processes_of(marker) == []
    assert f"Gongzhi: http://127.0.0.1:{port}/" in log.read_text()


def test_serve_says_so_when_the_port_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port, log = taken.getsockname()[1], tmp_path / "log"
        env = {key: value for key, value in os.environ.items() if key not in OURS}
        env["GONGZHI_VAR"] = str(tmp_path)
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        with running(command, env=env, cwd=settings.BASE_DIR, log=log) as process:
            assert process.wait(60) == 1
    assert log.read_text().endswith(f"make run PORT={port + 1}\n")


@pytest.mark.parametrize(
    ("given", "seen_at"),
    [(None, "http://localhost:8123"), ("https://town.example", "https://town.example")],
)
def test_letters_and_feeds_link_to_where_the_site_is_served(monkeypatch, given, seen_at):
    monkeypatch.delenv("SITE_URL", raising=False)
    if given:
        monkeypatch.setenv("SITE_URL", given)
    children = children_of("127.0.0.1", 8123, 2)
    assert {child.environment["SITE_URL"] for child in children} == {seen_at}
