"""What the public face offers to pages of lower apps: its pages by name, and the way home."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.registry import MenuEntry, Reference, menu, references


def register() -> None:
    menu.register(
        MenuEntry(
            "portal:workbench",
            gettext_lazy("What waits for me"),
            "portal:workbench",
            "inbox",
            order=1,
        )
    )
    references.register("page", name_pages)
    references.register("callback", name_questions)


def name_pages(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Public pages that receipts and letters of lower apps point to."""
    pages = {"follow": Reference(_("Follow a case"), reverse("portal:follow"))}
    return {key: pages[key] for key in keys if key in pages}


def name_questions(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Pages on which a resident answers, by their codes."""
    label = _("What became of it?")
    return {key: Reference(label, reverse("portal:answer", args=[key])) for key in keys}
