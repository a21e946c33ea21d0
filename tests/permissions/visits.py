"""A visit with a finding in the home town's grid, made by its worker."""

from grids.services import Found, SentPhoto
from tests.factories import visits as made
from tests.factories.cases import photo

OURS = {
    "grids:visit": "visit", "grids:visit_correct": "visit", "grids:visit_amend": "visit",
    "grids:visit_void": "visit",
    "grids-api:visit-detail": "visit",
}  # fmt: skip
DECISIONS = ("hand_over", "resolve", "drop")


def catalogue_rows(town):
    """One row of each catalogue of visits."""
    kind = made.kind_of()
    target = made.target_in(town.grid)
    return {"visit-kinds": kind, "visit-targets": target, "visit-rules": kind.rules.get()}


def examples_at(name, world):
    """(label, arguments) of one address; empty where it is not one of visits."""
    if name == "portal:app_icon":
        return [("", {"size": 192, "look": "plain"})]
    if name == "grids:visit_kind_form":
        return [("", {"code": world.rows["visit-kinds"].code})]
    if name not in {*OURS, "grids:finding_decide", "grids:visit_photo"}:
        return []
    visit = world.visit
    if name == "grids:finding_decide":
        finding = visit.findings.get().pk
        return [(each, {"pk": finding, "name": each}) for each in DECISIONS]
    if name == "grids:visit_photo":
        return [("", {"pk": visit.photos.get().pk, "size": "small"})]
    return [("", {"pk": visit.pk})]


def make_visit(world):
    return made.make(
        world.rows["visit-targets"], world.rows["visit-kinds"], by=world.town.worker,
        findings=[Found("楼道堆物")], photos=[SentPhoto(photo("green"), question="shot")],
    )  # fmt: skip
