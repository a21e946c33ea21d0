"""Hot topics: what many people raise in the same words, place and time. Knows no table."""
