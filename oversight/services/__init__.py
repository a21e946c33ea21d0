"""Counting, and recounting from scratch."""

from oversight.services.counting import count_all, count_events, forget_counts

__all__ = ["count_all", "count_events", "forget_counts"]
