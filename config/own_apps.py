"""The apps of the project, the lowest first: what stands higher knows what stands lower."""

OWN_APPS = (
    "lib",
    "organizations",
    "grids",
    "committee",
    "funding",
    "volunteers",
    "talent",
    "emergency",
    "routing",
    "cases",
    "consultation",
    "oversight",
    "portal",
    "config",
)
