"""Every write of consultation, by subject."""
