"""A linear model over the features of a text: how it answers, why, and how it is kept in a file.

The file is NumPy's archive of plain arrays, read with `allow_pickle=False`: it holds numbers and
words, and nothing in it can run. Who reads it says which SHA-256 it must have.
"""

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from routing.words.features import HEAD, KINDS, Features, features_of, segmented
from routing.words.figures import Answer
from routing.words.normal import pieces

Array = np.ndarray[Any, Any]
# A label is explained by at most so many words.
MOST_WORDS = 5


class Damaged(Exception):
    """The file is not the one that was saved."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One text with the label that somebody gave it; `text` is the title and what follows."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The features of one kind: sorted `names`, how rare each is, and its row in the weights."""

    names: Array
    rarity: Array

    def found(self, tokens: Sequence[str]) -> tuple[Array, Array]:
        """(places of the known tokens, their share of the text: a vector of length one)."""
        counts = Counter(tokens)
        asked = np.array(list(counts), dtype=self.names.dtype) if counts else self.names[:0]
        places = np.searchsorted(self.names, asked)
        places[places == len(self.names)] = 0
        known = self.names[places] == np.array(list(counts)) if counts else places == -1
        many = np.array(list(counts.values()), dtype=np.float32)[known]
        values = (1 + np.log(many)) * self.rarity[places[known]]
        return places[known], values / (float(np.linalg.norm(values)) or 1.0)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Labels by confidence, the likeliest first; confidences add up to 1."""

    labels: Sequence[str]
    confidences: Sequence[float]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights`: a row for each feature, kind after kind, a column for each label.

    `sharpness` turns the distance between scores into confidence (Platt's idea with one number for
    all labels); `threshold` is the confidence from which on 97 % were right.
    """

    labels: tuple[str, ...]
    terms: Mapping[str, Terms]
    weights: Array
    bias: Array
    sharpness: float
    threshold: float

    # -- Answers ----------------------------------------------------------------------------

    def scores(self, features: Features) -> Array:
        """One score for each label."""
        total, before = self.bias.astype(np.float32), 0
        for name, kind in KINDS.items():
            places, values = self.terms[name].found(features[name])
            rows = self.weights[places + before].astype(np.float32)
            total = total + (values * np.float32(kind.weight)) @ rows
            before += len(self.terms[name].names)
        return total

    def opinion(self, text: str) -> Opinion:
        confidences = confidence(self.scores(features_of(text)), self.sharpness)
        order = np.argsort(-confidences, kind="stable")
        return Opinion([self.labels[place] for place in order], confidences[order].tolist())

    def answers(self, samples: Sequence[Sample]) -> list[Answer]:
        """What the model says of each sample, beside what it should say."""
        answers = []
        for sample in samples:
            opinion = self.opinion(sample.text)
            answers.append(Answer(sample.label, opinion.labels[0], opinion.confidences[0]))
        return answers

    def words_for(self, text: str, label: str) -> tuple[str, ...]:
        """The words of the text that spoke most for this label, against the others on average.

        What every feature adds to the score is laid on the characters that it is made of.
        """
        words = segmented(pieces(text))
        weight = np.zeros(sum(map(len, words)))
        for kind, token, worth in self._worths(features_of(text), self.labels.index(label)):
            end = HEAD if kind == "beginning" else len(weight)
            _lay(weight[:end], "".join(words)[:end], token, worth)
        return _heaviest(words, weight)

    def _worths(self, features: Features, column: int) -> Iterator[tuple[str, str, float]]:
        """(kind, feature, what it adds to this label beyond the others' mean)."""
        before = 0
        for name, kind in KINDS.items():
            terms = self.terms[name]
            places, values = terms.found(features[name])
            rows = self.weights[places + before].astype(np.float32)
            worths = values * np.float32(kind.weight) * (rows[:, column] - rows.mean(axis=1))
            for place, worth in zip(places, worths.tolist(), strict=True):
                yield name, str(terms.names[place]), worth
            before += len(terms.names)

    # -- The file ---------------------------------------------------------------------------

    def arrays(self, prefix: str = "") -> dict[str, Array]:
        found = {
            "labels": np.array(self.labels),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias.astype(np.float32),
            "numbers": np.array([self.sharpness, self.threshold]),
        }
        for kind, terms in self.terms.items():
            found[f"{kind}_names"], found[f"{kind}_rarity"] = terms.names, terms.rarity
        return {prefix + name: array for name, array in found.items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], prefix: str = "") -> Self:
        sharpness, threshold = arrays[prefix + "numbers"].tolist()
        return cls(
            labels=tuple(arrays[prefix + "labels"].tolist()),
            terms={
                kind: Terms(arrays[f"{prefix}{kind}_names"], arrays[f"{prefix}{kind}_rarity"])
                for kind in KINDS
            },
            weights=arrays[prefix + "weights"],
            bias=arrays[prefix + "bias"],
            sharpness=sharpness,
            threshold=threshold,
        )


def confidence(scores: Array, sharpness: float) -> Array:
    """Scores (one row or many) as shares of 1."""
    raised = np.asarray(scores, dtype=np.float64) * sharpness
    raised = np.exp(raised - raised.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def packed(models: Mapping[str, LinearModel]) -> bytes:
    """Models by name as one file."""
    arrays: dict[str, Any] = {}
    for name, model in models.items():
        arrays |= model.arrays(f"{name}_")
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpacked(content: bytes, name: str, *, sha256: str) -> LinearModel:
    """The model of this name. Raises Damaged where the content is not what was saved."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return LinearModel.of_arrays(arrays, f"{name}_")


def _lay(weight: Array, words: str, token: str, value: float) -> None:
    """Share what a feature is worth among all places where it stands."""
    begins, place = [], words.find(token)
    while place >= 0:
        begins.append(place)
        place = words.find(token, place + 1)
    for begin in begins:
        weight[begin : begin + len(token)] += value / (len(begins) * len(token))


def _heaviest(words: Sequence[str], weight: Array) -> tuple[str, ...]:
    """The words of two characters and more that carry the most weight, wherever they stand."""
    total: dict[str, float] = defaultdict(float)
    place = 0
    for word in words:
        if len(word) > 1:
            total[word] += float(weight[place : place + len(word)].sum())
        place += len(word)
    ordered = sorted(total.items(), key=lambda row: (-row[1], row[0]))
    return tuple(word for word, worth in ordered if worth > 0)[:MOST_WORDS]
