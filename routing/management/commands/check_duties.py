"""`manage.py check_duties [--full]`: find matters for which nobody, or two, or the wrong answer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from routing import services
from routing.models import DutyFinding, DutyFlaw


class Command(BaseCommand):
    help = "Check the duty list in every community; only what has changed since, unless --full."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="judge everything anew")

    def handle(self, **options: Any) -> None:
        services.ask_duty_check(
            by=User.objects.system(), at=timezone.now(), is_full=options["full"]
        )
        run = services.check_duties_waiting(moment=timezone.now)
        if run is None:
            raise CommandError(_("Another worker is checking. Look again in some minutes."))
        counts = DutyFinding.objects.standing().counted()
        for kind in DutyFlaw:
            self.stdout.write(f"{kind.value}: {counts.get(kind.value, 0)} ({kind.label})")
