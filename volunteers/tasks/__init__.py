"""What the clock and the queue start, one module a subject."""

from volunteers.tasks.time_bank import tend_time_bank

__all__ = ["tend_time_bank"]
