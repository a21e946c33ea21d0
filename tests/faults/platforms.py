"""Where a run happens: a database of its own, made and dropped, and a broker of its own."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis

from tests.machine import POSTGRES_URL, REDIS_URL, postgres_of, redis_answers

ROOT = Path(__file__).resolve().parents[2]
REDIS_DATABASE = 10
OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "STATIC_ROOT", "MEDIA_ROOT", "DEBUG")


def _environment(**ours):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    fixed = {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"}
    return kept | fixed | {"GONGZHI_ENV": "development", "CACHE_URL": ""} | ours


def _migrate(environment):
    command = [
        sys.executable,
        "manage.py",
        "migrate",
        "--no-input",
        "--verbosity",
        "0",
        "--skip-checks",
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


class Sqlite:
    """SQLite and a broker of files; one worker node, as the embedded default has."""

    name = "sqlite"
    nodes, concurrency = 1, 2

    def __init__(self, folder):
        self.template = folder / "template.sqlite3"

    def missing(self):
        return ""

    def prepare(self):
        self.template.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.template)) as database:
            database.execute("PRAGMA journal_mode=WAL")
        _migrate(self._environment(self.template, self.template.parent / "var-template"))
        with closing(sqlite3.connect(self.template)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin(self, folder):
        """The environment of a run in `folder`, over a fresh database."""
        path = folder / "faults.sqlite3"
        shutil.copyfile(self.template, path)
        return self._environment(path, folder / "var")

    def _environment(self, path, var):
        return _environment(
            DATABASE_URL=f"sqlite:///{path}",
            CELERY_BROKER_URL="filesystem://localhost/",
            GONGZHI_VAR=str(var),
        )

    def end(self):
        """The run's folder holds everything."""

    def close(self):
        """The same."""


class Postgres:
    """PostgreSQL and Redis; several worker nodes."""

    name = "postgres"
    nodes, concurrency = 3, 1

    def __init__(self, folder):
        self.folder = folder
        self.template = f"gongzhi_faults_{os.getpid()}_template"
        self.database = f"gongzhi_faults_{os.getpid()}"
        self.redis_url = urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{REDIS_DATABASE}"))

    def missing(self):
        connection = postgres_of(POSTGRES_URL)
        if connection is None:
            return f"PostgreSQL does not answer at {POSTGRES_URL} (say where: POSTGRES_URL=…)"
        connection.close()
        if not redis_answers(self.redis_url):
            return f"Redis does not answer at {self.redis_url} (say where: REDIS_URL=…)"
        return ""

    def prepare(self):
        self._do(f"CREATE DATABASE {self.template}")
        _migrate(self._environment(self.template, self.folder / "var-template"))

    def begin(self, folder):
        self.end()
        self._do(f"CREATE DATABASE {self.database} TEMPLATE {self.template}")
        return self._environment(self.database, folder / "var")

    def _environment(self, database, var):
        return _environment(
            DATABASE_URL=urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{database}")),
            CELERY_BROKER_URL=self.redis_url,
            GONGZHI_VAR=str(var),
        )

    def end(self):
        self._do(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        with redis.Redis.from_url(self.redis_url) as server:
            server.flushdb()

    def close(self):
        self.end()
        self._do(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")

    def _do(self, statement):
        with closing(postgres_of(POSTGRES_URL)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)


PLATFORMS = {platform.name: platform for platform in (Sqlite, Postgres)}
