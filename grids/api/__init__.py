"""Where a point lies and what the territory looks like, as JSON for maps. Public: names only."""
