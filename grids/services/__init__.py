"""Every write to the territory, its outlines, and who covers what."""

from grids.services.boundaries import draw_boundary
from grids.services.coverage import (
    end_territory_of_body,
    end_territory_of_post,
    give_territory_to_body,
    give_territory_to_post,
)
from grids.services.imports import ImportOptions, ImportReport, import_territory
from grids.services.territory import change_territory, end_territory, make_territory

__all__ = [
    "ImportOptions",
    "ImportReport",
    "change_territory",
    "draw_boundary",
    "end_territory",
    "end_territory_of_body",
    "end_territory_of_post",
    "give_territory_to_body",
    "give_territory_to_post",
    "import_territory",
    "make_territory",
]
