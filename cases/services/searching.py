"""The words by which cases are found: written wherever the words of a case are written."""

from collections.abc import Iterator, Sequence

from cases.models import Case, CaseSearch, Reporter
from cases.models.queries import CaseQuerySet
from cases.models.retention import PhoneKey
from cases.services.phones import key_of
from grids.models import Territory
from lib.masking import mask_address, mask_text
from routing.models import Category

CHUNK = 1000


def index(cases: Sequence[Case], reporters: Sequence[Reporter]) -> None:
    """Write what these cases are found by; `reporters` are theirs, in the same order.

    Six statements however many cases. To be called in the transaction that writes their words.
    """
    places = _places_of(cases)
    names = Category.objects.in_bulk({case.category_id for case in cases if case.category_id})
    rows = []
    for case, reporter in zip(cases, reporters, strict=True):
        category = names.get(case.category_id) if case.category_id else None
        about = " ".join([*_named(case, places), category.name if category else ""])
        rows.append(_row(case, reporter.name, about))
    CaseSearch.objects.bulk_create(
        rows,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["words", "whole", "public"],
    )
    _index_phones(cases, reporters)


def _index_phones(cases: Sequence[Case], reporters: Sequence[Reporter]) -> None:
    keys = {
        case.pk: key_of(reporter.phone) for case, reporter in zip(cases, reporters, strict=True)
    }
    gone = [case for case, key in keys.items() if not key]
    if gone:
        PhoneKey.objects.filter(pk__in=gone).delete()
    PhoneKey.objects.bulk_create(
        [PhoneKey(case_id=case, key=key) for case, key in keys.items() if key],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["key"],
    )


def index_again(case: Case) -> None:
    """One case whose words, place or category have changed."""
    index([case], [Reporter.objects.get(case=case)])


def ranked(cases: Sequence[Case], query: str) -> list[Case]:
    """The best first: words in the title count most, then how often they stand in the text; among
    equals the newest.
    """
    parts = query.lower().split()

    def weight(case: Case) -> tuple[int, int, int]:
        title, text = case.title.lower(), case.text.lower()
        in_title = sum(part in title for part in parts)
        return in_title, sum(text.count(part) for part in parts), case.pk

    return sorted(cases, key=weight, reverse=True)


def index_all(cases: CaseQuerySet) -> Iterator[int]:
    """Write the words of all these cases anew; how many were done after each thousand."""
    done = 0
    rows = cases.select_related("reporter").order_by("pk").iterator(chunk_size=CHUNK)
    chunk: list[Case] = []
    for case in rows:
        chunk.append(case)
        if len(chunk) == CHUNK:
            done += _index_chunk(chunk)
            yield done
            chunk = []
    if chunk:
        yield done + _index_chunk(chunk)


def _index_chunk(chunk: list[Case]) -> int:
    index(chunk, [case.reporter for case in chunk])
    return len(chunk)


def _places_of(cases: Sequence[Case]) -> dict[int, Territory]:
    keys = {key for case in cases for key in _place_keys(case)}
    return Territory.objects.in_bulk(keys)


def _place_keys(case: Case) -> list[int]:
    return [key for key in (case.town_id, case.community_id, case.grid_id) if key]


def _named(case: Case, places: dict[int, Territory]) -> list[str]:
    return [places[key].name for key in _place_keys(case)]


def _row(case: Case, name: str, about: str) -> CaseSearch:
    # People name a case by the end of its number, too.
    numbers = f"{case.number} {case.number[8:]} {case.number[8:].lstrip('0')}"
    said = f"{case.title}\n{case.text}"
    whole = f"{numbers}\n{said}\n{case.address}\n{about}"
    masked = f"{numbers}\n{mask_text(said, [name])}\n{mask_address(case.address)}\n{about}"
    public = mask_text(case.public_text, [name])
    return CaseSearch(
        case=case,
        words=masked,
        whole=whole if whole != masked else None,
        public=f"{case.number}\n{public}\n{about}" if public else None,
    )
