"""Icons, drawn into the page: no font to wait for, coloured by the text around them.

The outlines come from the npm package `@tabler/icons`, found through the static files.
"""

import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SOURCE = "npm/@tabler/icons/tabler-nodes-outline.json"

Node = tuple[str, dict[str, str]]


@cache
def _outlines() -> dict[str, list[Node]]:
    found = finders.find(SOURCE)
    if isinstance(found, str) and found:
        text = Path(found).read_text(encoding="utf-8")
    elif staticfiles_storage.exists(SOURCE):
        with staticfiles_storage.open(SOURCE) as file:
            text = file.read().decode("utf-8")
    else:
        return {}
    outlines: dict[str, list[Node]] = json.loads(text)
    return outlines


def is_known(name: str) -> bool:
    return name in _outlines()


@cache
def icon(name: str, label: str = "") -> SafeString:
    """An `<svg>` of the named outline. Without `label` it is decoration and hidden from readers.

    A name that the package does not have draws an empty square; a test walks all templates for
    such names.
    """
    nodes = format_html_join(
        "",
        "<{} {}/>",
        (
            (tag, format_html_join(" ", '{}="{}"', attributes.items()))
            for tag, attributes in _outlines().get(name, [])
        ),
    )
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" width="24" height="24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round" focusable="false" {}>{}</svg>',
        name,
        meaning,
        nodes,
    )
