"""Every template compiles, and every message has its Chinese."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from config import translations

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*"))


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert engines["django"].get_template(name)


def test_every_message_has_its_chinese():
    assert translations.faults() == []
