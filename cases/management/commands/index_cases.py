"""`manage.py index_cases`: write the words by which cases are found anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cases import services
from cases.models import Case


class Command(BaseCommand):
    help = "Write anew what cases are found by; --missing: only cases that have no words yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only those without words")

    def handle(self, **options: Any) -> None:
        cases = Case.objects.filter(search=None) if options["missing"] else Case.objects.all()
        done = 0
        for done in services.index_all(cases):
            if done % 50_000 == 0:
                self.stdout.write(str(done))
        self.stdout.write(_("%(count)d cases can be found.") % {"count": done})
