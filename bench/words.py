"""How well categories are told by words, and how long an answer takes."""

import time
from pathlib import Path
from typing import Any

from django.utils import timezone

from organizations.models import User
from routing import services
from routing.suggest.learned import read_model
from routing.words.linear import Sample


def measure(*, train: str, judge: str) -> dict[str, Any]:
    """Train on one file of messages, judge by another; both belong to somebody else."""
    begun, cpu = time.perf_counter(), time.process_time()
    version = services.train_classifier(
        services.read_samples(Path(train)),
        origin="file",
        source=Path(train).name,
        by=User.objects.system(),
        at=timezone.now(),
    )
    trained, trained_cpu = time.perf_counter() - begun, time.process_time() - cpu
    samples = services.read_samples(Path(judge))
    figures = services.evaluate_classifier(version, samples)
    return {
        "accuracy": figures.accuracy,
        "macro_f1": figures.macro_f1,
        "coverage_at_97": figures.coverage_at_97,
        "held_back_macro_f1": version.figures["macro_f1"],
        "rows": figures.rows,
        "train_seconds": trained,
        "train_cpu_seconds": trained_cpu,
        "answer_cpu_ms": 1000 * _seconds_an_answer(version, samples),
        "bytes": version.size,
    }


def _seconds_an_answer(version: Any, samples: list[Sample]) -> float:
    model = read_model(version)
    model.opinion(samples[0].text)  # jieba reads its dictionary
    begun = time.process_time()
    for sample in samples:
        model.opinion(sample.text)
    return (time.process_time() - begun) / len(samples)
