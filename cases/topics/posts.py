"""What a topic is made of."""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """One matter as somebody raised it. `place` is what our own territory calls it (None: only the
    text says where); `votes`: people who agreed or disagreed with it; `author` None: not known."""

    key: int
    at: datetime.datetime
    title: str
    text: str
    votes: int = 0
    place: Hashable = None
    author: Hashable = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Posts about one thing, the most typical first, and the words that they share."""

    posts: tuple[Post, ...]
    words: tuple[str, ...]

    @property
    def first_at(self) -> datetime.datetime:
        return min(post.at for post in self.posts)

    @property
    def last_at(self) -> datetime.datetime:
        return max(post.at for post in self.posts)

    @property
    def places(self) -> set[Hashable]:
        return {post.place for post in self.posts if post.place is not None}

    @property
    def people(self) -> int:
        """Different authors; one who is not known counts as one more."""
        known = {post.author for post in self.posts if post.author is not None}
        return len(known) + sum(post.author is None for post in self.posts)


@dataclass(frozen=True, slots=True)
class Heat:
    """The index and what it is made of; see `cases.topics.heat`."""

    value: float
    number: int
    people: int
    growth: float
    spread: int
    votes: int
