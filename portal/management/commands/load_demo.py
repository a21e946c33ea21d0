"""`manage.py load_demo`: a living town, invented, so that everything can be tried."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lib.errors import RuleViolation
from portal.demo.loading import Plan, load, summary

_WIDTH = 32


class Command(BaseCommand):
    help = "Load the demo town (or city): invented people and matters, real names of places."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=["town", "city"], default="town")
        parser.add_argument("--cases", type=int, default=2000, help="how many cases (2000)")
        parser.add_argument("--days", type=int, default=90, help="begun in the last days (90)")
        parser.add_argument("--seed", type=int, default=441900)

    def handle(self, *_: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: its passwords are known.")
        plan = Plan(
            scale=options["scale"],
            cases=options["cases"],
            days=options["days"],
            seed=options["seed"],
            at=timezone.now(),
        )
        try:
            load(plan, tell=self._tell)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(", ".join(f"{count:,} {what}" for what, count in summary().items()))

    def _tell(self, stage: str, done: int, total: int) -> None:
        """A bar that fills in place; without a terminal only its last state."""
        if not sys.stdout.isatty() and done < total:
            return
        filled = _WIDTH * done // max(total, 1)
        bar = "█" * filled + "·" * (_WIDTH - filled)
        self.stdout.write(f"\r{stage:<18} {bar} {done:,}/{total:,}", ending="")
        if done >= total:
            self.stdout.write("")
