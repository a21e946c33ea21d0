"""`manage.py is_alive worker|clock`: the health check of a container without a web server."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import signs
from config.models import Sign


class Command(BaseCommand):
    help = "Succeeds if the worker or the clock of this machine has signed in the last minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=Sign.Kind.values)

    def handle(self, *_: Any, **options: Any) -> None:
        node = f"celery@{socket.gethostname()}"
        if not signs.is_fresh(options["kind"], node=node, at=timezone.now()):
            raise CommandError(
                f"The {options['kind']} of {node} has not signed in the last minute."
            )
