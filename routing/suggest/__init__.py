"""Finding a category: by what was typed, or by the words of a description.

What people have decided before is learned from (`routing.words`); where no model is active, or it
is not certain, the categories' own keywords are offered too, and a person decides.
"""

import datetime
from collections.abc import Sequence

from routing.suggest.keywords import by_keywords
from routing.suggest.known import (
    Known,
    Suggestion,
    find_categories,
    initials_of,
    known_categories,
    known_of,
)
from routing.suggest.learned import by_model

__all__ = [
    "Known",
    "Suggestion",
    "certain",
    "find_categories",
    "initials_of",
    "known_categories",
    "known_of",
    "suggest_categories",
    "suggestions",
]


def suggest_categories(
    text: str, limit: int = 5, *, on: datetime.date | None = None
) -> list[Suggestion]:
    """The small classes that the words of `text` mean, the likeliest first."""
    return suggestions(text, known_categories(on), limit)


def suggestions(text: str, known: Sequence[Known], limit: int) -> list[Suggestion]:
    """The same among `known`: what was learned comes first, keywords add what it lacks."""
    learned = by_model(text, {category.id for category in known}, limit)
    said = {suggestion.category_id for suggestion in learned}
    rest = [found for found in by_keywords(text, known, limit) if found.category_id not in said]
    return [*learned, *rest][:limit]


def certain(text: str, known: Sequence[Known]) -> Suggestion | None:
    """The category that needs no person to decide it; None where one must."""
    learned = by_model(text, {category.id for category in known}, 1)
    return learned[0] if learned and learned[0].is_certain else None
