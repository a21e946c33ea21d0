"""docker-compose.yml: read, and its commands started as plain processes on real servers."""

import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.machine import POSTGRES_URL, REDIS_URL, postgres_of, redis_answers, without
from tests.processes import ask, free_port, running, wait_until

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ["prepare", "web", "worker", "clock"]
GIVEN = {"SECRET_KEY": "k" * 50, "POSTGRES_PASSWORD": "p", "FIRST_START": ""}
ALL_IS_WELL = {"database": "ok", "broker": "ok", "worker": "ok", "clock": "ok"}
VARIABLE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")

PUBLISH = """
import django, structlog
django.setup()
from config.celery import app
with structlog.contextvars.bound_contextvars(request_id="from-the-browser"):
    app.send_task("celery.backend_cleanup")
"""


def resolved(value):
    """A value with its ${…} filled in from GIVEN, as compose does."""

    def fill(match):
        name, sign, rest = match.groups()
        if name in GIVEN:
            return GIVEN[name]
        assert sign != ":?", f"{name} is asked for, but the test does not give it"
        return rest or ""

    return VARIABLE.sub(fill, str(value))


def test_the_parts_are_there():
    assert sorted(SERVICES) == sorted([*OURS, "database", "broker"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_lasting_part_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "clock"])
def test_our_parts_wait_for_the_tables_and_the_broker(name):
    assert SERVICES[name]["depends_on"] == {
        "prepare": {"condition": "service_completed_successfully"},
        "broker": {"condition": "service_healthy"},
    }


def test_every_volume_that_is_used_is_declared():
    used = {volume.split(":")[0] for part in SERVICES.values() for volume in part["volumes"]}
    assert used == set(COMPOSE["volumes"])


def test_secrets_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    defaults = {name for name, sign, _rest in VARIABLE.findall(text) if sign != ":?"}
    assert defaults.isdisjoint({"SECRET_KEY", "POSTGRES_PASSWORD"})


def test_every_setting_of_the_site_reaches_the_containers():
    """What docs/operations.md lists, but for what the containers fix themselves."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.partition("## Settings")[2].partition("## With Docker")[0]
    names = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    fixed = {"DEBUG", "CONN_MAX_AGE", "CACHE_URL", "GONGZHI_VAR", "MEDIA_ROOT", "STATIC_ROOT"}
    served = {"HOST", "PORT", "WEB_CONCURRENCY", "WEB_THREADS"}
    assert names - fixed - served == set(SERVICES["web"]["environment"])


def test_the_image_is_built_from_files_that_exist():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        source
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert json.loads(lines[-1].removeprefix("CMD ")) == SERVICES["web"]["command"]


@pytest.fixture
def database():
    """An empty database on a real PostgreSQL, under a name that only this run uses."""
    server = postgres_of(POSTGRES_URL)
    if server is None:
        without("PostgreSQL")
    name = f"gongzhi_compose_{os.getpid()}"
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.fixture
def environment(database, tmp_path):
    """What compose would set, with the servers and folders of this machine."""
    if not redis_answers(REDIS_URL):
        without("Redis")
    declared = {
        key: resolved(value)
        for key, value in SERVICES["web"]["environment"].items()
        if value is not None  # passed on from the shell, where it is set
    }
    (tmp_path / "static").mkdir()
    here = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": REDIS_URL,
        "GONGZHI_VAR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
        "PORT": str(free_port()),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return declared | here


@pytest.mark.timeout(400)  # seven processes start, perhaps on a busy machine
def test_the_commands_run_together_on_postgresql_and_redis(environment, tmp_path):
    log = tmp_path / "log"

    def run(command):
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(SERVICES["prepare"]["command"])
    site = f"http://127.0.0.1:{environment['PORT']}"
    with ExitStack() as stack:
        for name in ("web", "worker", "clock"):
            command = SERVICES[name]["command"]
            stack.enter_context(running(command, env=environment, cwd=ROOT, log=log))
        ready = (200, ALL_IS_WELL)
        wait_until(lambda: ask(f"{site}/readyz") == ready, seconds=120, what=log.read_text)
        for name in ("web", "worker", "clock"):
            check = SERVICES[name]["healthcheck"]["test"][1:]
            run([word.replace("http://127.0.0.1:8000", site) for word in check])
        run([sys.executable, "-c", PUBLISH])
        wait_until(lambda: done_for("from-the-browser", log), seconds=60, what=log.read_text)


def done_for(request_id, log):
    """Whether the worker has done a task of this request; every line in production is an object."""
    return any(
        json.loads(line).get("request_id") == request_id
        for line in log.read_text().splitlines()
        if '"task_succeeded"' in line
    )
