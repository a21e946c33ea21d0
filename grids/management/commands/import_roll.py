"""`manage.py import_roll FILE --community 441900114001 --kind owners --name 富康花园`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import Level, RollKind, Territory
from grids.services import rolls
from grids.services.roll_files import read_roll
from lib.errors import RuleViolation
from organizations.models import User


class Command(BaseCommand):
    help = "Import a roll of households or owners (CSV, XLSX) as a new version: all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, help="code of the community")
        parser.add_argument("--kind", choices=RollKind.values, default=RollKind.OWNERS)
        parser.add_argument("--name", required=True, help="name of the roll, e.g. the estate")
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")

    def handle(self, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            file = read_roll(content, name=options["file"].name)
            report = rolls.import_roll(
                file, _options(options), by=User.objects.system(), at=timezone.now()
            )
        except (OSError, RuleViolation) as error:
            raise CommandError(str(error)) from error
        for refused in report.refused:
            self.stderr.write(f"{refused.number}. {refused.label}: {refused.reason}")
        self.stdout.write(
            _(
                "%(dwellings)d dwellings with %(entitled)d entitled people: %(added)d added, "
                "%(changed)d changed, %(removed)d removed, %(refused)d refused."
            )
            % {
                "dwellings": report.dwellings,
                "entitled": report.entitled,
                "added": len(report.added),
                "changed": len(report.changed),
                "removed": len(report.removed),
                "refused": len(report.refused),
            }
        )
        if report.roll is None and not options["dry_run"]:
            raise CommandError(_("Nothing was imported."))


def _options(options: dict[str, Any]) -> rolls.RollOptions:
    community = Territory.objects.filter(code=options["community"], level=Level.COMMUNITY).first()
    if community is None:
        raise CommandError(
            _("No community has the code %(code)s.") % {"code": options["community"]}
        )
    return rolls.RollOptions(
        community, options["kind"], options["name"], dry_run=options["dry_run"]
    )
