"""Every write to the territory, its outlines, and who covers what."""

from grids.services.boundaries import draw_boundary
from grids.services.coverage import (
    end_territory_of_body,
    end_territory_of_post,
    give_territory_to_body,
    give_territory_to_post,
)
from grids.services.findings import Found, drop, hand_over, resolve
from grids.services.imports import ImportOptions, ImportReport, import_territory
from grids.services.territory import change_territory, end_territory, make_territory
from grids.services.visit_kinds import (
    change_rule,
    change_target,
    end_rule,
    end_target,
    make_rule,
    make_target,
    publish_form,
)
from grids.services.visit_mornings import tell_of_due
from grids.services.visit_photos import SentPhoto
from grids.services.visit_planning import plan_visits
from grids.services.visiting import CheckIn, Report, correct, declare_void, make_visit

__all__ = [
    "CheckIn",
    "Found",
    "ImportOptions",
    "ImportReport",
    "Report",
    "SentPhoto",
    "change_rule",
    "change_target",
    "change_territory",
    "correct",
    "declare_void",
    "draw_boundary",
    "drop",
    "end_rule",
    "end_target",
    "end_territory",
    "end_territory_of_body",
    "end_territory_of_post",
    "give_territory_to_body",
    "give_territory_to_post",
    "hand_over",
    "import_territory",
    "make_rule",
    "make_target",
    "make_territory",
    "make_visit",
    "plan_visits",
    "publish_form",
    "resolve",
    "tell_of_due",
]
