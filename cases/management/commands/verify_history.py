"""`manage.py verify_history [NUMBER …]`: is every case's history what was written?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.models import CaseEvent
from cases.services.history import Break, verify_history


class Command(BaseCommand):
    help = "Check the chain of every case (or of those named), notes and daily roots."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="*", help="numbers of cases; none: all")

    def handle(self, *, numbers: list[str], **_options: Any) -> None:
        broken = 0
        for found in verify_history(numbers=numbers or None):
            broken += 1
            self.stderr.write(f"{found.case} {found.event}: {_sentence(found)}")
        if broken:
            raise CommandError(_("%(count)d breaks.") % {"count": broken})
        events = (
            CaseEvent.objects.filter(case__number__in=numbers) if numbers else CaseEvent.objects
        )
        self.stdout.write(_("%(count)d events are intact.") % {"count": events.count()})


def _sentence(found: Break) -> str:
    return {
        "event": _("the event was changed, or one before it is missing"),
        "head": _("the last event is not the one that the case knows"),
        "note": _("the words of the event were changed"),
        "root": _("the events of the day are not those of its published root"),
    }[found.what]
