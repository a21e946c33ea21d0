"""What is forgotten when it is no longer needed: names of former members, reasons of past leave."""

import datetime
from typing import Any

from django.db.models import Q

from grids.models import BorderEdit, EditKind, Leave, TeamMember
from lib.masking import mask_name

# So long a change of borders may be taken back with its teams, and a head may look a leave up.
KEPT_DAYS = 30


def forget_the_past(*, on: datetime.date) -> int:
    """Of people of other houses who left a team 30 days ago or longer stays the family name; of
    leave that is over so long stay the days. Answers how many rows forgot something."""
    last = on - datetime.timedelta(days=KEPT_DAYS)
    left = TeamMember.objects.filter(post=None, valid_to__lte=last).exclude(
        phone="", shows_name=False, name__contains="*"
    )
    for member in left:
        member.name, member.phone, member.shows_name = mask_name(member.name), "", False
        member.save(update_fields=["name", "phone", "shows_name"])
    over = Leave.objects.filter(last_day__lt=last).filter(~Q(reason="") | ~Q(note=""))
    return len(left) + over.update(reason="", note="") + _forget_dropped(last)


def _forget_dropped(last: datetime.date) -> int:
    """Of those whom a merge of grids kept from ever beginning, as of former members."""
    merges = BorderEdit.objects.filter(kind=EditKind.MERGE, at__date__lte=last)
    number = 0
    for edit in merges.filter(changes__icontains='"row_dropped"'):
        named = _named(edit)
        for values in named:
            values |= {"name": mask_name(values["name"]), "phone": "", "shows_name": False}
        if named:
            edit.save(update_fields=["changes"])
        number += len(named)
    return number


def _named(edit: BorderEdit) -> list[dict[str, Any]]:
    """Columns of dropped members whose name still stands in full."""
    dropped = [did["values"] for did in edit.of_kind("row_dropped")]
    return [values for values in dropped if values.get("name") and "*" not in values["name"]]
