"""`manage.py recount_indicators [--check]`: count all histories anew, or only compare."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oversight import services
from oversight.services.recounting import disagreements

MOST_LISTED = 20


class Command(BaseCommand):
    help = "Count what indicators show anew from the histories, or compare both with --check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")

    def handle(self, **options: Any) -> None:
        if not options["check"]:
            services.forget_counts()
        counted = services.count_all()
        said = ngettext("%(count)d case counted.", "%(count)d cases counted.", counted)
        self.stdout.write(said % {"count": counted})
        if options["check"]:
            self._compare()

    def _compare(self) -> None:
        """Counts what is new first: a number that is only late is not wrong."""
        found = list(disagreements(at=timezone.now()))
        for one in found[:MOST_LISTED]:
            self.stderr.write(f"{one.what}: {one.shown} ≠ {one.counted}")
        if found:
            raise CommandError(_("%(count)d numbers are wrong.") % {"count": len(found)})
        self.stdout.write(_("Every number is what the histories say."))
