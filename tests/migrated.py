"""A migrated SQLite database kept for the next run: migrating costs more than most tests.

With it lies what it was made from. As long as nothing of that has changed, a run begins with a copy
and migrates only what is new; otherwise from nothing.
"""

import fcntl
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"


def sources():
    """{file: digest} of all that decides what migrating makes."""
    found = [
        *ROOT.glob("*/migrations/**/*.py"),
        *ROOT.glob("*/migrations/**/*.sql"),
        *ROOT.glob("lib/*.py"),
        ROOT / "requirements" / "dev.txt",
    ]
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }


class Migrated:
    """Held from before a run migrates until after: of several processes the first one does."""

    def __init__(self, database):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._database = database
        self._kept, self._made_from = FOLDER / "migrated.sqlite3", FOLDER / "made_from.json"
        self._lock = (FOLDER / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._sources = sources()
        known = self._known()  # written last: without it what lies there may be half a database
        if known and known.items() <= self._sources.items():
            shutil.copyfile(self._kept, database)

    def _known(self):
        return json.loads(self._made_from.read_text()) if self._made_from.exists() else {}

    def done(self):
        """Keep what was migrated, whole or not at all."""
        if self._known() != self._sources:
            self._made_from.unlink(missing_ok=True)
            self._kept.unlink(missing_ok=True)
            with (
                closing(sqlite3.connect(self._database)) as source,
                closing(sqlite3.connect(self._kept)) as target,
            ):
                source.backup(target)
            self._made_from.write_text(json.dumps(self._sources))
        self._lock.close()
