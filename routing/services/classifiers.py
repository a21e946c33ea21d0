"""The model behind suggestions: trained, compared, put into use, taken back."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from grids.services.counting import note_change
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes
from routing.models import Category, ClassifierVersion
from routing.suggest import known_categories
from routing.suggest.keywords import by_keywords
from routing.suggest.learned import CLASSIFIER, read_model
from routing.words.figures import Answer, Figures, figures_of
from routing.words.linear import Damaged, Sample, packed
from routing.words.training import TooLittle, Trained, is_held_back, train

FOLDER = "classifiers"
# With fewer rows held back a comparison is chance: keywords go on deciding.
FEWEST_HELD_BACK = 30


def train_classifier(
    samples: Sequence[Sample],
    *,
    origin: str,
    by: User,
    at: datetime.datetime,
    source: str = "",
    activate: bool = False,
) -> ClassifierVersion:
    """Learn from samples whose labels are codes of small classes (or foreign: judged only).

    In use from now on if it is better than what is in use, on texts that neither has learned from;
    with `activate` in any case. Raises RuleViolation where there is too little to learn from.
    """
    try:
        trained = train(samples)
    except TooLittle as little:
        raise RuleViolation(
            _("There is too little to learn from: at least two categories with five texts each."),
            code="too_little",
        ) from little
    usable = _are_categories(trained.final.labels)
    if activate and not usable:
        raise _foreign()
    rival = _rival(samples, trained) if usable else None
    content = packed({"final": trained.final, "trial": trained.trial})
    version = _version(trained, content, rival, is_usable=usable)
    version.origin, version.source, version.made_by, version.made_at = origin, source[:200], by, at
    with transaction.atomic():
        changes.create(version, by=by, at=at)
        if activate or (rival is not None and is_better(trained.figures, rival)):
            activate_classifier(version, by=by, at=at)
    version.refresh_from_db()
    return version


def _are_categories(labels: Sequence[str]) -> bool:
    known: int = Category.objects.small_classes().filter(code__in=labels).count()
    return known == len(labels)


def _foreign() -> RuleViolation:
    return RuleViolation(
        _("Its labels are not our categories: it can be judged, but not be used."), code="foreign"
    )


def _version(
    trained: Trained, content: bytes, rival: Mapping[str, Any] | None, *, is_usable: bool
) -> ClassifierVersion:
    """Unsaved; the file is stored under its own digest, so the same model is one file."""
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{FOLDER}/{sha256}.npz"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    figures = {**trained.figures.record(), "rival": rival, "dropped": list(trained.dropped)}
    return ClassifierVersion(
        rows=trained.rows,
        held_back=trained.held_back,
        labels=list(trained.final.labels),
        is_usable=is_usable,
        figures=figures,
        threshold=trained.final.threshold,
        file=name,
        sha256=sha256,
        size=len(content),
    )


# -- Which is better -------------------------------------------------------------------------------


def _rival(samples: Sequence[Sample], trained: Trained) -> dict[str, Any]:
    """What is in use, on the rows held back from both: the active version, else the keywords."""
    held = [
        sample
        for sample in dict.fromkeys(samples)
        if sample.label not in trained.dropped and is_held_back(sample.text)
    ]
    active = ClassifierVersion.objects.active()
    if active is not None:
        try:
            answers = read_model(active, "trial").answers(held)
        except Damaged:
            answers = _by_keywords(held)
    else:
        answers = _by_keywords(held)
    found = figures_of(answers)
    return {
        "version": active.pk if active else None,
        "macro_f1": found.macro_f1,
        "accuracy": found.accuracy,
    }


def _by_keywords(samples: Sequence[Sample]) -> list[Answer]:
    known = known_categories()
    codes = {category.id: category.code for category in known}
    answers = []
    for sample in samples:
        found = by_keywords(sample.text, known, 1)
        answers.append(Answer(sample.label, codes[found[0].category_id] if found else "", 0.0))
    return answers


def is_better(figures: Figures, rival: Mapping[str, Any]) -> bool:
    """By macro-F1; at the same macro-F1 by accuracy; on enough rows to tell."""
    mine = (figures.macro_f1, figures.accuracy)
    return figures.rows >= FEWEST_HELD_BACK and mine > (
        float(rival["macro_f1"]),
        float(rival["accuracy"]),
    )


# -- Use -------------------------------------------------------------------------------------------


@transaction.atomic
def activate_classifier(
    version: ClassifierVersion, *, by: User, at: datetime.datetime
) -> ClassifierVersion:
    """Suggestions come from this version from now on. Raises RuleViolation where they cannot."""
    if not version.is_usable:
        raise _foreign()
    try:
        read_model(version)
    except Damaged as damaged:
        raise RuleViolation(
            _("The file of this version is missing or was changed: train anew."), code="damaged"
        ) from damaged
    _stop_active(by=by, at=at)
    changed = changes.revise(version, {"is_active": True}, by=by, at=at)
    note_change(CLASSIFIER)
    return changed


@transaction.atomic
def stop_classifier(*, by: User, at: datetime.datetime) -> None:
    """No version is in use: the categories' keywords decide."""
    _stop_active(by=by, at=at)
    note_change(CLASSIFIER)


def _stop_active(*, by: User, at: datetime.datetime) -> None:
    for active in ClassifierVersion.objects.select_for_update().filter(is_active=True):
        changes.revise(active, {"is_active": False}, by=by, at=at)


# -- Judging ---------------------------------------------------------------------------------------


def evaluate_classifier(version: ClassifierVersion, samples: Sequence[Sample]) -> Figures:
    """The figures of a version on samples of its own labels. A label that it does not know counts
    as a wrong answer. Raises RuleViolation where its file is damaged."""
    try:
        model = read_model(version)
    except Damaged as damaged:
        raise RuleViolation(
            _("The file of this version is missing or was changed: train anew."), code="damaged"
        ) from damaged
    return figures_of(model.answers(samples), threshold=version.threshold)


def as_categories(
    samples: Sequence[Sample], aliases: Mapping[str, str] | None = None
) -> list[Sample]:
    """Labels as codes of small classes, if every one of them is the code, name, English name or
    an alias (label → code) of one; otherwise the samples as they are."""
    names: dict[str, str] = {}
    for category in Category.objects.small_classes().order_by("-pk"):
        for name in (category.name_en, category.name, category.code):
            names[name.strip().lower()] = category.code
    names |= {label.strip().lower(): code for label, code in (aliases or {}).items()}
    codes = {sample.label: names.get(sample.label.strip().lower()) for sample in samples}
    if None in codes.values():
        return list(samples)
    return [replace(sample, label=codes[sample.label] or "") for sample in samples]
