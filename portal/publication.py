"""What of a case stands on a public page: the wording that somebody has confirmed, masked again.

Without a confirmed wording a case shows its category, place, state and way, and no free text.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case, Photo
from cases.models.queries import CaseQuerySet
from lib import tones
from lib.masking import mask_text
from routing.models.catalogue import Publicity

POINTS = 400
# About a hundred metres: enough to see where, not whose door.
MASKED_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Published:
    """One case as everybody sees it. `case` serves state, category and dates only."""

    case: Case
    title: str
    text: str
    place: str
    url: str


def shown(case: Case) -> Published:
    """`case` comes with category, town and community (`for_list`) and its reporter."""
    return Published(
        case=case,
        title=title_of(case),
        text=mask_text(case.public_text, _names(case)),
        place=place_of(case),
        url=reverse("portal:published_case", args=[case.number]),
    )


def title_of(case: Case) -> str:
    """The category: a title that a resident typed may name people."""
    return str(case.category) if case.category else _("A matter not yet sorted")


def place_of(case: Case) -> str:
    return " · ".join(str(part) for part in (case.town, case.community) if part)


def listed(cases: CaseQuerySet) -> CaseQuerySet:
    """Joined with all that `shown` reads."""
    return cases.for_list().select_related("reporter")


def public_photos(case: Case) -> Sequence[Photo]:
    return list(case.photos.filter(is_public=True).order_by("id"))


def point_of(case: Case) -> dict[str, Any] | None:
    """A point of the map of outcomes (`map.js`); moved to a coarse net unless the case is open."""
    if case.lon is None or case.lat is None:
        return None
    digits = 6 if case.publicity == Publicity.OPEN else MASKED_DIGITS
    return {
        "lon": round(case.lon, digits),
        "lat": round(case.lat, digits),
        "tone": tones.of_state(case.state).name,
        "title": title_of(case),
        "words": f"{place_of(case)} · {case.get_state_display()}",
        "url": reverse("portal:published_case", args=[case.number]),
    }


def points(cases: CaseQuerySet) -> list[dict[str, Any]]:
    """The newest points, at most 400, for a map."""
    rows = cases.for_list().filter(lon__isnull=False).newest_first()[:POINTS]
    return [point for case in rows if (point := point_of(case))]


def since(at: datetime.datetime, days: int) -> datetime.datetime:
    return at - datetime.timedelta(days=days)


def _names(case: Case) -> list[str]:
    reporter = getattr(case, "reporter", None)
    return [reporter.name] if reporter and reporter.name else []
