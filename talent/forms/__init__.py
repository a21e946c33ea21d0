"""Forms of training, selection, posts and reference data."""
