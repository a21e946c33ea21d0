"""A model is learned from samples, and judged by samples that it has not seen.

Which samples are held back is decided by their words, so that a sample is held back from every
model ever trained: two models are compared on texts that neither has learned from. Everything is
deterministic.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from routing.words.features import KINDS, Features, features_of
from routing.words.figures import Answer, Figures, figures_of, threshold_of
from routing.words.linear import Array, LinearModel, Sample, Terms, confidence
from routing.words.normal import normalised

HELD_BACK = 15  # of a hundred
FOLDS = 3
# A label that fewer samples have cannot be learned, nor one be judged with it.
FEWEST_OF_LABEL = 5
# Weights in one file: (features × labels); 2 bytes each, so at most 24 MB.
MOST_WEIGHTS = 12_000_000
SEED = 441900


class TooLittle(Exception):
    """Fewer than two labels have enough samples."""


@dataclass(frozen=True, slots=True)
class Trained:
    """`final` has learned from everything; `trial` without the held-back part, by which `figures`
    were made; `dropped`: labels with too few samples."""

    final: LinearModel
    trial: LinearModel
    figures: Figures
    held_back: int
    rows: int
    dropped: tuple[str, ...]


def is_held_back(text: str) -> bool:
    """Whether a text is one of those by which models are judged."""
    digest = hashlib.sha256(normalised(text).encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < HELD_BACK


def train(samples: Sequence[Sample]) -> Trained:
    """Raises TooLittle. Takes about 30 s for 7,500 texts of 200 characters and 7 labels."""
    kept, dropped = _enough(samples)
    held = [sample for sample in kept if is_held_back(sample.text)]
    rest = [sample for sample in kept if not is_held_back(sample.text)]
    if len({sample.label for sample in rest}) < 2:
        raise TooLittle
    texts = [_read(sample) for sample in rest]
    trial = _learned(texts)
    sharpness, threshold = _calibrated(texts)
    trial = replace(trial, sharpness=sharpness, threshold=threshold)
    final = _learned([*texts, *(_read(sample) for sample in held)])
    return Trained(
        final=replace(final, sharpness=sharpness, threshold=threshold),
        trial=trial,
        figures=figures_of(trial.answers(held), threshold=threshold),
        held_back=len(held),
        rows=len(kept),
        dropped=dropped,
    )


def _enough(samples: Sequence[Sample]) -> tuple[list[Sample], tuple[str, ...]]:
    """Labels that can be learned, each text once, in an order that does not depend on the file."""
    counts = Counter(sample.label for sample in samples)
    dropped = {label for label, number in counts.items() if number < FEWEST_OF_LABEL}
    kept = {sample for sample in samples if sample.label not in dropped}
    ordered = sorted(kept, key=lambda sample: (sample.text, sample.label))
    return ordered, tuple(sorted(dropped))


@dataclass(frozen=True, slots=True)
class _Text:
    """A sample whose features have been read: by kind, in the order of the text."""

    features: Features
    label: str


def _read(sample: Sample) -> _Text:
    """Equal features are one object: texts share most of them."""
    features = {
        kind: [sys.intern(token) for token in tokens]
        for kind, tokens in features_of(sample.text).items()
    }
    return _Text(features, sample.label)


def _learned(texts: Sequence[_Text]) -> LinearModel:
    """One linear support vector machine for each label against all others."""
    from scipy import sparse  # noqa: PLC0415 -- large, and only who trains needs it
    from sklearn.svm import LinearSVC  # noqa: PLC0415 -- the same

    labels = [text.label for text in texts]
    names = tuple(sorted(set(labels)))
    terms, columns = _terms(texts, most=MOST_WEIGHTS // len(names))
    machine = LinearSVC(C=1.0, tol=0.01, random_state=SEED).fit(
        sparse.hstack(columns).tocsr(), labels
    )
    weights, bias = machine.coef_.T, machine.intercept_
    if len(names) == 2:
        # Of two labels the library learns one score, for the second against the first.
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return LinearModel(names, terms, weights.astype(np.float32), bias, 1.0, 1.0)


def _terms(texts: Sequence[_Text], *, most: int) -> tuple[dict[str, Terms], list[Any]]:
    """Terms of each kind, and the matrix of the texts by them; at most `most` terms altogether."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- the same

    terms, columns = {}, []
    for name, kind in KINDS.items():
        counted = TfidfVectorizer(
            analyzer=lambda text, name=name: text.features[name],
            min_df=2,
            max_features=most // len(KINDS),
            sublinear_tf=True,
            dtype=np.float32,
        )
        columns.append(counted.fit_transform(texts) * np.float32(kind.weight))
        found = np.array(counted.get_feature_names_out().tolist())
        terms[name] = Terms(found, counted.idf_.astype(np.float32))
    return terms, columns


def _calibrated(texts: Sequence[_Text]) -> tuple[float, float]:
    """(sharpness, threshold) by answers of models that had not seen the text."""
    names = sorted({text.label for text in texts})
    scores = np.zeros((len(texts), len(names)))
    for fold in range(FOLDS):
        _judge_fold(texts, names, fold, scores)
    sharpness = _sharpness(scores, np.array([names.index(text.label) for text in texts]))
    shares = confidence(scores, sharpness)
    answers = [
        Answer(text.label, names[row.argmax()], float(row.max()))
        for text, row in zip(texts, shares, strict=True)
    ]
    return sharpness, threshold_of(answers)


def _judge_fold(texts: Sequence[_Text], names: list[str], fold: int, scores: Array) -> None:
    """Fill in the scores of every third text, of a model of the others."""
    model = _learned([text for place, text in enumerate(texts) if place % FOLDS != fold])
    columns = [names.index(label) for label in model.labels]
    scores[fold::FOLDS] = float(model.bias.min()) - 1  # of a label that the others lack
    for place in range(fold, len(texts), FOLDS):
        scores[place, columns] = model.scores(texts[place].features)


def _sharpness(scores: Array, places: Array) -> float:
    """The one that makes the right labels likeliest."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 -- the same

    def surprise(sharpness: float) -> float:
        shares = confidence(scores, sharpness)[np.arange(len(places)), places]
        return float(-np.log(np.maximum(shares, 1e-12)).mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 20.0), method="bounded").x)
