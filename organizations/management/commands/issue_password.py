"""`manage.py issue_password USERNAME`: a way in for an administrator who has lost it.

In the browser no administrator can open another administrator's account; on the machine two people
look on, and the record says that the system did it.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organizations import services
from organizations.models import User
from organizations.services import second_factor


class Command(BaseCommand):
    help = "Print a new first password for a person; with --second-step remove the second step too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--second-step", action="store_true", help="remove the second step")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None or person.is_system:
            raise CommandError(f"There is no account {options['username']}.")
        by, at = User.objects.system(), timezone.now()
        password = services.issue_password(person, by=by, at=at)
        if options["second_step"]:
            second_factor.remove(person, by=by, at=at)
        self.stdout.write(password)
