"""What the public face offers to pages of lower apps: its pages by name, and the way home."""

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.intake import LOGGERS
from cases.models import Case
from grids.models.visit_plans import VISITORS
from lib.registry import MenuEntry, Reference, menu, references
from portal import publication

FIELD = LOGGERS | VISITORS


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
    menu.register(
        MenuEntry(
            "portal:field", gettext_lazy("On site"), "portal:field", "device-mobile", FIELD, 5
        )
    )
    references.register("page", name_pages)
    references.register("callback", name_questions)
    references.register("public_hold", name_money)
    references.register("public_case", name_published)


def name_pages(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Public pages that receipts and letters of lower apps point to."""
    pages = {
        "follow": Reference(_("Follow a case"), reverse("portal:follow")),
        "report": Reference(_("Report a matter"), reverse("portal:report")),
        "field": Reference(_("On site"), reverse("portal:field")),
        "open-data": Reference(_("Open data"), reverse("portal:money_data")),
        "visits": Reference(_("Visits due"), reverse("grids:visits")),
    }
    return {key: pages[key] for key in keys if key in pages}


def name_questions(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Pages on which a resident answers, by their codes."""
    label = _("What became of it?")
    return {key: Reference(label, reverse("portal:answer", args=[key])) for key in keys}


def name_money(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """Where everybody follows a reservation of the ledger, by its key."""
    label = _("Follow the money")
    return {key: Reference(label, reverse("portal:money_hold", args=[key])) for key in keys}


def name_published(keys: Collection[str], _user: Any) -> Mapping[str, Reference]:
    """The pages of cases that everybody may see, by the cases' keys; the others are left out."""
    rows = Case.objects.published().filter(pk__in=keys).select_related("category")
    return {
        str(case.pk): Reference(
            f"{publication.title_of(case)} · {case.number}",
            reverse("portal:published_case", args=[case.number]),
        )
        for case in rows
    }
