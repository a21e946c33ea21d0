"""Counting, and recounting from scratch."""

from oversight.services.counting import count_all, count_events, forget_counts
from oversight.services.recounting import disagreements

__all__ = ["count_all", "count_events", "disagreements", "forget_counts"]
