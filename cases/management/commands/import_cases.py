"""`manage.py import_cases FILE --mapping MAPPING [--dry-run]`: cases from a CSV or XLSX file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.services.importing import import_rows, read_mapping, read_rows
from lib.errors import RuleViolation
from organizations.import_reports import acting, write_report

COLUMNS = ("row", "origin_number", "result", "reason", "number")


class Command(BaseCommand):
    help = "Import cases: every row becomes a case or is rejected with its reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="see cases/mappings/")
        parser.add_argument("--report", type=Path, help="default: FILE.report.csv in this folder")
        parser.add_argument("--by", metavar="USERNAME", help="default: the system itself")
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="make bodies and kinds of an archive that are not there yet",
        )
        parser.add_argument("--dry-run", action="store_true", help="check, and write no case")

    def handle(self, **options: Any) -> None:
        by, file = acting(options["by"]), options["file"]
        report = options["report"] or Path(f"{file.name}.report.csv")
        try:
            mapping = read_mapping(options["mapping"])
            rows = read_rows(file, encoding=mapping.encoding, delimiter=mapping.delimiter)
            outcomes = import_rows(
                rows,
                mapping,
                by=by,
                at=timezone.now(),
                dry_run=options["dry_run"],
                create_missing=options["create_missing"],
            )
            counts = write_report(report, outcomes, COLUMNS)
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            _("%(imported)d imported, %(known)d known from before, %(rejected)d rejected.")
            % {name: counts[name] for name in ("imported", "known", "rejected")}
        )
        self.stdout.write(_("What became of each row stands in %(file)s.") % {"file": report})
