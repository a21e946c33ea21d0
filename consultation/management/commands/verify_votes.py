"""`manage.py verify_votes`: does every closed vote still hold what it held when it closed?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from consultation.models import Vote
from consultation.services.counting import prove
from consultation.session_workflow import VoteState


class Command(BaseCommand):
    help = "Compare ballots with people who voted, and with the hash fixed at closing."

    def handle(self, **_options: Any) -> None:
        closed = Vote.objects.filter(state__in=[VoteState.CLOSED, VoteState.JUDGED])
        faults = 0
        for vote in closed.order_by("pk").iterator():
            for fault in prove(vote):
                faults += 1
                self.stderr.write(f"{vote.pk} {vote.question}: {fault}")
        if faults:
            raise CommandError(_("%(number)d faults.") % {"number": faults})
        self.stdout.write(_("%(number)d votes hold.") % {"number": closed.count()})
