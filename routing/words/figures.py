"""How good answers are: the figures by which one model is preferred to another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

PRECISION = 0.97
# Equal steps of confidence in which what was promised is compared with what came true.
STEPS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What was expected and what a model said, with how sure it was (0 to 1)."""

    expected: str
    given: str
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.expected == self.given


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """`precision`: share right of what was given; `recall`: share found of what was expected."""

    label: str
    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Step:
    """Answers of about equal confidence: their number, mean confidence, share that was right."""

    rows: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`coverage_at_97`: the largest share of rows, the surest first, of which 97 % are right;
    `certain` and `certain_right`: share of rows at or above the threshold, and share right of them.
    `confusion`: [expected, given, rows], wrong answers only, the most frequent first.
    """

    rows: int
    accuracy: float
    macro_f1: float
    coverage_at_97: float
    certain: float
    certain_right: float
    labels: tuple[LabelFigures, ...]
    reliability: tuple[Step, ...]
    confusion: tuple[tuple[str, str, int], ...]

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def figures_of(answers: Sequence[Answer], *, threshold: float = 1.0) -> Figures:
    """Macro-F1 is the plain mean over the labels that were expected. No rows: all zero."""
    labels = _by_label(answers)
    sure = [answer for answer in answers if answer.confidence >= threshold]
    return Figures(
        rows=len(answers),
        accuracy=_share(answers),
        macro_f1=_mean([label.f1 for label in labels]),
        coverage_at_97=_ratio(_covered(answers)[0], len(answers)),
        certain=_ratio(len(sure), len(answers)),
        certain_right=_share(sure),
        labels=labels,
        reliability=_reliability(answers),
        confusion=_confusion(answers),
    )


def threshold_of(answers: Sequence[Answer], *, fewest: int = 20) -> float:
    """The confidence from which on 97 % are right; 1 (nobody is that sure) where `fewest` are not.

    The sample that sets it is small: with fewer answers above it, luck would have set it.
    """
    covered, confidence = _covered(answers)
    return confidence if covered >= fewest else 1.0


def _covered(answers: Sequence[Answer]) -> tuple[int, float]:
    """How many of the surest answers can be taken, and how sure the last of them is."""
    best, right, lowest = 0, 0, 1.0
    ordered = sorted(answers, key=lambda answer: -answer.confidence)
    for number, answer in enumerate(ordered, start=1):
        right += answer.is_right
        is_last_of_equals = number == len(ordered) or ordered[number].confidence < answer.confidence
        if is_last_of_equals and right >= PRECISION * number:
            best, lowest = number, answer.confidence
    return best, lowest


def _by_label(answers: Sequence[Answer]) -> tuple[LabelFigures, ...]:
    expected = Counter(answer.expected for answer in answers)
    given = Counter(answer.given for answer in answers)
    right = Counter(answer.expected for answer in answers if answer.is_right)
    return tuple(
        LabelFigures(
            label=label,
            rows=rows,
            precision=_ratio(right[label], given[label]),
            recall=_ratio(right[label], rows),
            f1=_ratio(2 * right[label], rows + given[label]),
        )
        for label, rows in sorted(expected.items())
    )


def _reliability(answers: Sequence[Answer]) -> tuple[Step, ...]:
    steps: list[list[Answer]] = [[] for _ in range(STEPS)]
    for answer in answers:
        steps[min(int(answer.confidence * STEPS), STEPS - 1)].append(answer)
    return tuple(
        Step(len(step), _mean([answer.confidence for answer in step]), _share(step))
        for step in steps
        if step
    )


def _confusion(answers: Sequence[Answer]) -> tuple[tuple[str, str, int], ...]:
    wrong = Counter((one.expected, one.given) for one in answers if not one.is_right)
    ordered = sorted(wrong.items(), key=lambda row: (-row[1], row[0]))
    return tuple((expected, given, rows) for (expected, given), rows in ordered)


def _share(answers: Sequence[Answer]) -> float:
    return _ratio(sum(answer.is_right for answer in answers), len(answers))


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
