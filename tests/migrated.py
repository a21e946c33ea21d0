"""A migrated SQLite database kept for the next run: migrating costs more than most tests.

Its name holds a digest of all that decides what migrating makes: another digest, another file.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"


def digest():
    sources = [
        *ROOT.glob("*/migrations/**/*.py"),
        *ROOT.glob("*/migrations/**/*.sql"),
        *ROOT.glob("lib/*.py"),
        ROOT / "requirements" / "dev.txt",
    ]
    found = hashlib.sha256()
    for path in sorted(sources):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


class Migrated:
    """Held from before a run migrates until after: of several processes the first one does."""

    def __init__(self, database):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._database = database
        self._kept = FOLDER / f"migrated-{digest()}.sqlite3"
        self._lock = (FOLDER / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self._kept.exists():
            shutil.copyfile(self._kept, database)

    def done(self):
        """Keep what was migrated, whole or not at all; what other sources made goes."""
        if not self._kept.exists():
            for old in FOLDER.glob("migrated-*"):
                old.unlink()
            half = self._kept.with_suffix(".half")
            with (
                closing(sqlite3.connect(self._database)) as source,
                closing(sqlite3.connect(half)) as target,
            ):
                source.backup(target)
            half.replace(self._kept)
        self._lock.close()
