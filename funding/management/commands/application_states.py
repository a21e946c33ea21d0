"""`manage.py application_states`: write docs/application-states.md from the table of moves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from funding.services.drawing import draw_states


class Command(BaseCommand):
    help = "Write docs/application-states.md from the table of moves."

    def handle(self, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "application-states.md"
        page.write_text(draw_states(), encoding="utf-8")
