"""Read published lists of donations; each file wholly or not at all."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from funding.services import donation_lists
from lib.fen import yuan
from organizations.models import User

SHOWN = 20


class Command(BaseCommand):
    help = "Import published lists of donations (XLS, XLSX, CSV), checked by their own totals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and check, keep nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        refused = [
            file for file in options["files"] if not self._one(file, keep=not options["dry_run"])
        ]
        if refused:
            raise CommandError(f"refused: {', '.join(file.name for file in refused)}")

    def _one(self, file: Path, *, keep: bool) -> bool:
        """Whether the file is read, or was before."""
        try:
            sheet = donation_lists.read_list(file.read_bytes(), file.name)
        except (donation_lists.BadList, OSError) as error:
            self._explain(file, error)
            return False
        found = f"{len(sheet.gifts)} rows, {yuan(sheet.total)} yuan, equal to its own total"
        self.stdout.write(f"{file.name}: {found}")
        if known := donation_lists.known_list(sheet):
            self.stdout.write(f"{file.name}: {donation_lists.KnownList(known)}")
        elif keep:
            by, at = User.objects.system(), timezone.now()
            donation_lists.import_list(sheet, file_name=file.name, by=by, at=at)
        return True

    def _explain(self, file: Path, error: Exception) -> None:
        self.stderr.write(f"{file.name}: {error}")
        rows = getattr(error, "rows", [])
        for row in rows[:SHOWN]:
            self.stderr.write(f"    {row}")
        if len(rows) > SHOWN:
            self.stderr.write(f"    … {len(rows) - SHOWN} more")
