"""`manage.py check_coverage [--full]`: find gaps, overlaps and grids that nobody looks after."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from grids import services
from grids.models import CoverageFinding, FindingKind
from organizations.models import User


class Command(BaseCommand):
    help = "Check whether the grids cover the city; only what has changed since, unless --full."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="measure everything anew")

    def handle(self, **options: Any) -> None:
        by, at = User.objects.system(), timezone.now()
        services.ask_check(by=by, at=at, is_full=options["full"])
        run = services.check_waiting(moment=timezone.now)
        if run is None:
            raise CommandError(_("Another worker is checking. Look again in some minutes."))
        counts = CoverageFinding.objects.standing().counted()
        for kind in FindingKind:
            number, area = counts.get(kind, (0, 0.0))
            self.stdout.write(f"{kind.label}: {number} ({area:,.0f} m²)")
