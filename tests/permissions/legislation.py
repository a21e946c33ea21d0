"""A file of legislation of the home town's office."""

from django.utils import timezone

from oversight.models import LegislationLimit
from oversight.views.legislation import STEPS
from tests.factories import legislation as made

OF_FILE = (
    "legislation_file", "legislation_edit", "legislation_consultation", "legislation_evidence",
)  # fmt: skip


def make_legislation(town):
    return made.begun(by=made.officer(town.office), at=timezone.now())


def catalogue_rows():
    return {"legislation-limits": LegislationLimit.objects.first()}


def examples_at(name, row):
    """(label, values) for an address of legislation; none where it is about others."""
    space, _colon, last = name.rpartition(":")
    if space != "oversight":
        return []
    if last == "legislation_move":
        return [(move, {"pk": row.pk, "name": move}) for move in STEPS]
    return [("", {"pk": row.pk})] if last in OF_FILE else []
