"""The databases that are measured: made once a run, or kept between runs."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench import archive
from bench.machine import Databases, broker_url, environment, manage, say, step

BACKLOG = 5000
SMALL = 10_000
Env = Mapping[str, str]


@dataclass
class Prepared:
    """What is measured where. `cases`: how many the large database has."""

    folder: Path
    cases: int
    seed: int
    reuse: bool
    databases: Databases = field(default_factory=Databases)
    made: set[str] = field(default_factory=set)

    def env(self, name: str) -> Env:
        return environment(
            self.folder,
            DATABASE_URL=self.databases.url_of(name),
            CELERY_BROKER_URL=broker_url(),
        )

    def want(self, name: str, make: Callable[[str], None]) -> Env:
        """The database, made when this run has not made it (nor, with `reuse`, any other)."""
        if name not in self.made and not (self.reuse and self.databases.exists(name)):
            say(f"  making the database {name}")
            self.databases.make(name)
            make(name)
        self.made.add(name)
        return self.env(name)

    def copy(self, name: str, like: str) -> Env:
        self.databases.make(name, like=like)
        self.made.add(name)
        return self.env(name)

    def drop_all(self) -> None:
        for name in self.made:
            self.databases.drop(name)

    def small(self) -> Env:
        """The demo town with as many cases as the small database has."""

        def make(name: str) -> None:
            load_town(self.env(name), cases=SMALL, seed=self.seed)
            with closing(self.databases.open(name)) as connection:
                connection.autocommit = True
                connection.cursor().execute("VACUUM ANALYZE")

        return self.want("lists", make)

    def large(self) -> Env:
        """The same with an archive of many years."""
        self.small()

        def make(name: str) -> None:
            self.databases.make(name, like="lists")
            with closing(self.databases.open(name)) as connection:
                archive.multiply(connection, cases=self.cases)

        return self.want("lists_large", make)

    def town(self) -> Env:
        """The demo town with room and money without end, and nothing that waits."""

        def make(name: str) -> None:
            load_town(self.env(name), cases=200, seed=self.seed)
            step("town.open_the_roof", env=self.env(name))

        return self.want("town", make)

    def filled(self) -> Env:
        self.town()

        def make(name: str) -> None:
            self.databases.make(name, like="town")
            step("town.fill", env=self.env(name), count=BACKLOG, seed=self.seed)

        return self.want("filled", make)

    def embedded(self) -> Env:
        path = self.folder / "embedded.sqlite3"
        env = environment(
            self.folder,
            DATABASE_URL=f"sqlite:///{path}",
            CELERY_BROKER_URL="filesystem://localhost/",
        )
        if not (self.reuse and path.exists()):
            path.unlink(missing_ok=True)
            with closing(sqlite3.connect(path)) as database:
                database.execute("PRAGMA journal_mode=WAL")
            load_town(env, cases=200, seed=self.seed)
            step("town.open_the_roof", env=env)
        return env

    def embedded_reference(self) -> Env:
        """A fresh database of the reference alone."""
        path = self.folder / "reference.sqlite3"
        path.unlink(missing_ok=True)
        env = environment(
            self.folder,
            DATABASE_URL=f"sqlite:///{path}",
            CELERY_BROKER_URL="filesystem://localhost/",
        )
        manage("migrate", "-v0", env=env)
        manage("load_reference_data", env=env)
        return env


def load_town(env: Env, *, cases: int, seed: int) -> None:
    manage("migrate", "-v0", env=env)
    manage("load_reference_data", env=env)
    manage("load_demo", "--cases", str(cases), "--seed", str(seed), env=env)
