"""Posts that say the same, near in time and place, come together.

Words are weighed by how rare they are; two posts are neighbours when their words are alike enough
and few weeks lie between them. The post with the most neighbours begins a cluster, which takes what
is near its centre; then the next. No number of clusters is given, most posts are in none, and the
same posts always give the same clusters. Cost: the pairs that share a rare word.
"""

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from cases.topics.posts import Cluster, Post
from routing.words.features import segmented
from routing.words.normal import pieces

FEWEST = 3
# Cosine of the weighed words: alike enough to be about one thing.
ALIKE = 0.34
# Another place of ours speaks against it, the same for it.
SAME_PLACE, OTHER_PLACE = 1.15, 0.75
APART = datetime.timedelta(days=60)
TITLE_COUNTS = 3
# A long text repeats itself; what it is about stands at its beginning.
READ = 300
MOST_WORDS = 6
_AT_ONCE = 250
_MOST_COMMON = 0.04
Matrix = Any


def clusters_of(posts: Sequence[Post]) -> list[Cluster]:
    """Clusters of at least `FEWEST` posts of as many people, the largest first."""
    if len(posts) < FEWEST:
        return []
    ordered = sorted(posts, key=lambda post: (post.at, post.key))
    matrix, names = _weighed(ordered)
    if matrix is None:
        return []
    near = _neighbours(matrix, ordered)
    groups = _grouped(near, matrix)
    clusters = (_cluster(group, ordered, matrix, names) for group in groups)
    found = [cluster for cluster in clusters if cluster.people >= FEWEST]
    return sorted(found, key=lambda cluster: (-len(cluster.posts), cluster.posts[0].key))


def _weighed(posts: Sequence[Post]) -> tuple[Matrix, Sequence[str]]:
    """One row of length one for each post, and the word of each column. None: nothing is shared."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- large

    counted = TfidfVectorizer(
        analyzer=_words,
        min_df=2,
        max_df=max(10, int(_MOST_COMMON * len(posts))),
        sublinear_tf=True,
        dtype=np.float32,
    )
    try:
        matrix = counted.fit_transform(posts)
    except ValueError:  # no word stands in two posts
        return None, ()
    return matrix, counted.get_feature_names_out().tolist()


def _words(post: Post) -> list[str]:
    title = [word for word in segmented(pieces(post.title)) if len(word) > 1]
    text = [word for word in segmented(pieces(post.text[:READ])) if len(word) > 1]
    # Two words that follow each other name a thing better than each of them: 搅拌站 噪音.
    pairs = [f"{one}{two}" for one, two in itertools.pairwise(title)]
    return [*(title * TITLE_COUNTS), *pairs, *text]


def _neighbours(matrix: Matrix, posts: Sequence[Post]) -> Matrix:
    """A sparse square: how alike, where alike enough, not far apart in time."""
    from scipy import sparse  # noqa: PLC0415 -- the same

    days = np.array([post.at.timestamp() for post in posts])
    codes = _place_codes(posts)
    blocks = []
    for begin in range(0, len(posts), _AT_ONCE):
        block = (matrix[begin : begin + _AT_ONCE] @ matrix.T).tocoo()
        rows, columns, values = block.row + begin, block.col, block.data
        values = values * _by_place(codes[rows], codes[columns])
        close = np.abs(days[rows] - days[columns]) <= APART.total_seconds()
        kept = close & (values >= ALIKE) & (rows != columns)
        shape = (block.shape[0], len(posts))
        blocks.append(
            sparse.csr_matrix((values[kept], (rows[kept] - begin, columns[kept])), shape=shape)
        )
    return sparse.vstack(blocks).tocsr()


def _place_codes(posts: Sequence[Post]) -> Any:
    """A number for each place, -1 where it is not known."""
    known = {place: code for code, place in enumerate(dict.fromkeys(p.place for p in posts))}
    return np.array([-1 if post.place is None else known[post.place] for post in posts])


def _by_place(one: Any, other: Any) -> Any:
    unknown = (one < 0) | (other < 0)
    return np.where(unknown, 1.0, np.where(one == other, SAME_PLACE, OTHER_PLACE))


def _grouped(near: Matrix, matrix: Matrix) -> list[list[int]]:
    """Rows by cluster, each row in one; the seed with the most neighbours takes first."""
    free = np.ones(near.shape[0], dtype=bool)
    groups: list[list[int]] = []
    while True:
        counts = near @ free.astype(np.float32)
        counts[~free] = 0
        seed = int(counts.argmax())
        if counts[seed] <= 0:
            return groups
        group = _around(seed, near, matrix, free)
        free[group] = False
        free[seed] = False
        if len(group) >= FEWEST:
            groups.append(group)


def _around(seed: int, near: Matrix, matrix: Matrix, free: Any) -> list[int]:
    """The seed's neighbours, then theirs that are as near to the centre of all of them."""
    group = [seed, *(place for place in near.indices[_row(near, seed)] if free[place])]
    for _round in range(2):
        centre = np.asarray(matrix[group].mean(axis=0)).ravel()
        centre /= np.linalg.norm(centre) or 1.0
        beyond = {int(place) for row in group for place in near.indices[_row(near, row)]}
        asked = sorted(place for place in {*group, *beyond} if free[place])
        alike = np.asarray(matrix[asked] @ centre).ravel()
        group = [place for place, value in zip(asked, alike, strict=True) if value >= ALIKE]
        if not group:
            return [seed]
    return group


def _row(near: Matrix, place: int) -> slice:
    return slice(near.indptr[place], near.indptr[place + 1])


def _cluster(
    group: Sequence[int], posts: Sequence[Post], matrix: Matrix, names: Sequence[str]
) -> Cluster:
    centre = np.asarray(matrix[group].mean(axis=0)).ravel()
    alike = np.asarray(matrix[group] @ centre).ravel()
    typical = sorted(zip(-alike, group, strict=True))
    words: list[str] = []
    for place in np.argsort(-centre, kind="stable")[: MOST_WORDS * 5]:
        name = str(names[place])
        if centre[place] > 0 and not any(name in other or other in name for other in words):
            words.append(name)
    return Cluster(tuple(posts[place] for _alike, place in typical), tuple(words[:MOST_WORDS]))
