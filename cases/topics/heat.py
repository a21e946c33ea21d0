"""How hot a topic is: one number made of four that anybody can check.

    heat = people + 2 × growth + spread + √votes

- people: how many raised it; who writes ten times counts once;
- growth: how many more matters came in the last seven days than in a usual week of the topic
  before, never below 0: what is new counts three times what is not;
- spread: places (communities) beyond the first;
- votes: people who agreed or disagreed; the root, as a click is less than a report.
"""

import datetime
import math

from cases.topics.posts import Cluster, Heat

WEEK = datetime.timedelta(days=7)


def heat_of(cluster: Cluster, *, until: datetime.datetime) -> Heat:
    """`until` is the moment at which it is asked; for a file of the past the topic's own end."""
    votes, growth = sum(post.votes for post in cluster.posts), _growth(cluster, until)
    spread = max(0, len(cluster.places) - 1)
    value = cluster.people + 2 * growth + spread + math.sqrt(votes)
    number = len(cluster.posts)
    return Heat(round(value, 1), number, cluster.people, round(growth, 1), spread, votes)


def _growth(cluster: Cluster, until: datetime.datetime) -> float:
    recent = sum(until - WEEK < post.at <= until for post in cluster.posts)
    before = len(cluster.posts) - recent
    weeks = max((until - WEEK - cluster.first_at) / WEEK, 1.0)
    return max(0.0, recent - before / weeks)
