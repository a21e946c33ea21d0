"""`manage.py make_administrators BODY SYSTEM SECURITY AUDIT`: the first three of a new house."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from lib.errors import RuleViolation
from lib.roles import Role
from organizations import services
from organizations.models import Body, User

ROLES = {
    "system": Role.SYSTEM_ADMIN,
    "security": Role.SECURITY_ADMIN,
    "audit": Role.AUDIT_ADMIN,
}


class Command(BaseCommand):
    help = "Make the three administrators of a new installation and print their first passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("body", help="code of the body in which they hold their posts")
        for name, role in ROLES.items():
            parser.add_argument(name, help=f"sign-in name of the {role.label}")

    def handle(self, *_args: Any, **options: Any) -> None:
        body = Body.objects.filter(code=options["body"]).first()
        if body is None:
            raise CommandError(f"There is no body with the code {options['body']}.")
        try:
            with transaction.atomic():
                made = {name: _make(options[name], role, body) for name, role in ROLES.items()}
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from refusal
        for name, password in made.items():
            self.stdout.write(f"{options[name]}\t{password}")


def _make(username: str, role: Role, body: Body) -> str:
    """The person, the post and a password that must be changed at the first sign-in."""
    by, at = User.objects.system(), timezone.now()
    person = services.make_person(username=username, full_name=str(role.label), by=by, at=at)
    services.give_post(
        person, body=body, role=role, valid_from=timezone.localdate(at), by=by, at=at
    )
    return services.issue_password(person, by=by, at=at)
