"""A change of the territory as another process sees it, and many threads at once."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from grids import services
from grids.locate import locate
from tests.factories.organizations import UserFactory
from tests.grids.test_services import AT, SQUARE

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
import django
django.setup()
from grids.locate import locate
for line in sys.stdin:
    place = locate(114.35, 22.85)
    print(place.community_id if place else None, flush=True)
"""


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, host = settings["USER"], f"{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{user}:{settings['PASSWORD']}@{host}/{settings['NAME']}"


@pytest.fixture
def another_process(tmp_path):
    """Asks where one point lies, each time a line is sent to it."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GONGZHI_VAR": str(tmp_path),
    }
    with subprocess.Popen(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:

        def ask():
            process.stdin.write("\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield ask
        process.stdin.close()
        process.wait(10)


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change_within_two_seconds(town, another_process):
    assert another_process() == "None"
    services.draw_boundary(town.east, geometry=SQUARE, by=UserFactory(), at=AT)
    began = time.monotonic()
    while another_process() != str(town.east.pk):
        assert time.monotonic() - began < 2
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_snapshot_and_all_see_the_change(town, monkeypatch):
    monkeypatch.setattr("grids.snapshots.CHECK_EVERY_SECONDS", 0.05)
    seen, stop = [set() for _ in range(6)], threading.Event()

    def look(mine):
        while not stop.is_set():
            place = locate(114.35, 22.85)
            mine.add(place and place.community_id)
        connection.close()

    threads = [threading.Thread(target=look, args=(mine,)) for mine in seen]
    for thread in threads:
        thread.start()
    services.draw_boundary(town.east, geometry=SQUARE, by=UserFactory(), at=AT)
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert all(town.east.pk in mine and mine <= {None, town.east.pk} for mine in seen)
