"""`manage.py admission_states`: write docs/admission-states.md from the tables of moves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from routing.services.drawing import draw_states


class Command(BaseCommand):
    help = "Write docs/admission-states.md from the tables of moves."

    def handle(self, **_options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "admission-states.md"
        page.write_text(draw_states(), encoding="utf-8")
