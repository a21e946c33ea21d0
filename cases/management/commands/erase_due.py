"""`manage.py erase_due [--dry-run]`: erase personal details whose time is over."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.services import erasing
from organizations.models import User


class Command(BaseCommand):
    help = "Erase personal details whose time of keeping is over, and write down how much that was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and erase nothing")

    def handle(self, **options: Any) -> None:
        at = timezone.now()
        if not options["dry_run"]:
            for made in erasing.erase_due(by=User.objects.system(), at=at):
                self._tell(made.get_kind_display(), made.cases)
            return
        for wanted in erasing.due(at=at):
            self._tell(wanted.kind.label, wanted.cases.count())

    def _tell(self, kind: Any, count: int) -> None:
        self.stdout.write(_("%(kind)s: %(count)d cases") % {"kind": kind, "count": count})
