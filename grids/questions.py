"""Forms of visits as data: questions, and whether answers fit them. No table, no request.

A question is {"key", "label", "label_en", "type", "required", "choices"}; answers are {key: value}:
text → str, number → int or float, choice → one of `choices`, yes_no → bool, photo → number of
photos sent for it, place → [lon, lat] in WGS-84.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lib.coordinates import is_position
from lib.languages import in_language

LONGEST_TEXT = 1000
MOST_QUESTIONS = 30
Question = Mapping[str, Any]


class QuestionType(models.TextChoices):
    TEXT = "text", gettext_lazy("Text")
    NUMBER = "number", pgettext_lazy("question", "Number")
    CHOICE = "choice", gettext_lazy("One of several")
    YES_NO = "yes_no", gettext_lazy("Yes or no")
    PHOTO = "photo", gettext_lazy("Photo")
    PLACE = "place", gettext_lazy("Place")


def label_of(question: Question) -> str:
    """The question in the reader's language."""
    return in_language(str(question["label"]), str(question.get("label_en") or ""))


def faults_of_form(questions: Sequence[Question]) -> list[str]:
    """Why these questions are no form, in words; empty: they are one."""
    found = []
    if not questions:
        found.append(_("A form asks at least one question."))
    if len(questions) > MOST_QUESTIONS:
        found.append(_("A form asks at most 30 questions: who stands at a door answers no more."))
    keys = [question["key"] for question in questions]
    if len(set(keys)) != len(keys):
        found.append(_("Two questions have the same key."))
    for question in questions:
        if question["type"] not in QuestionType.values:
            found.append(_("“%(label)s”: this kind of question is not known.") % _named(question))
        if question["type"] == QuestionType.CHOICE and len(question.get("choices") or []) < 2:
            found.append(_("“%(label)s”: give at least two choices.") % _named(question))
    return found


def faults_of_answers(
    questions: Sequence[Question], answers: Mapping[str, Any], *, photos: Mapping[str, int]
) -> list[str]:
    """Why these answers do not fit the form, a sentence each. `photos`: how many came for a key."""
    known = {question["key"]: question for question in questions}
    found = [
        _("“%(key)s” is not asked by this form.") % {"key": key} for key in answers.keys() - known
    ]
    found += [
        _("“%(key)s” asks for no photo.") % {"key": key}
        for key in photos.keys() - _photo_keys(questions)
    ]
    for key, question in known.items():
        if question["type"] == QuestionType.PHOTO:
            given: Any = photos.get(key) or None
        else:
            given = answers.get(key)
        if given in (None, ""):
            if question.get("required"):
                found.append(_("“%(label)s” is not answered.") % _named(question))
        elif not FITS[question["type"]](question, given):
            found.append(_("“%(label)s”: this answer does not fit.") % _named(question))
    return found


def _photo_keys(questions: Sequence[Question]) -> set[str]:
    return {each["key"] for each in questions if each["type"] == QuestionType.PHOTO}


def _named(question: Question) -> dict[str, str]:
    return {"label": label_of(question)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2
        and all(map(_is_number, value)) and is_position(*value)
    )  # fmt: skip


FITS: dict[str, Callable[[Question, Any], bool]] = {
    QuestionType.TEXT: lambda _q, value: isinstance(value, str) and len(value) <= LONGEST_TEXT,
    QuestionType.NUMBER: lambda _q, value: _is_number(value),
    QuestionType.CHOICE: lambda question, value: value in question["choices"],
    QuestionType.YES_NO: lambda _q, value: isinstance(value, bool),
    QuestionType.PHOTO: lambda _q, value: isinstance(value, int) and value <= 6,
    QuestionType.PLACE: lambda _q, value: _is_place(value),
}


def shown(question: Question, value: Any) -> str:
    """An answer as people read it."""
    if value in (None, ""):
        return "—"
    if question["type"] == QuestionType.YES_NO:
        return _("yes") if value else _("no")
    if question["type"] == QuestionType.PLACE:
        return f"{value[1]:.5f}, {value[0]:.5f}"
    return str(value)
