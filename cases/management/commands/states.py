"""`manage.py states [--check]`: write docs/states.md from the workflow table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.services.drawing import draw_states


class Command(BaseCommand):
    help = "Write docs/states.md from the workflow table; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "states.md"
        drawn = draw_states()
        if not check:
            page.write_text(drawn, encoding="utf-8")
        elif not page.is_file() or page.read_text(encoding="utf-8") != drawn:
            raise CommandError("docs/states.md is not what the table says: run manage.py states")
