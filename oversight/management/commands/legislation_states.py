"""`manage.py legislation_states`: write docs/legislation-states.md from the table of moves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from oversight.services.legislation_drawing import draw_states


class Command(BaseCommand):
    help = "Write docs/legislation-states.md from the table of moves."

    def handle(self, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "legislation-states.md"
        page.write_text(draw_states(), encoding="utf-8")
