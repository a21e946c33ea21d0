"""Check all supplies: one line per check; exit code 1 when one fails."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from emergency import checks

SHOWN = 10


class Command(BaseCommand):
    help = "Check all supplies by name; a failure ends with code 1."

    @transaction.atomic
    def handle(self, *_: Any, **__: Any) -> None:
        failed = 0
        for name, findings in checks.run():
            failed += bool(findings)
            self.stdout.write(f"{'FAILED' if findings else 'ok':6}  {name}")
            for finding in findings[:SHOWN]:
                self.stdout.write(f"        {finding}")
        if failed:
            raise CommandError(f"The supplies failed {failed} checks.")
