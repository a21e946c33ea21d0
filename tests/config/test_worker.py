import datetime
import socket
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from celery import Celery
from django.core.management import CommandError, call_command
from django.utils import timezone

from config import worker
from config.celery import app
from config.models import Sign

HERE = f"celery@{socket.gethostname()}"


class Timer:
    """Remembers what a worker wants done again and again."""

    def __init__(self):
        self.calls = []

    def call_repeatedly(self, seconds, function, arguments):
        self.calls.append((seconds, function, arguments))
        return self

    def cancel(self):
        self.calls.clear()


class Parent:
    hostname = "celery@there"

    def __init__(self):
        self.timer = Timer()
        self.steps = []


HOLD = """
import fcntl, sys
with open(sys.argv[1], "w") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def locked(path):
    """Another process holds the lock of this file."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        yield
        holder.stdin.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_signs_when_it_starts_and_again_and_says_goodbye():
    parent = Parent()
    step = worker.SignOfLife(parent)
    step.start(parent)
    first = Sign.objects.get(kind="worker", node="celery@there")
    ((seconds, function, arguments),) = parent.timer.calls
    assert seconds == 10
    function(*arguments)
    assert Sign.objects.get().seen_at > first.seen_at
    step.stop(parent)
    assert (Sign.objects.count(), parent.timer.calls) == (0, [])


def test_a_second_worker_is_refused_on_the_broker_of_files(settings, tmp_path):
    settings.FILE_BROKER = True
    settings.BROKER_DIR = tmp_path
    with locked(tmp_path / "worker.lock"), pytest.raises(SystemExit, match="bears only one"):
        worker.OnlyNode(Parent()).create(Parent())
    worker.OnlyNode(Parent()).create(Parent())
    worker.OnlyNode.held.close()


def test_a_server_as_broker_bears_several_workers(settings):
    settings.FILE_BROKER = False
    assert not worker.OnlyNode(Parent()).include_if(Parent())


@pytest.mark.django_db(transaction=True)
def test_the_clock_signs_every_ten_seconds(tmp_path, monkeypatch, time_machine):
    other = Celery("other", broker="memory://", set_as_current=False)
    clock = worker.SigningScheduler(other, schedule_filename=str(tmp_path / "schedule"))
    seconds = iter([100.0, 105.0, 110.0])
    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    monkeypatch.setattr(worker.PersistentScheduler, "tick", lambda self: 300.0)
    seen = []
    for minute in range(3):
        time_machine.move_to(datetime.datetime(2026, 11, 23, 4, minute, tzinfo=datetime.UTC))
        assert clock.tick() == 10.0
        seen.append(Sign.objects.get(kind="clock", node=HERE).seen_at.minute)
    assert seen == [0, 0, 2]


@pytest.mark.django_db
def test_is_alive_tells_of_this_machine_only():
    Sign.objects.create(kind="worker", node="celery@elsewhere", seen_at=timezone.now())
    with pytest.raises(CommandError, match=f"The worker of {HERE} has not signed"):
        call_command("is_alive", "worker")
    Sign.objects.create(kind="worker", node=HERE, seen_at=timezone.now())
    call_command("is_alive", "worker")


def test_a_lost_worker_gives_its_task_back_and_results_are_not_kept():
    kept = {"task_acks_late", "task_reject_on_worker_lost", "task_ignore_result"}
    assert {name: app.conf[name] for name in kept} == dict.fromkeys(kept, True)


def test_prefetch_fits_the_broker(settings):
    assert app.conf.worker_prefetch_multiplier == (4 if settings.FILE_BROKER else 1)


def test_every_task_of_the_clock_exists(settings):
    app.loader.import_default_modules()
    wanted = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted - set(app.tasks) == set()
