"""`manage.py visit_states`: write docs/visit-states.md and duty-states.md from the tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from grids.services.visit_drawing import draw_duty_states, draw_states


class Command(BaseCommand):
    help = "Write docs/visit-states.md and docs/duty-states.md from the tables of moves."

    def handle(self, **_options: Any) -> None:
        docs = Path(settings.BASE_DIR) / "docs"
        (docs / "visit-states.md").write_text(draw_states(), encoding="utf-8")
        (docs / "duty-states.md").write_text(draw_duty_states(), encoding="utf-8")
