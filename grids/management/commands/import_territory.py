"""`manage.py import_territory FILE --level town --crs gcj02`: outlines from a GeoJSON file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grids import services
from grids.models import Territory
from grids.services.imports import GCJ02, WGS84
from organizations.models import User


class Command(BaseCommand):
    help = (
        "Import outlines from a GeoJSON FeatureCollection: all or nothing, unless --skip-invalid."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", required=True, choices=["town", "community", "grid"])
        parser.add_argument("--crs", default=WGS84, choices=[WGS84, GCJ02])
        parser.add_argument("--parent", help="code of the territory that everything lies in")
        parser.add_argument("--name-property", default="name")
        parser.add_argument("--code-property", default="code")
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
        parser.add_argument("--skip-invalid", action="store_true", help="import the good ones")

    def handle(self, **options: Any) -> None:
        features = _features(options["file"])
        report = services.import_territory(
            features, _import_options(options), by=User.objects.system(), at=timezone.now()
        )
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: services.ImportReport, *, dry_run: bool) -> None:
        for refused in report.refused:
            self.stderr.write(f"{refused.number}. {refused.label}: {refused.reason}")
        counts = {
            "founded": len(report.founded),
            "redrawn": len(report.redrawn),
            "unchanged": len(report.unchanged),
            "refused": len(report.refused),
        }
        self.stdout.write(
            _(
                "%(founded)d founded, %(redrawn)d redrawn, %(unchanged)d unchanged, "
                "%(refused)d refused."
            )
            % counts
        )
        if not report.written and not dry_run:
            raise CommandError(_("Nothing was imported."))


def _import_options(options: dict[str, Any]) -> services.ImportOptions:
    return services.ImportOptions(
        level=options["level"],
        crs=options["crs"],
        name_property=options["name_property"],
        code_property=options["code_property"],
        parent=_parent(options["parent"]),
        skip_invalid=options["skip_invalid"],
        dry_run=options["dry_run"],
        source=options["file"].name,
    )


def _parent(code: str | None) -> Territory | None:
    if not code:
        return None
    parent = Territory.objects.filter(code=code).first()
    if parent is None:
        raise CommandError(_("No territory has the code %(code)s.") % {"code": code})
    return parent


def _features(file: Path) -> list[Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(
            _("%(file)s cannot be read as JSON: %(why)s") % {"file": file, "why": error}
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise CommandError(_("%(file)s is no GeoJSON FeatureCollection.") % {"file": file})
    return features
