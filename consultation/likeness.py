"""Opinions that say the same come together: runs of letters, weighed by how rare they are.

No words are cut, so that Chinese, dialect and slips of the pen need no dictionary. No number of
groups is given; most opinions are in none; the same texts always give the same groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FEWEST = 2
ALIKE = 0.30
# A long text repeats itself; what it is about stands at its beginning.
READ = 400
MOST_WORDS = 5
_AT_ONCE = 500
_RUNS = (2, 4)


@dataclass(frozen=True, slots=True)
class Alike:
    """Places of the texts in what was given, the most typical first, and what they share."""

    places: tuple[int, ...]
    words: tuple[str, ...]


def groups_of(texts: Sequence[str]) -> list[Alike]:
    """Groups of at least two texts, the largest first."""
    if len(texts) < FEWEST:
        return []
    matrix, names = _weighed(texts)
    if matrix is None:
        return []
    near = _neighbours(matrix)
    free = np.ones(len(texts), dtype=bool)
    found: list[Alike] = []
    while len(group := _densest(near, free)) >= FEWEST:
        free[group] = False
        found.append(_described(group, matrix, names))
    return sorted(found, key=lambda one: (-len(one.places), min(one.places)))


def _weighed(texts: Sequence[str]) -> tuple[Any, Sequence[str]]:
    """One row of length one for each text. None: nothing is shared."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- large

    counted = TfidfVectorizer(
        analyzer="char_wb", ngram_range=_RUNS, min_df=2, sublinear_tf=True, dtype=np.float32,
    )  # fmt: skip
    try:
        matrix = counted.fit_transform([text[:READ] for text in texts])
    except ValueError:  # no run of letters stands in two texts
        return None, ()
    return matrix, counted.get_feature_names_out().tolist()


def _neighbours(matrix: Any) -> Any:
    """A sparse square: how alike, where alike enough."""
    from scipy import sparse  # noqa: PLC0415 -- the same

    blocks = []
    for begin in range(0, matrix.shape[0], _AT_ONCE):
        block = matrix[begin : begin + _AT_ONCE] @ matrix.T
        block.data[block.data < ALIKE] = 0
        block.eliminate_zeros()
        blocks.append(block)
    return sparse.vstack(blocks).tocsr()


def _densest(near: Any, free: Any) -> list[int]:
    """The free text with the most free neighbours, and these."""
    counts = near @ free.astype(np.float32)
    counts[~free] = 0
    seed = int(counts.argmax())
    if counts[seed] <= 0:
        return []
    row = near.indices[near.indptr[seed] : near.indptr[seed + 1]]
    return [int(place) for place in sorted(row) if free[place]]


def _described(group: Sequence[int], matrix: Any, names: Sequence[str]) -> Alike:
    centre = np.asarray(matrix[group].mean(axis=0)).ravel()
    alike = np.asarray(matrix[group] @ centre).ravel()
    typical = [place for _near, place in sorted(zip(-alike, group, strict=True))]
    words: list[str] = []
    for place in np.argsort(-centre, kind="stable")[: MOST_WORDS * 12]:
        name = str(names[place]).strip()
        if len(name) > 1 and not any(name in other or other in name for other in words):
            words.append(name)
    return Alike(tuple(typical), tuple(words[:MOST_WORDS]))
