"""`manage.py demo_people`: who may sign in to the demo town. Silent where there is none."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.demo.accounts import PASSWORD, accounts


class Command(BaseCommand):
    help = "Print who may sign in to the demo town."

    def handle(self, *_: Any, **__: Any) -> None:
        found = [] if settings.PRODUCTION else accounts()
        if not found:
            return
        self.stdout.write(f"These may sign in, all with the password {PASSWORD}:")
        for account in found:
            self.stdout.write(f"  {account.username:<12} {account.name}  {account.post}")
