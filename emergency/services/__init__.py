"""Everything that people can do about an emergency; there is no other door to these tables."""
