"""Cases that came in without a category: the router takes what their words mean, where certain."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from cases.models import Case, SortedCase
from routing import suggest
from routing.suggest import Suggestion


def sort_by_words(cases: Sequence[Case], *, at: datetime.datetime) -> dict[int, Suggestion]:
    """Give locked cases without a category the one that the model is certain of, unsaved.

    The answer says by case which; the caller saves cases and `remember_sorted`. Three queries for
    any number of cases, none where every case has a category.
    """
    unsorted = [case for case in cases if case.category_id is None]
    if not unsorted:
        return {}
    known = suggest.known_categories(timezone.localdate(at))
    found = {case.pk: suggest.certain(f"{case.title}\n{case.text}", known) for case in unsorted}
    for case in unsorted:
        suggestion = found[case.pk]
        case.category_id = suggestion.category_id if suggestion else None
    return {key: suggestion for key, suggestion in found.items() if suggestion}


def remember_sorted(found: dict[int, Suggestion], *, at: datetime.datetime) -> None:
    SortedCase.objects.bulk_create(
        [
            SortedCase(
                case_id=key,
                category_id=suggestion.category_id,
                version_id=suggestion.version,
                confidence=suggestion.score,
                at=at,
            )
            for key, suggestion in found.items()
        ],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["category", "version", "confidence", "at"],
    )


def reason_of(suggestion: Suggestion) -> list[object]:
    """For the trace, in the form of the judge's own reasons. Without words: they are personal."""
    return ["sorted_by_words", {"confidence": f"{suggestion.score:.0%}"}]
