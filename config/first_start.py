"""What must be true before the processes start: tables, static files, data of a first start."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.models import Loaded

Tell = Callable[[str], None]


def switch_on_wal() -> None:
    """Write-ahead logging is kept in the file of the database: once is enough."""
    if not settings.SQLITE:
        return
    with sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20) as database:
        database.execute("PRAGMA journal_mode=WAL")
    database.close()


def migrate(tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        tell("Preparing the tables")
        call_command("migrate", interactive=False, verbosity=0)


def _state_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            source = Path(storage.path(name)).stat()
            digest.update(f"{name} {source.st_mtime_ns} {source.st_size}\n".encode())
    return digest.hexdigest()


def collect_static_files(tell: Tell) -> None:
    stamp, state = Path(settings.STATIC_ROOT) / ".state", _state_of_static_files()
    if stamp.is_file() and stamp.read_text() == state:
        return
    tell("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def load_data(names: Iterable[str], tell: Tell) -> None:
    """Run the commands that this database has not seen yet. They must be safe to repeat."""
    known = get_commands()
    for name in names:
        if name in known and not Loaded.objects.filter(what=name).exists():
            tell(f"First start: {name}")
            call_command(name)
            Loaded.objects.create(what=name, at=timezone.now())


def prepare(data: Iterable[str], tell: Tell) -> None:
    switch_on_wal()
    migrate(tell)
    load_data(data, tell)
    connection.close()
