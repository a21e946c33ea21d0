"""`manage.py demo_people`: who may sign in to the demo town. Silent where there is none."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from organizations.identity import level_of
from portal.demo.accounts import PASSWORD, accounts
from portal.demo.residents import found_residents


class Command(BaseCommand):
    help = "Print who may sign in to the demo town."

    def handle(self, *_: Any, **__: Any) -> None:
        found = [] if settings.PRODUCTION else accounts()
        if not found:
            return
        self.stdout.write(f"These may sign in, all with the password {PASSWORD}:")
        for account in found:
            self.stdout.write(f"  {account.username:<12} {account.name}  {account.post}")
        self._tell_residents()

    def _tell_residents(self) -> None:
        """Another door; without a gateway the codes lie in its file."""
        people = [(person, level_of(person)) for person in found_residents()]
        if not people:
            return
        codes = Path(settings.GATEWAY_FOLDER) / "sms.jsonl"
        self.stdout.write(
            "Residents sign in at /account/enter/ with a number and a code, or with that password. "
            f"Codes lie in {codes} (tail -1)."
        )
        for person, level in people:
            self.stdout.write(f"  {person.phone:<12} {person}  {level.label}")
