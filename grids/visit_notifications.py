"""In the morning each grid worker hears how many visits are due."""

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from lib.registry import wordings
from organizations.services import inbox

DUE = "visits-due"
SUBJECT = ("page", "visits")


def register_wordings() -> None:
    wordings.register(DUE, partial(sentence))


def sentence(params: Mapping[str, Any]) -> str:
    count = params["count"]
    number = count if isinstance(count, int) else 2  # the editor of rules shows a sample
    text = ngettext(
        "%(count)s visit is due today, %(late)s of them late.",
        "%(count)s visits are due today, %(late)s of them late.",
        number,
    )
    return text % {"count": count, "late": params["late"]}


def tell_of_due(counts: Mapping[int, tuple[int, int]], *, at: datetime.datetime) -> None:
    """{key of a person: (due, of them late)}; the same morning tells once."""
    key = f"{DUE}:{timezone.localdate(at).isoformat()}"
    notices = [
        inbox.Notice(person, key, DUE, {"count": due, "late": late}, SUBJECT)
        for person, (due, late) in sorted(counts.items())
        if due
    ]
    inbox.send_many(notices, at=at)
