"""`manage.py route`: route what waits now. With --dry-run: what would the last cases meet today?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import services
from cases.services.duty_files import trial_of
from cases.services.replaying import Answer, Replay
from lib.errors import RuleViolation
from organizations.models import Body
from routing.matching import RefusalCode


class Command(BaseCommand):
    help = "Route waiting cases; with --dry-run replay the last decisions and print differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--last", type=int, default=1000, help="how many decisions to replay")
        parser.add_argument("--duty-file", type=Path, help="try this duty list (CSV of codes)")

    def handle(self, **options: Any) -> None:
        if not options["dry_run"]:
            if options["duty_file"]:
                raise CommandError(_("A duty list is only tried: add --dry-run."))
            self._route()
            return
        at = timezone.now()
        try:
            trial = options["duty_file"]
            changes = trial_of(trial, on=timezone.localdate(at)) if trial else None
            found = services.replay(last=options["last"], at=at, changes=changes)
        except (RuleViolation, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(found)

    def _route(self) -> None:
        count = 0
        while looked_at := services.route_waiting(at=timezone.now()):
            count += looked_at
        self.stdout.write(_("%(count)d cases were looked at.") % {"count": count})

    def _tell(self, found: Replay) -> None:
        leads = {side.lead_id for row in found.differences for side in (row.before, row.after)}
        bodies = Body.objects.in_bulk([lead for lead in leads if lead])
        for row in found.differences:
            before, after = _named(row.before, bodies), _named(row.after, bodies)
            self.stdout.write(f"{row.case.number}  {before} → {after}  {row.case.title}")
        facts = {"asked": found.asked, "count": len(found.differences)}
        self.stdout.write(_("%(asked)d asked, %(count)d would lie elsewhere.") % facts)


def _named(answer: Answer, bodies: dict[int, Body]) -> str:
    if answer.lead_id in bodies:
        return str(bodies[answer.lead_id])
    known = {code.value for code in RefusalCode}
    return answer.outcome if answer.outcome in known else "?"
