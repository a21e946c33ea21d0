"""Databases of the hammer's own: a file, and a PostgreSQL cluster that may be torn down."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "CELERY_BROKER_URL", "STATIC_ROOT", "MEDIA_ROOT", "DEBUG")


def environment(**ours):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    fixed = {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    more = {"GONGZHI_ENV": "development", "CACHE_URL": "", "CELERY_BROKER_URL": "filesystem://x/"}
    return {**kept, **fixed, **more, **ours}


def migrate(env):
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=env, check=True)


class Sqlite:
    """A file in WAL mode; a copy of the migrated one for each run."""

    name = "sqlite"
    restart = ""

    def __init__(self, folder):
        self.folder, self.template = folder, folder / "template.sqlite3"

    def missing(self):
        return ""

    def prepare(self):
        with closing(sqlite3.connect(self.template)) as database:
            database.execute("PRAGMA journal_mode=WAL")
        migrate(self._environment(self.template))
        with closing(sqlite3.connect(self.template)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self, name):
        path = self.folder / f"{name}.sqlite3"
        shutil.copyfile(self.template, path)
        return self._environment(path)

    def _environment(self, path):
        return environment(DATABASE_URL=f"sqlite:///{path}", GONGZHI_VAR=str(self.folder / "var"))

    def close(self):
        """The folder holds everything."""


class Postgres:
    """A cluster of its own: it is stopped with `immediate`, which no shared server would bear."""

    name = "postgres"

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "cluster"
        self.port = _free_port()
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        self.bin = found[-1].parent if found else None
        self.runs_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def missing(self):
        return "" if self.bin else "There is no initdb below /usr/lib/postgresql."

    @property
    def restart(self):
        """Commands that stop it at once, and start it again."""
        return [self._control("--mode", "immediate", "stop"), self._starting()]

    def prepare(self):
        self.folder.chmod(0o755)
        self.data.mkdir()
        if self.runs_as:
            shutil.chown(self.data, "postgres")
        self._do("initdb", "--auth", "trust", "--username", "postgres", "--encoding", "UTF8",
                 str(self.data))  # fmt: skip
        subprocess.run(self._starting(), check=True, stdout=subprocess.DEVNULL, cwd="/")
        self._do("createdb", *self._where, "template")
        migrate(self._environment("template"))

    def fresh(self, name):
        self._do("createdb", *self._where, "--template", "template", name.replace("-", "_"))
        return self._environment(name.replace("-", "_"))

    def close(self):
        if (self.data / "postmaster.pid").exists():
            command = self._control("--mode", "immediate", "stop")
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd="/")

    @property
    def _where(self):
        return ["--host", "127.0.0.1", "--port", str(self.port), "--username", "postgres"]

    def _do(self, program, *arguments):
        command = [*self.runs_as, str(self.bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def _control(self, *arguments):
        program = [*self.runs_as, str(self.bin / "pg_ctl"), "--pgdata", str(self.data), "--wait"]
        return [*program, *arguments]

    def _starting(self):
        options = f"-p {self.port} -k {self.data} -c max_connections=60"
        return self._control("--log", str(self.data / "log"), "--options", options, "start")

    def _environment(self, database):
        url = f"postgres://postgres@127.0.0.1:{self.port}/{database}"
        return environment(DATABASE_URL=url, GONGZHI_VAR=str(self.folder / "var"))


def _free_port():
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


SERVERS = (Sqlite, Postgres)
