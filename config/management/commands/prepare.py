"""`manage.py prepare`: what must be true before web, worker and clock start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import first_start


class Command(BaseCommand):
    help = "Brings the tables up to date and loads the data of a first start."

    def handle(self, *_: Any, **__: Any) -> None:
        first_start.prepare(settings.FIRST_START, self.tell)

    def tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
