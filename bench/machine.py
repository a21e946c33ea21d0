"""Databases, processes and memory of this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import psycopg2.extras

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/gongzhi")
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_DATABASE = 12
PREFIX = "gongzhi_bench_"
_OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "STATIC_ROOT", "MEDIA_ROOT", "DEBUG")


def say(text: str) -> None:
    """Progress: the result alone goes to stdout."""
    print(text, file=sys.stderr, flush=True)


def broker_url() -> str:
    return urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{REDIS_DATABASE}"))


@dataclass(frozen=True, slots=True)
class Databases:
    """PostgreSQL databases of the benchmark, all with names of their own."""

    url: str = POSTGRES_URL

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{PREFIX}{name}"))

    def make(self, name: str, *, like: str = "") -> None:
        """A fresh one, empty or a copy of another."""
        self.drop(name)
        template = f" TEMPLATE {PREFIX}{like}" if like else ""
        self._do(f"CREATE DATABASE {PREFIX}{name}{template}")

    def drop(self, name: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {PREFIX}{name} WITH (FORCE)")

    def exists(self, name: str) -> bool:
        with closing(self._open("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PREFIX + name])
            return cursor.fetchone() is not None

    def open(self, name: str) -> Any:
        """A connection of psycopg2 that reads JSON as text, to write it as it was."""
        connection = self._open(PREFIX + name)
        psycopg2.extras.register_default_jsonb(connection, loads=lambda text: text)
        return connection

    def _open(self, database: str) -> Any:
        return psycopg2.connect(urlunsplit(urlsplit(self.url)._replace(path=f"/{database}")))

    def _do(self, statement: str) -> None:
        with closing(self._open("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)


def environment(folder: Path, **ours: str) -> dict[str, str]:
    """What a process of ours sees: nothing of the caller's databases and brokers."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    fixed = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GONGZHI_ENV": "development",
        "GONGZHI_VAR": str(folder),
        "LOG_LEVEL": "WARNING",
        "CACHE_URL": "",
    }
    return kept | fixed | ours


def manage(*arguments: str, env: Mapping[str, str]) -> None:
    """A management command; what it says is progress."""
    command = [sys.executable, "manage.py", *arguments, "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=env, stdout=sys.stderr, check=True)  # noqa: S603 -- our own commands


def step(name: str, *, env: Mapping[str, str], **arguments: Any) -> Any:
    """The answer of `bench.<module>.<function>`, run with Django in a process of its own."""
    command = [sys.executable, "-m", "bench.step", name, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 -- our own commands
    return json.loads(done.stdout.splitlines()[-1])


def peak_memory(pid: int) -> float:
    """The most resident memory that a process has had, in MB (VmHWM; Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise LookupError(pid)


def children_of(pid: int) -> list[int]:
    """Process ids of direct children (Linux)."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def percentile(values: list[float], share: float = 0.95) -> float:
    """The smallest value that is not exceeded by this share of `values`."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
