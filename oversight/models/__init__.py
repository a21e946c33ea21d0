"""What is counted of cases: the facts one by one, and their sums by day and month."""

from oversight.models.counts import Count, Turn
from oversight.models.facts import Fact, Standing

__all__ = ["Count", "Fact", "Standing", "Turn"]
