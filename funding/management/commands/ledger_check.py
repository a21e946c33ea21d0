"""Check the whole ledger: one line per check; exit code 1 and a freeze when one fails."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from funding import services
from organizations.models import User

SHOWN = 10


class Command(BaseCommand):
    help = "Check the ledger by name; a failure freezes new reservations and ends with code 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lift", metavar="REASON", help="when all checks pass, lift a freeze for this reason"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        now, system = timezone.now(), User.objects.system()
        if not services.audit(by=system, at=now, report=self._print):
            raise CommandError("The ledger is frozen: nothing new is reserved.")
        if options["lift"]:
            count = services.lift(because=options["lift"], by=system, at=now)
            self.stdout.write(f"freezes lifted: {count}")

    def _print(self, name: str, findings: list[str]) -> None:
        self.stdout.write(f"{'FAILED' if findings else 'ok':6}  {name}")
        for finding in findings[:SHOWN]:
            self.stdout.write(f"        {finding}")
        if len(findings) > SHOWN:
            self.stdout.write(f"        … and {len(findings) - SHOWN} more")
