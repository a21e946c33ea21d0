"""Messages in files: never seen half written, however many write while one reads."""

import os
import time
from queue import Empty

import pytest
from kombu import Connection

from tests.races import FORK

WRITERS, EACH = 3, 300


def connect(folder):
    folders = {f"data_folder_{way}": str(folder / "queue") for way in ("in", "out")}
    options = {**folders, "control_folder": str(folder / "control")}
    return Connection("filesystem://localhost/", transport_options=options)


def write(folder, writer):
    with connect(folder) as connection:
        for number in range(EACH):
            connection.default_channel._put("q", [writer, number, "井盖" * 2_000])
    os._exit(0)  # without what pytest would do at the end of its own process


@pytest.fixture
def writers(tmp_path):
    (tmp_path / "queue").mkdir()
    started = [FORK.Process(target=write, args=(tmp_path, number)) for number in range(WRITERS)]
    for process in started:
        process.start()
    yield started
    for process in started:
        process.kill()
        process.join()


def read(connection):
    try:
        return connection.default_channel._get("q")
    except Empty:
        return None


def test_a_reader_finds_every_message_whole_while_others_write(tmp_path, writers):
    found, deadline = [], time.monotonic() + 60
    with connect(tmp_path) as connection:
        assert type(connection.transport).__module__ == "config.file_broker"
        while len(found) < WRITERS * EACH and time.monotonic() < deadline:
            if message := read(connection):
                found.append(tuple(message[:2]))
    assert sorted(found) == [(writer, n) for writer in range(WRITERS) for n in range(EACH)]
    assert list((tmp_path / "queue").iterdir()) == []
