import re
from pathlib import Path

from django.conf import settings

from lib import icons, registry

NAMED = re.compile(r"""{%\s*icon\s+"([^"]+)"|with\s+icon="([^"]+)\"""")


def test_every_icon_that_a_template_names_exists():
    unknown = [
        (path.name, name)
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for pair in NAMED.findall(path.read_text(encoding="utf-8"))
        for name in filter(None, pair)
        if not icons.is_known(name)
    ]
    assert unknown == []


def test_every_icon_of_the_menu_exists():
    assert [entry.key for entry in registry.menu if not icons.is_known(entry.icon)] == []
