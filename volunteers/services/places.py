"""The places of a shift under its lock: who waits is offered what becomes free, in order.

`move_up` is called wherever a place becomes free, in the same transaction: nobody who comes later
finds a place before who waits.
"""

import datetime

from organizations.models import User
from volunteers import notifications
from volunteers.models import Shift, WaitingPlace
from volunteers.services.ways import WAITING_PLACE


def lock_shift(shift: Shift) -> Shift:
    """The shift as it is now, under its lock."""
    rows = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("activity")
    return rows.get(pk=shift.pk)


def move_up(shift: Shift, *, at: datetime.datetime) -> int:
    """Offer what is free on the locked shift to who waits longest; how many offers were made."""
    if shift.called_off_at is not None or at >= shift.starts_at:
        return 0
    shift.refresh_from_db(fields=["places", "taken"])
    waiting = shift.waiting_places.in_order().select_related("volunteer", "volunteer__person")
    free = len(waiting) if shift.free is None else shift.free
    rows = list(waiting[:free]) if free else []
    for row in rows:
        _offer(row, shift, at=at)
    return len(rows)


def _offer(waiting: WaitingPlace, shift: Shift, *, at: datetime.datetime) -> None:
    system = User.objects.system()
    locked = WAITING_PLACE.begin(waiting, "offer", by=system, at=at)
    until = min(at + datetime.timedelta(hours=shift.activity.confirm_hours), shift.starts_at)
    done = WAITING_PLACE.finish(
        locked, "offer", by=system, at=at, offered_at=at, offered_until=until
    )
    notifications.tell_of_waiting(done, "waiting-offered", at=at)


def close_list(shift: Shift, *, at: datetime.datetime) -> int:
    """Everybody on the list of the locked shift; how many."""
    system = User.objects.system()
    rows = list(shift.waiting_places.on_the_list().order_by("pk"))
    for row in rows:
        locked = WAITING_PLACE.begin(row, "close", by=system, at=at)
        WAITING_PLACE.finish(locked, "close", by=system, at=at)
    return len(rows)
