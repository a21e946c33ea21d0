"""Every write of the committee's work, by subject."""
