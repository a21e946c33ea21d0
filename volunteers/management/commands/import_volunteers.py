"""`manage.py import_volunteers FILE [--mapping MAPPING] [--dry-run]`: volunteers from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from organizations.import_reports import acting, write_report
from volunteers.services.importing import import_rows, read_file, read_mapping

# No name or telephone stands in the report: rows are named by their number.
COLUMNS = ("row", "result", "reason", "number")


class Command(BaseCommand):
    help = "Import volunteers (CSV, XLSX): every row is registered or rejected with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="YAML or JSON: field → heading")
        parser.add_argument("--report", type=Path, help="default: FILE.report.csv in this folder")
        parser.add_argument("--by", metavar="USERNAME", help="default: the system itself")
        parser.add_argument(
            "--confirmed",
            action="store_true",
            help="--by organises the place and has reviewed these people before",
        )
        parser.add_argument("--dry-run", action="store_true", help="check, and write nobody")

    def handle(self, **options: Any) -> None:
        by, file = acting(options["by"]), options["file"]
        report = options["report"] or Path(f"{file.name}.report.csv")
        try:
            mapping = read_mapping(options["mapping"]) if options["mapping"] else {}
            outcomes = import_rows(
                list(read_file(file, mapping)),
                by=by,
                at=timezone.now(),
                confirmed=options["confirmed"],
                dry_run=options["dry_run"],
            )
            counts = write_report(report, outcomes, COLUMNS)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(imported)d imported, %(known)d known from before, %(rejected)d rejected.")
            % {name: counts[name] for name in ("imported", "known", "rejected")}
        )
        self.stdout.write(_("What became of each row stands in %(file)s.") % {"file": report})
